namespace MetSeg.Statistics;

/// <summary>Two samples compared in one metric.</summary>
/// <param name="Metric">The column.</param>
/// <param name="First">Name of the first sample.</param>
/// <param name="Second">Name of the second.</param>
/// <param name="Result">The test, with its difference and the difference's interval.</param>
/// <param name="EffectSize">Its effect size with a BCa bootstrap interval over values, pairs drawn together.</param>
public sealed record Comparison(string Metric, string First, string Second, TestResult Result, Estimate EffectSize)
{
    /// <summary>Whether cases were paired.</summary>
    public bool Paired => Result.Test is StatisticalTest.Wilcoxon or StatisticalTest.PairedT;

    /// <summary>p corrected for all comparisons made together; p itself where it is alone.</summary>
    public double PAdjusted { get; init; } = Result.P;

    /// <summary>Median of the values of the first sample that were used; NaN where there is none.</summary>
    public double MedianFirst { get; init; } = double.NaN;

    /// <summary>Median of the values of the second.</summary>
    public double MedianSecond { get; init; } = double.NaN;

    /// <summary>Shapiro–Wilk by name: of the differences where paired, of each sample otherwise.</summary>
    public required IReadOnlyList<(string Of, NormalityResult Result)> Normality { get; init; }

    /// <summary>p of the test that the samples differ by less than the margin; NaN where none was asked for.</summary>
    public double EquivalenceP { get; init; } = double.NaN;

    /// <summary>Cases that were left out because one sample lacks them.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}

/// <summary>Several samples compared at once in one metric: Friedman's test of the same cases, Kruskal–Wallis's of others.</summary>
/// <param name="Metric">The column.</param>
/// <param name="Result">The test.</param>
public sealed record Omnibus(string Metric, TestResult Result);

/// <summary>All comparisons made together.</summary>
/// <param name="Comparisons">Every two samples in every metric, by metric.</param>
/// <param name="Omnibus">One for each metric where there are at least three samples; empty otherwise.</param>
/// <param name="Notes">What a reader must know: which test was chosen and why, samples that are not independent. A sentence each.</param>
/// <param name="Options">The options, with the test that was chosen.</param>
public sealed record ComparisonResult(
    IReadOnlyList<Comparison> Comparisons, IReadOnlyList<Omnibus> Omnibus, IReadOnlyList<string> Notes, ComparisonOptions Options);
