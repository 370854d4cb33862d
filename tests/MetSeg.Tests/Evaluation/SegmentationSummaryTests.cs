using System.Text.Json.Nodes;
using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public sealed class SegmentationSummaryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Counts_classes_over_voxels_that_are_not_ignored()
    {
        var scheme = LabelScheme.Plain([new("background", 0), new("edema", 1), new("core", 2), new("ignore", 3)]);

        var compared = SegmentationSummary.Compare("a", Row(0, 1, 1, 2, 3, 3, 0, 2), Row(1, 1, 0, 2, 1, 0, 0, 1), scheme);

        Assert.Equal([new VoxelCounts(1, 2, 1, 2), new VoxelCounts(1, 0, 1, 4)], compared.Counts);
    }

    [Fact]
    public void Counts_regions_that_overlap()
    {
        var scheme = new LabelScheme([new("background", [0]), new("whole", [1, 2]), new("core", [2])], [1, 2]);

        var compared = SegmentationSummary.Compare("a", Row(0, 1, 2, 2), Row(0, 2, 1, 2), scheme);

        Assert.Equal([new VoxelCounts(3, 0, 0, 1), new VoxelCounts(1, 1, 1, 1)], compared.Counts);
    }

    [Fact]
    public void Writes_nnUNets_keys_with_null_for_what_is_undefined()
    {
        var scheme = LabelScheme.Plain([new("background", 0), new("lesion", 1)]);
        var summary = new SegmentationSummary(scheme,
        [
            SegmentationSummary.Compare("a", Row(1, 1, 0), Row(1, 0, 0), scheme), SegmentationSummary.Compare("b", Row(0, 0, 0), Row(0, 0, 0), scheme),
        ]);

        summary.Write(folder.Path);

        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "summary.json")))!;
        Assert.Equal(2 / 3.0, (double)json["foreground_mean"]!["Dice"]!, tolerance: 1e-12);
        Assert.Equal(2 / 3.0, (double)json["mean"]!["1"]!["Dice"]!, tolerance: 1e-12);
        var cases = json["metric_per_case"]!.AsArray();
        Assert.Equal((1, 0, 1, 1, 2), ((int)cases[0]!["metrics"]!["1"]!["TP"]!, (int)cases[0]!["metrics"]!["1"]!["FP"]!, (int)cases[0]!["metrics"]!["1"]!["FN"]!,
            (int)cases[0]!["metrics"]!["1"]!["n_pred"]!, (int)cases[0]!["metrics"]!["1"]!["n_ref"]!));
        Assert.Equal(0.5, (double)cases[0]!["metrics"]!["1"]!["IoU"]!);
        Assert.Null(cases[1]!["metrics"]!["1"]!["Dice"]);
        Assert.Equal("b.nii.gz", (string)cases[1]!["prediction_file"]!);
    }

    private static LabelMap Row(params byte[] values) => new(Grid.Axial(new Size(values.Length, 1, 1), new Spacing(1, 1, 1)), values);
}
