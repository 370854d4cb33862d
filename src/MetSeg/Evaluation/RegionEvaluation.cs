namespace MetSeg.Evaluation;

/// <summary>All metrics of one region of one case. What is undefined is NaN in memory and null in files.</summary>
public sealed record RegionEvaluation
{
    /// <summary>Name of the region that holds everything that is not background.</summary>
    public const string Whole = "lesion";

    /// <summary>Name of the region: a label's number, a given name, or <see cref="Whole"/>.</summary>
    public required string Region { get; init; }

    /// <summary>Dice of the voxels; NaN where both masks are empty.</summary>
    public required double Dice { get; init; }

    /// <summary>Share of the reference's voxels that were predicted; NaN where the reference is empty.</summary>
    public required double Sensitivity { get; init; }

    /// <summary>Share of the grid's background voxels that were left alone.</summary>
    public required double Specificity { get; init; }

    /// <summary>Share of the predicted voxels that are of the reference; NaN where nothing was predicted.</summary>
    public required double Precision { get; init; }

    /// <summary>Hausdorff distance at the options' percentile (95), in mm; NaN where either mask is empty.</summary>
    public required double Hd95 { get; init; }

    /// <summary>Largest distance between the surfaces in mm; NaN where either mask is empty.</summary>
    public required double Hd { get; init; }

    /// <summary>Mean distance between the surfaces in mm; NaN where either mask is empty.</summary>
    public required double MeanSurfaceDistance { get; init; }

    /// <summary>Surface Dice at the options' tolerance; NaN where both masks are empty.</summary>
    public required double SurfaceDice { get; init; }

    /// <summary>Volume of the reference in cm³.</summary>
    public required double TrueVolume { get; init; }

    /// <summary>Volume of the prediction in cm³.</summary>
    public required double PredictedVolume { get; init; }

    /// <summary>Voxels of the reference.</summary>
    public required long ReferenceVoxels { get; init; }

    /// <summary>(predicted − true volume) / true volume; NaN where the reference is empty.</summary>
    public double RelativeVolumeError => TrueVolume == 0 ? double.NaN : (PredictedVolume - TrueVolume) / TrueVolume;

    /// <summary>Detection of lesions.</summary>
    public required LesionScores Lesions { get; init; }

    /// <summary>Every reference lesion and every false positive.</summary>
    public required IReadOnlyList<LesionEvaluation> LesionList { get; init; }

    /// <summary>Lesion-wise scores as of a BraTS challenge; null where none is asked for.</summary>
    public BratsScores? Brats { get; init; }

    /// <summary>What the probability map is worth; null where there is none.</summary>
    public ProbabilityMetrics? Probability { get; init; }

    /// <summary>Mean of a contour metric over the lesions of this case that count and were found; NaN where there is none.</summary>
    public double MeanOverFound(Func<LesionEvaluation, double> metric) =>
        LesionList.Where(lesion => lesion is { Detected: true, Counts: true }).Select(metric).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Evaluates one pair of masks.</summary>
    internal static RegionEvaluation Of(string region, MaskPair pair, EvaluationOptions options)
    {
        var counts = VoxelCounts.Of(pair);
        var distances = SurfaceDistances.Compute(pair, options.Surface.Kind);
        var lesionPair = pair.Widen(options.Lesions.MarginVoxels);
        var matching = LesionMatching.Match(lesionPair, options.Lesions);
        var voxelMm3 = pair.Grid.Spacing.VoxelMm3;
        var evaluation = new RegionEvaluation
        {
            Region = region,
            Dice = Evaluation.Dice.Compute(counts),
            Sensitivity = counts.Sensitivity,
            Specificity = counts.Specificity,
            Precision = counts.Precision,
            Hd95 = HausdorffDistance.Compute(distances, options.Surface),
            Hd = HausdorffDistance.Compute(distances, options.Surface, 100),
            MeanSurfaceDistance = Evaluation.MeanSurfaceDistance.Compute(distances, options.Surface),
            SurfaceDice = Evaluation.SurfaceDice.Compute(distances, options.Surface.ToleranceMm),
            TrueVolume = (counts.TruePositives + counts.FalseNegatives) * voxelMm3 / 1000,
            PredictedVolume = (counts.TruePositives + counts.FalsePositives) * voxelMm3 / 1000,
            ReferenceVoxels = counts.TruePositives + counts.FalseNegatives,
            Lesions = matching.Scores,
            LesionList = LesionEvaluation.All(lesionPair, matching, options),
            Brats = options.Lesions.BratsBeside is { } challenge ? BratsScores.Of(pair, challenge) : null,
        };
        return EmptyMasks.Apply(evaluation, options.EmptyPolicy);
    }
}
