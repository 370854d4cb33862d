namespace MetSeg.Statistics;

/// <summary>How samples of scores are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>
    /// The test of two samples. The default, null, is Wilcoxon's where samples share cases and Mann–Whitney's where they do not. It does not
    /// depend on the values: a test chosen by a test of normality does not keep its level.
    /// </summary>
    public StatisticalTest? Test { get; init; }

    /// <summary>The direction, of the first sample against the second. The default is two-sided.</summary>
    public Alternative Alternative { get; init; }

    /// <summary>Where rank tests take p-values from. The default is auto.</summary>
    public RankMethod Method { get; init; }

    /// <summary>Whether normal approximations are corrected for continuity; null, the default: Mann–Whitney's are, Wilcoxon's are not (scipy).</summary>
    public bool? Continuity { get; init; }

    /// <summary>What Wilcoxon's test does with differences of 0. The default is to drop them.</summary>
    public ZeroHandling Zeros { get; init; }

    /// <summary>How p-values are corrected where there are several. The default is Holm's.</summary>
    public Correction Correction { get; init; }

    /// <summary>Confidence of all intervals. The default is 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Bootstrap resamples of the effect size's interval. The default is 10,000.</summary>
    public int Resamples { get; init; } = 10_000;

    /// <summary>Seed of the bootstrap. The default is 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Whether paired tests leave out cases that a table lacks. The default is false: they are an error.</summary>
    public bool DropUnpaired { get; init; }

    /// <summary>The largest difference that counts as equivalent, in the metric's unit; null, the default, tests no equivalence.</summary>
    public double? EquivalenceMargin { get; init; }

    /// <summary>What cannot work, a sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Test is StatisticalTest.KruskalWallis or StatisticalTest.Friedman)
        {
            yield return "test must be one of two samples; tests of several samples are added where there are several.";
        }

        if (!(Confidence is > 0 and < 1))
        {
            yield return $"confidence must be between 0 and 1, not {Confidence}.";
        }

        if (Resamples is < 100 or > 1_000_000)
        {
            yield return $"resamples must be from 100 to 1000000, not {Resamples}.";
        }

        if (EquivalenceMargin is { } margin && !(margin > 0 && double.IsFinite(margin)))
        {
            yield return $"equivalence margin must be positive, not {margin}.";
        }
    }
}
