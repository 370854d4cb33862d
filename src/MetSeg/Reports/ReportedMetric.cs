using System.Text.Json.Nodes;

namespace MetSeg.Reports;

/// <summary>A metric per case as a report shows it.</summary>
/// <param name="Name">Its name in metrics.json and cases.csv.</param>
/// <param name="Label">Its name for readers, with its unit.</param>
/// <param name="Best">Which way is good.</param>
internal sealed record ReportedMetric(string Name, string Label, BestValue Best)
{
    /// <summary>Whether it is a share from 0 to 1.</summary>
    public bool IsShare => Best == BestValue.Highest;

    /// <summary>Its .NET format.</summary>
    public string Format => IsShare ? "0.000" : "0.0";

    /// <summary>The metrics of masks in a report's tables, labelled by the options that they were computed with.</summary>
    public static IReadOnlyList<ReportedMetric> OfMasks(JsonObject options) =>
    [
        new("dice", "Dice", BestValue.Highest),
        new("surfaceDice", options["toleranceMm"] is { } tolerance ? $"Surface Dice ({tolerance} mm)" : "Surface Dice", BestValue.Highest),
        new("hd95", Hausdorff(options), BestValue.Lowest),
    ];

    /// <summary>Those and the lesions' F1 per case: what methods are tested by.</summary>
    public static IReadOnlyList<ReportedMetric> OfCases(JsonObject options) =>
        [.. OfMasks(options), new ReportedMetric("lesionF1", "Lesion F1 per case", BestValue.Highest)];

    private static string Hausdorff(JsonObject options) => $"HD{options["percentile"]?.ToString() ?? "95"} (mm)";
}
