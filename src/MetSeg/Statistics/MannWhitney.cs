namespace MetSeg.Statistics;

/// <summary>How a <see cref="MannWhitney"/> test is made. The defaults are those of scipy's "auto", which paper P4 used.</summary>
public sealed record MannWhitneyOptions
{
    /// <summary>The direction. The default is two-sided.</summary>
    public Alternative Alternative { get; init; }

    /// <summary>Where the p-value comes from. The default, auto, is exact if a sample has at most 8 values and there are no ties.</summary>
    public RankMethod Method { get; init; }

    /// <summary>Whether the normal approximation moves U by ½ towards its mean. The default is true.</summary>
    public bool Continuity { get; init; } = true;

    /// <summary>Confidence of the interval of the shift. The default is 0.95.</summary>
    public double Confidence { get; init; } = 0.95;
}

/// <summary>The Mann–Whitney U test (Wilcoxon rank sum test) of two independent samples.</summary>
/// <remarks>Mann and Whitney, Ann Math Stat 1947;18:50; tie correction after Lehmann, Nonparametrics (1975).</remarks>
public static class MannWhitney
{
    private const int SmallSample = 8;

    /// <summary>
    /// Tests two samples. The statistic is U of the first: the number of pairs in which it is greater, ties counting ½. Effect size: Cliff's δ
    /// (= the rank-biserial correlation); difference: the Hodges–Lehmann shift.
    /// </summary>
    /// <param name="first">Values; those that are not finite are left out and counted.</param>
    /// <param name="second">Values likewise.</param>
    /// <param name="options">Direction, method, continuity correction; null for the defaults.</param>
    /// <returns>The result; undefined where a sample is empty or all values are equal.</returns>
    public static TestResult Test(IReadOnlyList<double> first, IReadOnlyList<double> second, MannWhitneyOptions? options = null)
    {
        options ??= new MannWhitneyOptions();
        var (x, y) = (Sample.Of(first), Sample.Of(second));
        var result = new TestResult
        {
            Test = StatisticalTest.MannWhitney,
            StatisticName = "U",
            Alternative = options.Alternative,
            N = [x.Count, y.Count],
            Dropped = x.Dropped + y.Dropped,
        };
        if (x.Count == 0 || y.Count == 0)
        {
            return result with { Undefined = $"the {(x.Count == 0 ? "first" : "second")} sample has no value" };
        }

        var ranks = Ranks.Of([.. x.Values, .. y.Values]);
        var rankSum = ranks.Values.Take(x.Count).Sum();
        var exact = IsExact(options.Method, ranks, x.Count, y.Count);
        var (p, method) = exact ? Exact(ranks, rankSum, x.Count, options) : Normal(ranks, U(rankSum, x.Count), x.Count, options);
        return result with
        {
            Statistic = U(rankSum, x.Count),
            P = p,
            Method = method,
            Difference = HodgesLehmann.Shift(x.Values, y.Values, new(options.Alternative, options.Confidence, exact && !ranks.HasTies)),
            EffectSize = EffectSizes.CliffsDelta(x.Values, y.Values),
            Undefined = double.IsNaN(p) ? "all values are equal" : null,
        };
    }

    private static double U(double rankSum, int count) => rankSum - (count * (count + 1.0) / 2);

    private static bool IsExact(RankMethod method, Ranks ranks, int first, int second) => method switch
    {
        RankMethod.Exact => ExactDistribution.IsFeasible(Math.Min(first, second), first + second),
        RankMethod.Auto => !ranks.HasTies && Math.Min(first, second) <= SmallSample
            && ExactDistribution.IsFeasible(Math.Min(first, second), first + second),
        _ => false,
    };

    private static (double P, string Method) Exact(Ranks ranks, double rankSum, int first, MannWhitneyOptions options)
    {
        if (IsAllEqual(ranks))
        {
            return (double.NaN, "");
        }

        var all = ranks.Values.Length;
        var isFirstSmaller = first <= all - first;
        var smallerSum = isFirstSmaller ? rankSum : (all * (all + 1.0) / 2) - rankSum;
        var distribution = ExactDistribution.OfSample(ranks.Values, Math.Min(first, all - first));
        var p = distribution.P(smallerSum, isFirstSmaller ? options.Alternative : Opposite(options.Alternative));
        return (p, ranks.HasTies ? "exact given the ties" : "exact");
    }

    private static (double P, string Method) Normal(Ranks ranks, double u, int first, MannWhitneyOptions options)
    {
        if (IsAllEqual(ranks))
        {
            return (double.NaN, "");
        }

        double all = ranks.Values.Length;
        var product = first * (all - first);
        var deviation = Math.Sqrt(product / 12 * (all + 1 - (ranks.TieSum / (all * (all - 1)))));
        var distance = u - (product / 2);
        return (NormalApproximation.P(distance, deviation, options.Alternative, options.Continuity), NormalApproximation.Name(options.Continuity));
    }

    private static bool IsAllEqual(Ranks ranks)
    {
        double all = ranks.Values.Length;
        return ranks.TieSum == (all * all * all) - all;
    }

    private static Alternative Opposite(Alternative alternative) => alternative switch
    {
        Alternative.Less => Alternative.Greater,
        Alternative.Greater => Alternative.Less,
        _ => alternative,
    };
}
