namespace MetSeg.Statistics;

/// <summary>Friedman's test of several treatments, such as models, of the same cases.</summary>
/// <remarks>Friedman, J Am Stat Assoc 1937;32:675; effect size: Kendall's W = χ²/(n(k − 1)).</remarks>
public static class Friedman
{
    /// <summary>Tests whether treatments differ; tie-corrected, p from the χ² distribution.</summary>
    /// <param name="treatments">At least three treatments' values, cases in one order; cases with a value that is not finite are left out.</param>
    /// <returns>The result; undefined for fewer than three treatments or two cases, or where every case has equal values throughout.</returns>
    /// <exception cref="ArgumentException">The treatments differ in length.</exception>
    public static TestResult Test(IReadOnlyList<IReadOnlyList<double>> treatments)
    {
        if (treatments.Any(values => values.Count != treatments[0].Count))
        {
            throw new ArgumentException("Friedman's test needs as many values of each treatment.", nameof(treatments));
        }

        var cases = treatments.Count == 0 ? 0 : treatments[0].Count;
        double[][] rows = [.. Enumerable.Range(0, cases).Select(i => treatments.Select(values => values[i]).ToArray()).Where(row => row.All(double.IsFinite))];
        var result = new TestResult
        {
            Test = StatisticalTest.Friedman,
            StatisticName = "chi2",
            N = [rows.Length],
            Dropped = cases - rows.Length,
        };
        if (treatments.Count < 3 || rows.Length < 2)
        {
            return result with { Undefined = treatments.Count < 3 ? "fewer than three treatments" : "fewer than two cases" };
        }

        var statistic = ChiSquared(rows, treatments.Count);
        return double.IsNaN(statistic)
            ? result with { Undefined = "within every case all values are equal" }
            : result with
            {
                Statistic = statistic,
                DegreesOfFreedom = treatments.Count - 1,
                P = Tails.ChiSquared(statistic, treatments.Count - 1),
                Method = "chi-squared with tie correction",
                EffectSize = new Estimate("kendalls-w", statistic / (rows.Length * (treatments.Count - 1.0))),
            };
    }

    private static double ChiSquared(double[][] rows, int treatments)
    {
        var (sums, ties) = (new double[treatments], 0.0);
        foreach (var ranks in rows.Select(row => Ranks.Of(row)))
        {
            ties += ranks.TieSum;
            for (var treatment = 0; treatment < treatments; treatment++)
            {
                sums[treatment] += ranks.Values[treatment];
            }
        }

        double k = treatments;
        var expected = rows.Length * (k + 1) / 2;
        var scale = 1 - (ties / (rows.Length * ((k * k * k) - k)));
        return scale > 0 ? 12 / (rows.Length * k * (k + 1)) * sums.Sum(sum => (sum - expected) * (sum - expected)) / scale : double.NaN;
    }
}
