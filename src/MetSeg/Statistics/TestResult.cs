namespace MetSeg.Statistics;

/// <summary>What a test found. Where it is undefined, <see cref="P"/> is NaN and <see cref="Undefined"/> says why; tests never throw for data.</summary>
public sealed record TestResult
{
    /// <summary>The test.</summary>
    public required StatisticalTest Test { get; init; }

    /// <summary>The statistic's name: U (of the first sample), W+ (R's V), t, H or chi2.</summary>
    public required string StatisticName { get; init; }

    /// <summary>The statistic; NaN where undefined.</summary>
    public double Statistic { get; init; } = double.NaN;

    /// <summary>Degrees of freedom; NaN for tests that have none.</summary>
    public double DegreesOfFreedom { get; init; } = double.NaN;

    /// <summary>The p-value; NaN where undefined.</summary>
    public double P { get; init; } = double.NaN;

    /// <summary>The direction tested.</summary>
    public Alternative Alternative { get; init; }

    /// <summary>How the p-value was computed: "exact", "normal with tie and continuity correction", "t distribution", …</summary>
    public string Method { get; init; } = "";

    /// <summary>Sizes of the samples used: one number for pairs, one per sample otherwise.</summary>
    public IReadOnlyList<int> N { get; init; } = [];

    /// <summary>Values (for paired tests: pairs; for Friedman's: cases) left out because they were not finite.</summary>
    public int Dropped { get; init; }

    /// <summary>Mean difference, or Hodges–Lehmann shift for rank tests, with its interval; null for tests of several samples.</summary>
    public Estimate? Difference { get; init; }

    /// <summary>The effect size that belongs to the test, without interval.</summary>
    public Estimate? EffectSize { get; init; }

    /// <summary>Why there is no p-value; null where there is one.</summary>
    public string? Undefined { get; init; }
}
