using System.Text.Json.Nodes;
using MetSeg.Evaluation;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Evaluation;

/// <summary>The same masks against MedPy, MetricsReloaded, MONAI, segmentationmetrics, panoptica and the BraTS challenges' tool, each with its options.</summary>
public partial class GoldenMetricsTests
{
    private static readonly SurfaceOptions pooledBorder = border with { Directions = SurfaceDirections.Pooled };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Pooled_borders_agree_with_MedPy(string pair, string region)
    {
        var (reference, prediction, values) = Read(pair, region);
        var expected = values["medpy"]!;
        foreach (var (key, kind) in new[] { ("surfaceConnectivity1", SurfaceKind.Erosion6), ("surfaceConnectivity3", SurfaceKind.Erosion26) })
        {
            var surface = expected[key]!;
            var options = pooledBorder with { Kind = kind };
            var distances = SurfaceDistances.Compute(reference, prediction, kind);
            NearUnlessRaised(surface["hd"]!, HausdorffDistance.Compute(distances, options, 100));
            NearUnlessRaised(surface["hd95"]!, HausdorffDistance.Compute(distances, options));
            NearUnlessRaised(surface["asdRefToPred"]!, distances.IsUndefined ? double.NaN : distances.Reference.Mean);
            NearUnlessRaised(surface["asdPredToRef"]!, distances.IsUndefined ? double.NaN : distances.Prediction.Mean);
            NearUnlessRaised(surface["assd"]!, MeanSurfaceDistance.Compute(distances, options));
        }

        var counts = VoxelCounts.Of(MaskPair.Of(reference, prediction));
        if (counts.TruePositives + counts.FalsePositives > 0 && counts.TruePositives + counts.FalseNegatives > 0)
        {
            NearUnlessRaised(expected["precision"]!, counts.Precision);
            NearUnlessRaised(expected["sensitivity"]!, counts.Sensitivity);
            NearUnlessRaised(expected["specificity"]!, double.IsNaN(counts.Specificity) ? 0 : counts.Specificity);
            NearUnlessRaised(expected["relativeVolumeDifference"]!, Whole(reference, prediction, new()).RelativeVolumeError);
        }
    }

    [Theory]
    [MemberData(nameof(FilledPairs))]
    public void Borders_agree_with_MetricsReloaded_and_MONAI(string pair, string region)
    {
        var (reference, prediction, values) = Read(pair, region);
        var (reloaded, monai) = (values["metrics-reloaded"]!, values["monai"]!);
        var distances = SurfaceDistances.Compute(reference, prediction, SurfaceKind.Erosion6);
        var surfelDistances = SurfaceDistances.Compute(reference, prediction);

        Near(reloaded["hd"]!, HausdorffDistance.Compute(distances, border, 100));
        Near(reloaded["hd95"]!, HausdorffDistance.Compute(distances, border));
        Near(reloaded["assd"]!, MeanSurfaceDistance.Compute(distances, pooledBorder));
        Near(reloaded["masd"]!, MeanSurfaceDistance.Compute(distances, border));
        Near(monai["hd95"]!, HausdorffDistance.Compute(distances, border));
        Near(monai["averageSurfaceDistanceSymmetric"]!, MeanSurfaceDistance.Compute(distances, pooledBorder));
        foreach (var tolerance in new[] { 0.5, 1, 2, 3 })
        {
            Near(reloaded[$"nsd@{tolerance}"]!, SurfaceDice.Compute(distances, tolerance));
            Near(monai[$"surfaceDice@{tolerance}"]!, SurfaceDice.Compute(distances, tolerance));
            Near(monai[$"surfaceDiceSubvoxels@{tolerance}"]!, SurfaceDice.Compute(surfelDistances, tolerance));
        }
    }

    [Theory]
    [MemberData(nameof(FilledPairs))]
    public void Surfels_and_volumes_agree_with_segmentationmetrics(string pair, string region)
    {
        var (reference, prediction, values) = Read(pair, region);
        var expected = values["segmentationmetrics"]!;

        var ours = Whole(reference, prediction, new());

        Near(expected["mean_surface_distance"]!, ours.MeanSurfaceDistance);
        Near(expected["hausdorff_distance"]!, ours.Hd95);
        Near(expected["true_volume"]!, ours.TrueVolume);
        Near(expected["predicted_volume"]!, ours.PredictedVolume);
        Near(expected["precision"]!, ours.Precision);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Matched_instances_agree_with_panoptica(string pair, string region)
    {
        var (reference, prediction, values) = Read(pair, region);
        var expected = values["panoptica"]!;
        foreach (var (key, criterion, iou) in new[]
        {
            ("naiveIou0.5", LesionCriterion.Greedy, 0.5), ("naiveAnyOverlapOneToOne", LesionCriterion.Greedy, 0), ("bipartiteIou0.1", LesionCriterion.Hungarian, 0.1),
        })
        {
            var theirs = expected[key];
            if (theirs?["tp"] is null)
            {
                continue;
            }

            var options = new EvaluationOptions { Label = 1, Surface = pooledBorder, Lesions = new LesionOptions { Criterion = criterion, MinIou = iou } };
            var ours = Whole(reference, prediction, options);
            Assert.Equal(((int)theirs["tp"]!, (int)theirs["fp"]!, (int)theirs["fn"]!), (ours.Lesions.TruePositives, ours.Lesions.FalsePositives, ours.Lesions.FalseNegatives));
            if (ours.Lesions.TruePositives > 0)
            {
                Near(theirs["rq"]!, ours.Lesions.F1);
                Near(theirs["sq_dsc"]!, ours.MeanOverFound(lesion => lesion.Dice));
                Near(theirs["sq_hd95"]!, ours.MeanOverFound(lesion => lesion.Hd95));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void One_to_one_and_component_precision_agree_with_scipy(string pair, string region)
    {
        var (reference, prediction, values) = Read(pair, region);
        foreach (var connectivity in new[] { 6, 26 })
        {
            var expected = values[$"lesionsAnyOverlap{connectivity}"]!;
            var any = LesionMatching.Match(reference, prediction, new LesionOptions { Connectivity = connectivity });
            Near(expected["precisionOverPredComponents"]!, any.Scores.ComponentPrecision);
            Assert.Equal((int)expected["detectingComponents"]!, any.Scores.DetectingComponents);
            foreach (var (key, iou) in new[] { ("hungarianIou>0", 0), ("hungarianIou>=0.1", 0.1), ("hungarianIou>=0.5", 0.5) })
            {
                if (expected[key] is null)
                {
                    Assert.True(any.Reference.Count == 0 || any.Prediction.Count == 0);
                    continue;
                }

                var ours = LesionMatching.Match(
                    reference, prediction, new LesionOptions { Connectivity = connectivity, Criterion = LesionCriterion.Hungarian, MinIou = iou });
                Assert.Equal(
                    ((int)expected[key]!["tp"]!, (int)expected[key]!["fn"]!, (int)expected[key]!["fp"]!),
                    (ours.Scores.TruePositives, ours.Scores.FalseNegatives, ours.Scores.FalsePositives));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Contours_against_the_part_of_largest_overlap_agree_with_scipy(string pair, string region)
    {
        var (reference, prediction, values) = Read(pair, region);
        var options = new EvaluationOptions { Label = 1, Lesions = new LesionOptions { Contour = LesionContour.LargestOverlap } };
        var ours = Whole(reference, prediction, options);
        foreach (var theirs in values["lesionsAnyOverlap26"]!["lesionsBySize"]!.AsArray().Where(lesion => (bool)lesion!["detected"]!))
        {
            var contour = theirs!["againstLargestOverlap"]!;
            var lesion = Assert.Single(ours.LesionList, lesion => IsAt(lesion, theirs));
            Near(contour["dice"]!, lesion.Dice);
            Near(contour["hd95"]!, lesion.Hd95);
            Near(contour["surfaceDice@1"]!, lesion.SurfaceDice);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Lesion_wise_scores_agree_with_the_BraTS_tool(string pair, string region)
    {
        var (reference, prediction, values) = Read(pair, region);
        var found = values["brats-2023-metrics"] ?? Golden(pair)["brats-2023-metrics"];
        Assert.SkipWhen(found is null, "this pair has no values of the tool");
        foreach (var challenge in new[] { "met", "men", "gli", "ped" })
        {
            var theirs = found![$"BraTS-{challenge.ToUpperInvariant()}"]?[region == "" ? "ET" : region];
            Assert.NotNull(theirs);

            var options = new EvaluationOptions { Label = 1, EmptyPolicy = EmptyPolicy.Brats, Lesions = new LesionOptions { BratsBeside = challenge } };
            var ours = Whole(reference, prediction, options);

            Assert.Equal(
                ((int)(double)theirs["Num_TP"]!, (int)(double)theirs["Num_FN"]!, (int)(double)theirs["Num_FP"]!),
                (ours.Brats!.Lesions.TruePositives, ours.Brats.Lesions.FalseNegatives, ours.Brats.Lesions.FalsePositives));
            Near(theirs["LesionWise_Score_Dice"]!, ours.Brats.Dice);
            Near(theirs["LesionWise_Score_HD95"]!, ours.Brats.Hd95);
            Near(theirs["Legacy_Dice"]!, ours.Dice);
            Near(theirs["Legacy_HD95"]!, ours.Hd95);
        }
    }

    private static RegionEvaluation Whole(LabelMap reference, LabelMap prediction, EvaluationOptions options) =>
        Evaluator.EvaluateCase("golden", reference, prediction, options with { Label = 1 }).Regions[0];

    private static JsonNode Golden(string name) => JsonNode.Parse(File.ReadAllText(SharedData.PathOf("golden/metrics/golden.json")))!["pairs"]!
        .AsArray().Single(entry => (string?)entry!["name"] == name)!;

    /// <summary>Where the tool raised or gave no finite number, ours is undefined.</summary>
    private static void NearUnlessRaised(JsonNode expected, double actual)
    {
        if (expected is JsonObject)
        {
            Assert.True(double.IsNaN(actual), $"the tool raised; ours is {actual}");
        }
        else
        {
            Near(expected, actual);
        }
    }
}
