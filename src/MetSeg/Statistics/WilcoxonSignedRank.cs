namespace MetSeg.Statistics;

/// <summary>What becomes of differences that are 0. Names are scipy's.</summary>
public enum ZeroHandling
{
    /// <summary>They are dropped before ranking (Wilcoxon; R's and SPSS's way).</summary>
    Wilcox,

    /// <summary>They are ranked, then dropped (Pratt 1959; variance after Cureton 1967).</summary>
    Pratt,

    /// <summary>They are ranked, and half their ranks go to either side.</summary>
    Zsplit,
}

/// <summary>How a <see cref="WilcoxonSignedRank"/> test is made. The defaults are scipy's.</summary>
public sealed record WilcoxonOptions
{
    /// <summary>The direction. The default is two-sided.</summary>
    public Alternative Alternative { get; init; }

    /// <summary>Where the p-value comes from. The default, auto, is exact for at most 50 differences without zeros and ties.</summary>
    public RankMethod Method { get; init; }

    /// <summary>What becomes of zeros. The default is to drop them.</summary>
    public ZeroHandling Zeros { get; init; }

    /// <summary>Whether the normal approximation moves W+ by ½ towards its mean. The default is false (scipy's; R's is true).</summary>
    public bool Continuity { get; init; }

    /// <summary>Confidence of the interval of the shift. The default is 0.95.</summary>
    public double Confidence { get; init; } = 0.95;
}

/// <summary>The Wilcoxon signed-rank test of pairs.</summary>
/// <remarks>Wilcoxon, Biometrics Bulletin 1945;1:80.</remarks>
public static class WilcoxonSignedRank
{
    private const int SmallSample = 50;
    private const int MostExact = 500;

    /// <summary>Tests pairs: the differences first − second. See <see cref="Test(IReadOnlyList{double}, WilcoxonOptions?)"/>.</summary>
    /// <param name="first">Values, one per case.</param>
    /// <param name="second">Values of the same cases in the same order.</param>
    /// <param name="options">Direction, zeros, method, continuity correction; null for the defaults.</param>
    /// <exception cref="ArgumentException">The samples differ in length.</exception>
    public static TestResult Test(IReadOnlyList<double> first, IReadOnlyList<double> second, WilcoxonOptions? options = null)
    {
        var (x, y) = Sample.Pairs(first, second);
        return Test([.. x.Values.Zip(y.Values, (a, b) => a - b)], options) with { Dropped = x.Dropped };
    }

    /// <summary>
    /// Tests whether differences are symmetric about 0. The statistic is W+, the sum of the ranks of positive differences (R's V; scipy prints
    /// the smaller of W+ and W− where two-sided). Effect size: matched-pairs rank-biserial correlation; difference: Hodges–Lehmann shift.
    /// </summary>
    /// <param name="differences">Differences; those that are not finite are left out and counted.</param>
    /// <param name="options">Direction, zeros, method, continuity correction; null for the defaults.</param>
    /// <returns>The result; undefined without differences, or where all are 0 and zeros are not split.</returns>
    public static TestResult Test(IReadOnlyList<double> differences, WilcoxonOptions? options = null)
    {
        options ??= new WilcoxonOptions();
        var sample = Sample.Of(differences);
        var result = new TestResult
        {
            Test = StatisticalTest.Wilcoxon,
            StatisticName = "W+",
            Alternative = options.Alternative,
            N = [sample.Count],
            Dropped = sample.Dropped,
        };
        if (sample.Count == 0 || (options.Zeros != ZeroHandling.Zsplit && sample.Values.All(value => value == 0)))
        {
            return result with { Undefined = sample.Count == 0 ? "there is no pair" : "all differences are 0" };
        }

        var ranked = RankedDifferences.Of(sample.Values, options.Zeros);
        var exact = IsExact(options.Method, ranked);
        var isPlain = ranked.Zeros == 0 && !ranked.Ranks.HasTies;
        return result with
        {
            Statistic = ranked.PositiveSum,
            P = exact
                ? ExactDistribution.OfSigns(ranked.Signed).P(ranked.PositiveSum - ranked.SplitSum, options.Alternative)
                : NormalApproximation.P(ranked.PositiveSum - ranked.Mean, ranked.Deviation, options.Alternative, options.Continuity),
            Method = (exact, isPlain) switch
            {
                (true, true) => "exact",
                (true, false) => "exact given zeros and ties",
                _ => NormalApproximation.Name(options.Continuity),
            },
            Difference = HodgesLehmann.PairedShift(sample.Values, new(options.Alternative, options.Confidence, exact && isPlain)),
            EffectSize = EffectSizes.RankBiserial(sample.Values),
        };
    }

    private static bool IsExact(RankMethod method, RankedDifferences ranked) => method switch
    {
        RankMethod.Exact => ranked.Signed.Length is > 0 and <= MostExact,
        RankMethod.Auto => ranked.Zeros == 0 && !ranked.Ranks.HasTies && ranked.Signed.Length <= SmallSample,
        _ => false,
    };

    /// <summary>Differences ranked by size.</summary>
    /// <param name="Ranks">Ranks of what is ranked.</param>
    /// <param name="Signed">Ranks of the differences that are not 0.</param>
    /// <param name="Zeros">Number of differences that are 0.</param>
    /// <param name="PositiveSum">W+.</param>
    /// <param name="SplitSum">The part of W+ that comes from zeros.</param>
    /// <param name="Mean">Mean of W+ under the null hypothesis.</param>
    /// <param name="Deviation">Its standard deviation.</param>
    private sealed record RankedDifferences(
        Ranks Ranks, double[] Signed, int Zeros, double PositiveSum, double SplitSum, double Mean, double Deviation)
    {
        public static RankedDifferences Of(double[] differences, ZeroHandling handling)
        {
            var zeros = differences.Count(value => value == 0);
            double[] kept = handling == ZeroHandling.Wilcox ? [.. differences.Where(value => value != 0)] : differences;
            var ranks = Ranks.Of([.. kept.Select(Math.Abs)]);
            var positive = ranks.Values.Where((_, i) => kept[i] > 0).Sum();
            var split = handling == ZeroHandling.Zsplit ? zeros * (zeros + 1) / 4.0 : 0;
            var (mean, cubic) = (Quarter(kept.Length), Cubic(kept.Length) - (ranks.TieSum / 2));
            if (handling == ZeroHandling.Pratt)
            {
                mean -= Quarter(zeros);
                cubic -= Cubic(zeros) - ((((double)zeros * zeros * zeros) - zeros) / 2);
            }

            double[] signed = [.. ranks.Values.Where((_, i) => kept[i] != 0)];
            return new RankedDifferences(ranks, signed, zeros, positive + split, split, mean, Math.Sqrt(cubic / 24));
        }

        private static double Quarter(double n) => n * (n + 1) / 4;

        private static double Cubic(double n) => n * (n + 1) * ((2 * n) + 1);
    }
}
