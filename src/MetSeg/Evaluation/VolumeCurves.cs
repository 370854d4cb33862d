namespace MetSeg.Evaluation;

/// <summary>What an evaluation found as functions of lesion volume.</summary>
/// <param name="Sensitivity">Share of reference lesions that were found, over their volume.</param>
/// <param name="Dice">Dice of found lesions, over their reference volume.</param>
/// <param name="Hd95">Robust Hausdorff distance of found lesions in mm, over their reference volume.</param>
/// <param name="Precision">
/// Share of found lesions among found lesions and false positives, over predicted volume: a false positive has no other. A found lesion stands
/// at its predicted volume where the table says it, else at its reference volume (<paramref name="PrecisionIsByPredictedVolume"/>).
/// </param>
/// <param name="PrecisionIsByPredictedVolume">Whether the predicted volume of every found lesion is known.</param>
public sealed record VolumeCurves(
    VolumeCurve Sensitivity, VolumeCurve Dice, VolumeCurve Hd95, VolumeCurve Precision, bool PrecisionIsByPredictedVolume)
{
    /// <summary>Smooths the lesions of one region.</summary>
    /// <param name="lesions">The lesions.</param>
    /// <param name="patientOfCase">The patient of every case that was evaluated, also of those without a lesion.</param>
    /// <param name="options">Bandwidth, bands and seed; null for the defaults.</param>
    /// <exception cref="ArgumentException">A lesion's case is not among the cases.</exception>
    /// <exception cref="OptionsException">The options cannot work.</exception>
    public static VolumeCurves Of(
        IReadOnlyList<ListedLesion> lesions, IReadOnlyDictionary<string, string> patientOfCase, VolumeCurveOptions? options = null)
    {
        if (lesions.FirstOrDefault(lesion => !patientOfCase.ContainsKey(lesion.Case)) is { } stray)
        {
            throw new ArgumentException($"Case '{stray.Case}' has a lesion but is not among the cases.", nameof(patientOfCase));
        }

        string[] patients = [.. patientOfCase.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var references = lesions.Where(lesion => lesion.Kind == LesionKind.Reference).ToList();
        var found = references.Where(lesion => lesion.Detected).ToList();
        var isKnown = found.All(lesion => lesion.PredictedVolumeCm3 > 0);
        var predicted = found.Concat(lesions.Where(lesion => lesion.Kind == LesionKind.FalsePositive));
        return new VolumeCurves(
            Curve(references, lesion => lesion.VolumeCm3, lesion => lesion.Detected ? 1 : 0),
            Curve(found, lesion => lesion.VolumeCm3, lesion => lesion.Dice),
            Curve(found, lesion => lesion.VolumeCm3, lesion => lesion.Hd95),
            Curve(predicted, lesion => lesion.Detected && isKnown ? lesion.PredictedVolumeCm3 : lesion.VolumeCm3, lesion => lesion.Detected ? 1 : 0),
            isKnown);

        VolumeCurve Curve(IEnumerable<ListedLesion> some, Func<ListedLesion, double> volume, Func<ListedLesion, double> value) =>
            VolumeCurve.Of([.. some.Select(lesion => new VolumeValue(patientOfCase[lesion.Case], volume(lesion), value(lesion)))], patients, options);
    }
}
