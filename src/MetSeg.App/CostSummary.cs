using System.Globalization;
using MetSeg.Learning.Training;

namespace MetSeg.App;

/// <summary>The cost of a training in words.</summary>
internal static class CostSummary
{
    /// <summary>Writes it, one figure a line.</summary>
    public static void Write(TrainingCost cost, TextWriter output)
    {
        output.WriteLine($"network    {Count(cost.Parameters)} parameters");
        output.WriteLine($"memory     {Memory(cost)}");
        output.WriteLine($"step       {Seconds(cost.StepSeconds)}, a validation step {Seconds(cost.ValidationStepSeconds)}");
        output.WriteLine($"epoch      {Time(cost.EpochSeconds)} with its validation");
        output.WriteLine($"training   {Time(cost.TotalSeconds)}");
        output.WriteLine($"disk       {Size(cost.DiskBytes)}, of which a checkpoint takes {Size(cost.CheckpointBytes)}");
        if (cost.Warning is { } warning)
        {
            output.WriteLine($"warning    {warning}");
        }
    }

    /// <summary>All of it in one line.</summary>
    public static string Line(TrainingCost cost) =>
        $"estimate: {Count(cost.Parameters)} parameters; memory {Memory(cost)}; {Seconds(cost.StepSeconds)} a step, {Time(cost.EpochSeconds)} an epoch with "
        + $"its validation, {Time(cost.TotalSeconds)} in all; {Size(cost.DiskBytes)} of disk space, {Size(cost.CheckpointBytes)} a checkpoint."
        + (cost.Warning is { } warning ? $" {warning}" : "");

    private static string Memory(TrainingCost cost) =>
        Size(cost.MemoryBytes) + (cost.AvailableBytes is { } available ? $" of {Size(available)} available" : "")
        + (cost.IsOnCard ? " in this machine; the graphics card's own is not counted" : "");

    private static string Time(double seconds) =>
        double.IsNaN(seconds) ? "not measured" : ProgressMeter.Duration(TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2)));

    private static string Seconds(double seconds) =>
        double.IsNaN(seconds) ? "not measured" : $"{seconds.ToString(seconds < 1 ? "0.000" : "0.0", CultureInfo.InvariantCulture)} s";

    private static string Size(long bytes) => bytes >= 1e9
        ? $"{(bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture)} GB"
        : $"{(bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} MB";

    private static string Count(long number) => number.ToString("#,##0", CultureInfo.InvariantCulture);
}
