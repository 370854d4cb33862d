namespace MetSeg.Statistics;

/// <summary>How a rank test gets its p-value.</summary>
public enum RankMethod
{
    /// <summary>Exact for small samples without ties, normal otherwise; the limits are scipy's and are said at each test.</summary>
    Auto,

    /// <summary>Exact; with ties, the permutation distribution of the midranks (as SPSS's exact tests and R's coin).</summary>
    Exact,

    /// <summary>Normal approximation with tie correction.</summary>
    Normal,
}
