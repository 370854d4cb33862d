namespace MetSeg.Evaluation;

/// <summary>The evaluation of one case.</summary>
/// <param name="Case">The case's id.</param>
/// <param name="Group">The institution it belongs to; "unknown" where none was given.</param>
/// <param name="Regions">One evaluation per region, in the same order for all cases of a result.</param>
public sealed record CaseEvaluation(string Case, string Group, IReadOnlyList<RegionEvaluation> Regions)
{
    /// <summary>The group of a case of which no institution is known.</summary>
    public const string UnknownGroup = "unknown";

    /// <summary>Whose scan it is; the case's id where it is not known.</summary>
    public string Patient { get; init; } = Case;
}
