namespace MetSeg.Evaluation;

/// <summary>The folders of an evaluation. Files belong together by name, CASE.nii.gz or CASE.nii.</summary>
public sealed record EvaluationInput
{
    /// <summary>Predicted label maps.</summary>
    public required string Predictions { get; init; }

    /// <summary>Reference label maps.</summary>
    public required string References { get; init; }

    /// <summary>Brain masks; what is predicted outside of them is removed before anything is measured. Null for none.</summary>
    public string? BrainMasks { get; init; }

    /// <summary>
    /// Probability maps, named as <c>metseg predict --probabilities</c> names them: CASE_probability_REGION.nii.gz for a region, or
    /// CASE_probability.nii.gz or CASE.nii.gz where there is one region. Null for none.
    /// </summary>
    public string? Probabilities { get; init; }

    /// <summary>Institution and patient of each case; null for one group of all cases, each its own patient. A case that is absent is of institution "unknown".</summary>
    public IReadOnlyDictionary<string, (string Institution, string Patient)>? Groups { get; init; }
}
