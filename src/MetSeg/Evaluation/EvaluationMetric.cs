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
        new("precision", region => region.Precision),
        new("hd95", region => region.Hd95),
        new("hd", region => region.Hd),
        new("meanSurfaceDistance", region => region.MeanSurfaceDistance),
        new("surfaceDice", region => region.SurfaceDice),
        new("trueVolume", region => region.TrueVolume),
        new("predictedVolume", region => region.PredictedVolume),
        new("relativeVolumeError", region => region.RelativeVolumeError),
    ];

    /// <summary>The metrics of lesions per case: their means over cases are per-patient averages, to be told from pooled scores.</summary>
    public static IReadOnlyList<EvaluationMetric> OfLesions { get; } =
    [
        new("lesionTp", region => region.Lesions.TruePositives),
        new("lesionFn", region => region.Lesions.FalseNegatives),
        new("lesionFp", region => region.Lesions.FalsePositives),
        new("lesionSensitivity", region => region.Lesions.Sensitivity),
        new("lesionPrecision", region => region.Lesions.Precision),
        new("lesionComponentPrecision", region => region.Lesions.ComponentPrecision),
        new("lesionF1", region => region.Lesions.F1),
        new("lesionF2", region => region.Lesions.F2),
        new("lesionDice", region => region.MeanOverFound(lesion => lesion.Dice)),
        new("lesionHd95", region => region.MeanOverFound(lesion => lesion.Hd95)),
        new("lesionSurfaceDice", region => region.MeanOverFound(lesion => lesion.SurfaceDice)),
    ];

    /// <summary>The lesion-wise scores of a BraTS challenge; they hold penalties for what was missed or invented.</summary>
    public static IReadOnlyList<EvaluationMetric> OfBrats { get; } =
    [
        new("bratsDice", region => region.Brats?.Dice ?? double.NaN),
        new("bratsHd95", region => region.Brats?.Hd95 ?? double.NaN),
    ];

    /// <summary>The metrics of probability maps.</summary>
    public static IReadOnlyList<EvaluationMetric> OfProbabilities { get; } =
    [
        new("averagePrecision", region => region.Probability?.AveragePrecision ?? double.NaN),
        new("rocAuc", region => region.Probability?.RocAuc ?? double.NaN),
        new("brier", region => region.Probability?.Brier ?? double.NaN),
        new("ece", region => region.Probability?.ExpectedCalibrationError ?? double.NaN),
    ];

    /// <summary>The metrics that an evaluation with these options has, those of masks first.</summary>
    public static IReadOnlyList<EvaluationMetric> For(EvaluationOptions options) =>
        [.. OfMasks, .. OfLesions, .. options.Lesions.BratsBeside is null ? [] : OfBrats, .. options.Probabilities ? OfProbabilities : []];
}
