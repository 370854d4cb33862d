namespace MetSeg.Statistics;

/// <summary>The test of two samples that options name, and the effect size that belongs to it.</summary>
internal static class PairTest
{
    /// <summary>Runs the test in a direction.</summary>
    public static TestResult Run(
        ComparisonOptions options, IReadOnlyList<double> first, IReadOnlyList<double> second, Alternative alternative) => options.Test switch
    {
        StatisticalTest.MannWhitney => MannWhitney.Test(first, second, new()
        {
            Alternative = alternative,
            Method = options.Method,
            Continuity = options.Continuity ?? new MannWhitneyOptions().Continuity,
            Confidence = options.Confidence,
        }),
        StatisticalTest.Wilcoxon => WilcoxonSignedRank.Test(first, second, new()
        {
            Alternative = alternative,
            Method = options.Method,
            Zeros = options.Zeros,
            Continuity = options.Continuity ?? new WilcoxonOptions().Continuity,
            Confidence = options.Confidence,
        }),
        StatisticalTest.PairedT => TTests.Paired(first, second, alternative, options.Confidence),
        StatisticalTest.UnpairedT => TTests.Unpaired(first, second, alternative, options.Confidence),
        _ => TTests.Welch(first, second, alternative, options.Confidence),
    };

    /// <summary>Cliff's δ, rank-biserial correlation or Hedges' g with its BCa interval over cases, two-sided whatever the direction.</summary>
    public static Estimate EffectSize(ComparisonOptions options, IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        var bootstrap = new BootstrapOptions { Confidence = options.Confidence, Resamples = options.Resamples, Seed = options.Seed };
        var (effect, interval) = options.Test switch
        {
            StatisticalTest.MannWhitney => (EffectSizes.CliffsDelta(first, second), Bootstrap.TwoSamples(first, second, Delta, bootstrap)),
            StatisticalTest.Wilcoxon => (
                EffectSizes.RankBiserial(Differences(first, second)),
                Bootstrap.OneSample(Differences(first, second), values => EffectSizes.RankBiserial(values).Value, bootstrap)),
            StatisticalTest.PairedT => (PairedG(first, second), Bootstrap.Pairs(first, second, G, bootstrap)),
            _ => (EffectSizes.HedgesG(first, second), Bootstrap.TwoSamples(first, second, G, bootstrap)),
        };
        return effect with { CiLow = interval.CiLow, CiHigh = interval.CiHigh, Undefined = effect.Undefined ?? interval.Undefined };
    }

    private static double Delta(double[] first, double[] second) => EffectSizes.CliffsDelta(first, second).Value;

    private static double G(double[] first, double[] second) => EffectSizes.HedgesG(first, second).Value;

    private static double[] Differences(IReadOnlyList<double> first, IReadOnlyList<double> second) => [.. first.Zip(second, (x, y) => x - y)];

    private static Estimate PairedG(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        var (x, y) = Sample.Pairs(first, second);
        return EffectSizes.HedgesG(x.Values, y.Values);
    }
}
