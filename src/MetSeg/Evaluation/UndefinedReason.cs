namespace MetSeg.Evaluation;

/// <summary>Why a metric of a case has no value.</summary>
internal static class UndefinedReason
{
    /// <summary>The reason in a few words; null where the metric has a value.</summary>
    public static string? Of(EvaluationMetric metric, RegionEvaluation region) =>
        double.IsFinite(metric.Of(region)) ? null
        : EvaluationMetric.OfProbabilities.Contains(metric) ? region.Probability?.Undefined ?? "there is no probability map of the region"
        : region is { TrueVolume: 0, PredictedVolume: 0 } ? "reference and prediction are empty"
        : region.TrueVolume == 0 ? "the reference is empty"
        : region.PredictedVolume == 0 ? "the prediction is empty"
        : metric.Name == "specificity" ? "the reference fills the grid"
        : region.Lesions.TruePositives == 0 ? "no lesion was found"
        : "nothing to divide by";
}
