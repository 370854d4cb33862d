using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>All metrics of one region of one case. What is undefined is NaN in memory and null in files.</summary>
public sealed record RegionEvaluation
{
    /// <summary>Name of the region: a label's number, a given name, or <see cref="Whole"/>.</summary>
    public required string Region { get; init; }

    /// <summary>Dice of the voxels; NaN where both masks are empty.</summary>
    public required double Dice { get; init; }

    /// <summary>Share of the reference's voxels that were predicted; NaN where the reference is empty.</summary>
    public required double Sensitivity { get; init; }

    /// <summary>Share of the grid's background voxels that were left alone.</summary>
    public required double Specificity { get; init; }

    /// <summary>Hausdorff distance at the options' percentile (95), in mm; NaN where either mask is empty.</summary>
    public required double Hd95 { get; init; }

    /// <summary>Largest distance between the surfaces in mm; NaN where either mask is empty.</summary>
    public required double Hd { get; init; }

    /// <summary>Surface Dice at the options' tolerance; NaN where both masks are empty.</summary>
    public required double SurfaceDice { get; init; }

    /// <summary>Volume of the reference in cm³.</summary>
    public required double TrueVolume { get; init; }

    /// <summary>Volume of the prediction in cm³.</summary>
    public required double PredictedVolume { get; init; }

    /// <summary>Detection of lesions.</summary>
    public required LesionScores Lesions { get; init; }

    /// <summary>Every reference lesion and every false positive.</summary>
    public required IReadOnlyList<LesionEvaluation> LesionList { get; init; }

    /// <summary>Name of the region that holds everything that is not background.</summary>
    public const string Whole = "lesion";

    /// <summary>Evaluates one pair of masks.</summary>
    internal static RegionEvaluation Of(string region, MaskPair pair, EvaluationOptions options)
    {
        var counts = VoxelCounts.Of(pair);
        var distances = SurfaceDistances.Compute(pair, options.Surface);
        var matching = LesionMatching.Match(
            Components.Find(pair.Reference, pair.Size, options.Connectivity), Components.Find(pair.Prediction, pair.Size, options.Connectivity));
        var voxelMm3 = pair.Grid.Spacing.VoxelMm3;
        return new RegionEvaluation
        {
            Region = region,
            Dice = Evaluation.Dice.Compute(counts),
            Sensitivity = counts.Sensitivity,
            Specificity = counts.Specificity,
            Hd95 = HausdorffDistance.Compute(distances, options.Percentile),
            Hd = HausdorffDistance.Compute(distances, 100),
            SurfaceDice = Evaluation.SurfaceDice.Compute(distances, options.ToleranceMm),
            TrueVolume = (counts.TruePositives + counts.FalseNegatives) * voxelMm3 / 1000,
            PredictedVolume = (counts.TruePositives + counts.FalsePositives) * voxelMm3 / 1000,
            Lesions = matching.Scores,
            LesionList = LesionEvaluation.All(pair, matching, options),
        };
    }
}
