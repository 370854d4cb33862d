namespace MetSeg.Evaluation;

/// <summary>One number per case that is averaged over cases: its name in metrics.json and cases.csv, and where it stands.</summary>
/// <param name="Name">The name, in camelCase.</param>
/// <param name="Of">Reads it from a region's evaluation; NaN where undefined.</param>
public sealed record EvaluationMetric(string Name, Func<RegionEvaluation, double> Of)
{
    /// <summary>The metrics of the masks as a whole, in the order of the tables.</summary>
    public static IReadOnlyList<EvaluationMetric> OfMasks { get; } =
    [
        new("dice", region => region.Dice),
        new("sensitivity", region => region.Sensitivity),
        new("specificity", region => region.Specificity),
        new("hd95", region => region.Hd95),
        new("hd", region => region.Hd),
        new("surfaceDice", region => region.SurfaceDice),
        new("trueVolume", region => region.TrueVolume),
        new("predictedVolume", region => region.PredictedVolume),
    ];

    /// <summary>The metrics of lesions per case: their means over cases are per-patient averages, to be told from pooled scores.</summary>
    public static IReadOnlyList<EvaluationMetric> OfLesions { get; } =
    [
        new("lesionTp", region => region.Lesions.TruePositives),
        new("lesionFn", region => region.Lesions.FalseNegatives),
        new("lesionFp", region => region.Lesions.FalsePositives),
        new("lesionSensitivity", region => region.Lesions.Sensitivity),
        new("lesionPrecision", region => region.Lesions.Precision),
        new("lesionF1", region => region.Lesions.F1),
        new("lesionF2", region => region.Lesions.F2),
    ];

    /// <summary>All metrics, those of masks first.</summary>
    public static IReadOnlyList<EvaluationMetric> All { get; } = [.. OfMasks, .. OfLesions];
}
