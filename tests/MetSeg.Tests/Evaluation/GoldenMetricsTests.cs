using System.Text.Json.Nodes;
using MetSeg.Evaluation;
using MetSeg.Imaging;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Evaluation;

/// <summary>
/// Masks and values of other people's tools (shared golden/metrics): google-deepmind/surface-distance 1f805ce, BigMewin/BM b29a0fc
/// ("p1-code"), scipy 1.10.1 and cc3d 3.12.1 (components), and their composition per lesion.
/// </summary>
public partial class GoldenMetricsTests
{
    private const double Tolerance = 1e-4;

    private static readonly SurfaceOptions surfels = new();
    private static readonly SurfaceOptions border = new() { Kind = SurfaceKind.Erosion6 };

    public static TheoryData<string, string> Pairs => new(
        ("real-enhancing", ""), ("real-regions", "ET"), ("real-regions", "TC"), ("real-regions", "WT"), ("metastases-iso", ""),
        ("metastases-0.5x0.5x3", ""), ("merge-split-border", ""), ("connectivity", ""), ("single-voxel", ""), ("empty-prediction", ""),
        ("empty-reference", ""), ("both-empty", ""), ("all-foreground", ""));

    public static TheoryData<string, string> FilledPairs => new(
        [.. Pairs.Select(row => row.Data).Where(pair => pair.Item1 is not ("empty-prediction" or "empty-reference" or "both-empty"))]);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Surfels_agree_with_surface_distance(string pair, string region)
    {
        var (reference, prediction, values) = Read(pair, region);
        var expected = values["surface-distance"]!;

        var distances = SurfaceDistances.Compute(reference, prediction);

        Near(expected["dice"]!, Dice.Compute(reference, prediction));
        Near(expected["surfaceAreaRef"]!, distances.Reference.Area);
        Near(expected["surfaceAreaPred"]!, distances.Prediction.Area);
        Assert.Equal((int)expected["surfelsRef"]!, distances.Reference.Count);
        Assert.Equal((int)expected["surfelsPred"]!, distances.Prediction.Count);
        Near(expected["averageDistanceRefToPred"]!, distances.Reference.Mean);
        Near(expected["averageDistancePredToRef"]!, distances.Prediction.Mean);
        Near(expected["hd"]!, HausdorffDistance.Compute(distances, surfels, 100));
        Near(expected["hd95"]!, HausdorffDistance.Compute(distances, surfels));
        Near(expected["hd50"]!, HausdorffDistance.Compute(distances, surfels, 50));
        foreach (var tolerance in new[] { 0.5, 1, 2, 3 })
        {
            Near(expected[$"surfaceDice@{tolerance}"]!, SurfaceDice.Compute(distances, tolerance));
            Near(expected[$"surfaceOverlapRef@{tolerance}"]!, distances.Reference.AreaWithin(tolerance) / distances.Reference.Area);
            Near(expected[$"surfaceOverlapPred@{tolerance}"]!, distances.Prediction.AreaWithin(tolerance) / distances.Prediction.Area);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Border_voxels_agree_with_the_code_of_paper_1(string pair, string region)
    {
        var (reference, prediction, values) = Read(pair, region);
        var expected = values["p1-code"]!;

        var distances = SurfaceDistances.Compute(reference, prediction, SurfaceKind.Erosion6);

        Near(expected["hd95"]!, HausdorffDistance.Compute(distances, border));
        if (pair != "both-empty")
        {
            Near(expected["surfaceDice@1"]!, SurfaceDice.Compute(distances, 1));
        }
        else
        {
            Assert.True(double.IsNaN(SurfaceDice.Compute(distances, 1)), "theirs is 1, ours undefined");
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Components_agree_with_scipy_and_cc3d(string pair, string region)
    {
        var (reference, prediction, values) = Read(pair, region);
        foreach (var connectivity in new[] { 6, 18, 26 })
        {
            var expected = values["components"]![$"{connectivity}"]!;
            Assert.Equal(Sizes(expected["ref"]!), Descending(Components.Find(reference, connectivity)));
            Assert.Equal(Sizes(expected["pred"]!), Descending(Components.Find(prediction, connectivity)));
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Lesions_agree_with_any_overlap_composed_of_scipy_and_surface_distance(string pair, string region)
    {
        var (reference, prediction, values) = Read(pair, region);
        var expected = values["lesionsAnyOverlap26"]!;

        var lesions = Evaluator.EvaluateCase("golden", reference, prediction, new EvaluationOptions { Label = 1 }).Regions[0];

        Assert.Equal(
            ((int)expected["tp"]!, (int)expected["fn"]!, (int)expected["fp"]!),
            (lesions.Lesions.TruePositives, lesions.Lesions.FalseNegatives, lesions.Lesions.FalsePositives));
        Near(expected["sensitivity"]!, lesions.Lesions.Sensitivity);
        Near(expected["precision"]!, lesions.Lesions.Precision);
        Near(expected["f1"]!, lesions.Lesions.F1);
        Near(expected["f2"]!, lesions.Lesions.F2);
        foreach (var theirs in expected["lesionsBySize"]!.AsArray())
        {
            var ours = Assert.Single(lesions.LesionList, lesion => IsAt(lesion, theirs!));
            Assert.Equal((bool)theirs!["detected"]!, ours.Detected);
            Near(theirs["volumeMm3"]!, 1000 * ours.VolumeCm3);
            if (theirs["againstUnionOfTouching"] is { } contour)
            {
                Near(contour["dice"]!, ours.Dice);
                Near(contour["hd95"]!, ours.Hd95);
                Near(contour["surfaceDice@1"]!, ours.SurfaceDice);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Voxel_counts_agree_with_numpy(string pair, string region)
    {
        var (reference, prediction, values) = Read(pair, region);
        var expected = values["voxels"]!;

        var counts = VoxelCounts.Of(MaskPair.Of(reference, prediction));

        Assert.Equal(
            ((long)expected["tp"]!, (long)expected["fp"]!, (long)expected["fn"]!, (long)expected["tn"]!),
            (counts.TruePositives, counts.FalsePositives, counts.FalseNegatives, counts.TrueNegatives));
    }

    private static (LabelMap Reference, LabelMap Prediction, JsonNode Values) Read(string name, string region)
    {
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.PathOf("golden/metrics/golden.json")))!;
        var pair = golden["pairs"]!.AsArray().Single(entry => (string?)entry!["name"] == name)!;
        var labels = region == "" ? [1] : EvaluationRegion.Brats.Single(r => r.Name == region).Labels.Select(label => (byte)label).ToArray();
        LabelMap Mask(string file) => NiftiReader.ReadLabelMap(SharedData.PathOf($"golden/metrics/{pair[file]}")).Select(labels);
        return (Mask("ref"), Mask("pred"), region == "" ? pair["values"]! : pair["regions"]![region]!);
    }

    /// <summary>Where theirs is NaN or infinite, ours is undefined, or infinite as theirs.</summary>
    private static void Near(JsonNode expected, double actual)
    {
        if (expected.GetValueKind() == System.Text.Json.JsonValueKind.String)
        {
            Assert.False(double.IsFinite(actual), $"{actual} should be undefined, theirs is {expected}");
        }
        else
        {
            var value = (double)expected;
            Assert.Equal(value, actual, tolerance: Tolerance * Math.Max(1, Math.Abs(value)));
        }
    }

    private static bool IsAt(LesionEvaluation lesion, JsonNode theirs)
    {
        var centroid = theirs["centroidMm"]!.AsArray().Select(value => (double)value!).ToArray();
        return lesion.Kind == LesionKind.Reference && lesion.Component.Voxels == (int)theirs["voxels"]!
            && Math.Abs(lesion.CentroidMm.X - centroid[0]) < Tolerance && Math.Abs(lesion.CentroidMm.Y - centroid[1]) < Tolerance
            && Math.Abs(lesion.CentroidMm.Z - centroid[2]) < Tolerance;
    }

    private static int[] Sizes(JsonNode components) => [.. components["sizesVoxels"]!.AsArray().Select(size => (int)size!)];

    private static int[] Descending(Components components) => [.. components.Items.Select(component => component.Voxels).OrderDescending()];
}
