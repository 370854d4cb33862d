namespace MetSeg.Statistics;

/// <summary>Sizes of a difference that do not grow with the number of cases. Positive: the first sample has the greater values.</summary>
public static class EffectSizes
{
    /// <summary>
    /// Cliff's δ, P(x &gt; y) − P(x &lt; y) over all pairs of one value each; equals the rank-biserial correlation 2U/(mn) − 1 of the
    /// Mann–Whitney test. In [−1, 1]; NaN where a sample is empty.
    /// </summary>
    /// <remarks>Cliff, Psychol Bull 1993;114:494.</remarks>
    public static Estimate CliffsDelta(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        const string name = "cliffs-delta";
        var (x, y) = (Sample.Of(first), Sample.Of(second));
        return x.Count == 0 || y.Count == 0
            ? new Estimate(name, double.NaN, Undefined: "a sample has no value")
            : new Estimate(name, Delta(x.Values, y.Values));
    }

    /// <summary>
    /// Hedges' g: mean difference over the pooled SD, times the small-sample correction 1 − 3/(4(m + n − 2) − 1). NaN for fewer than two values
    /// in a sample, or without spread in both.
    /// </summary>
    /// <remarks>Hedges, J Educ Stat 1981;6:107.</remarks>
    public static Estimate HedgesG(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        const string name = "hedges-g";
        var (x, y) = (Sample.Of(first), Sample.Of(second));
        if (x.Count < 2 || y.Count < 2)
        {
            return new Estimate(name, double.NaN, Undefined: "a sample has fewer than two values");
        }

        double freedom = x.Count + y.Count - 2;
        var pooled = (((x.Count - 1) * x.Variance) + ((y.Count - 1) * y.Variance)) / freedom;
        return pooled > 0
            ? new Estimate(name, (x.Mean - y.Mean) / Math.Sqrt(pooled) * (1 - (3 / ((4 * freedom) - 1))))
            : new Estimate(name, double.NaN, Undefined: "neither sample has any spread");
    }

    /// <summary>
    /// The matched-pairs rank-biserial correlation (W+ − W−)/(W+ + W−) of differences, zeros dropped. In [−1, 1]; NaN where no difference
    /// is other than 0.
    /// </summary>
    /// <remarks>Kerby, Comprehensive Psychology 2014;3:11.IT.3.1.</remarks>
    public static Estimate RankBiserial(IReadOnlyList<double> differences)
    {
        const string name = "rank-biserial";
        double[] kept = [.. differences.Where(value => double.IsFinite(value) && value != 0)];
        if (kept.Length == 0)
        {
            return new Estimate(name, double.NaN, Undefined: "no difference is other than 0");
        }

        var ranks = Ranks.Of([.. kept.Select(Math.Abs)]).Values;
        return new Estimate(name, ranks.Select((rank, i) => Math.Sign(kept[i]) * rank).Sum() / ranks.Sum());
    }

    /// <summary>δ by merging both samples in order.</summary>
    private static double Delta(double[] first, double[] second)
    {
        double[] x = [.. first.Order()];
        double[] y = [.. second.Order()];
        var (below, notAbove, balance) = (0, 0, 0L);
        foreach (var value in x)
        {
            while (below < y.Length && y[below] < value)
            {
                below++;
            }

            while (notAbove < y.Length && y[notAbove] <= value)
            {
                notAbove++;
            }

            balance += below - (y.Length - notAbove);
        }

        return (double)balance / ((long)x.Length * y.Length);
    }
}
