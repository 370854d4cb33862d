namespace MetSeg.Statistics;

/// <summary>The Kruskal–Wallis test of several independent samples.</summary>
/// <remarks>Kruskal and Wallis, J Am Stat Assoc 1952;47:583; effect size ε² = H/(N − 1) after Tomczak and Tomczak 2014.</remarks>
public static class KruskalWallis
{
    /// <summary>Tests whether samples come from one distribution; tie-corrected, p from the χ² distribution.</summary>
    /// <param name="samples">At least two samples; values that are not finite are left out and counted.</param>
    /// <returns>The result; undefined with fewer than two samples, an empty one, or where all values are equal.</returns>
    public static TestResult Test(IReadOnlyList<IReadOnlyList<double>> samples)
    {
        Sample[] kept = [.. samples.Select(Sample.Of)];
        var result = new TestResult
        {
            Test = StatisticalTest.KruskalWallis,
            StatisticName = "H",
            N = [.. kept.Select(sample => sample.Count)],
            Dropped = kept.Sum(sample => sample.Dropped),
        };
        if (kept.Length < 2 || kept.Any(sample => sample.Count == 0))
        {
            return result with { Undefined = kept.Length < 2 ? "fewer than two samples" : "a sample has no value" };
        }

        double[] all = [.. kept.SelectMany(sample => sample.Values)];
        if (all.All(value => value == all[0]))
        {
            return result with { Undefined = "all values are equal" };
        }

        var h = H(kept, Ranks.Of(all));
        return result with
        {
            Statistic = h,
            DegreesOfFreedom = kept.Length - 1,
            P = Tails.ChiSquared(h, kept.Length - 1),
            Method = "chi-squared with tie correction",
            EffectSize = new Estimate("epsilon-squared", h / (all.Length - 1)),
        };
    }

    private static double H(Sample[] samples, Ranks ranks)
    {
        double n = ranks.Values.Length;
        var (sum, start) = (0.0, 0);
        foreach (var sample in samples)
        {
            var excess = ranks.Values.Skip(start).Take(sample.Count).Average() - ((n + 1) / 2);
            sum += sample.Count * excess * excess;
            start += sample.Count;
        }

        return 12 / (n * (n + 1)) * sum / (1 - (ranks.TieSum / ((n * n * n) - n)));
    }
}
