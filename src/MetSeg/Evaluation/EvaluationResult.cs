namespace MetSeg.Evaluation;

/// <summary>The evaluation of a folder of predictions.</summary>
public sealed record EvaluationResult
{
    /// <summary>What every file of results says about its use.</summary>
    public const string Disclaimer = "Research use only; not for clinical use.";

    /// <summary>The cases, sorted by id.</summary>
    public required IReadOnlyList<CaseEvaluation> Cases { get; init; }

    /// <summary>All cases together, then each institution.</summary>
    public required IReadOnlyList<GroupEvaluation> Groups { get; init; }

    /// <summary>The options it was computed with.</summary>
    public required EvaluationOptions Options { get; init; }

    /// <summary>References without a prediction, left out of everything.</summary>
    public required IReadOnlyList<string> MissingPredictions { get; init; }

    /// <summary>Predictions without a reference, left out of everything.</summary>
    public required IReadOnlyList<string> IgnoredPredictions { get; init; }

    /// <summary>Names of the regions evaluated.</summary>
    public IReadOnlyList<string> Regions => [.. Cases[0].Regions.Select(region => region.Region)];

    /// <summary>Writes metrics.json, cases.csv and lesions.csv, each whole or not at all.</summary>
    /// <param name="folder">Created where it is missing.</param>
    /// <exception cref="MetSegException">A file cannot be written.</exception>
    public void Write(string folder) => EvaluationFiles.Write(this, folder);
}
