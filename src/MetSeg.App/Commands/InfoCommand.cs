using System.CommandLine;

namespace MetSeg.App.Commands;

/// <summary><c>metseg info FILE</c>: what one image is.</summary>
internal static class InfoCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A NIfTI image: .nii, .nii.gz, .hdr or .img." };
        return new MetSegCommand(
            "info",
            "Describes one image: shape, spacing, orientation, datatype, range and SHA-256 of its voxels.",
            "metseg info scan.nii.gz",
            "metseg info scan.nii.gz --json")
        {
            file,
        }
        .Runs((parse, context) =>
        {
            var path = parse.GetRequiredValue(file);
            var summary = ImageSummary.Of(path);
            context.Print(summary, output => Write(output, summary));
        });
    }

    private static void Write(TextWriter output, ImageSummary summary)
    {
        var unusual = summary.Nan + summary.Inf == 0 ? "" : $", and {summary.Nan} not a number, {summary.Inf} infinite";
        output.WriteLine($"shape        {string.Join(" × ", summary.Shape)} voxels");
        output.WriteLine($"spacing      {string.Join(" × ", summary.Spacing.Select(length => length.ToString("0.####")))} mm");
        output.WriteLine($"orientation  {summary.Orientation}");
        output.WriteLine($"datatype     {summary.Datatype}");
        output.WriteLine($"range        {(double.IsNaN(summary.Min) ? "no finite values" : $"{summary.Min:G9} to {summary.Max:G9}")}{unusual}");
        output.WriteLine($"sha256       {summary.Sha256}");
        output.WriteLine($"affine       {string.Join("\n             ", summary.Affine.Select(row => string.Join("  ", row.Select(value => $"{value,10:0.####}"))))}");
    }
}
