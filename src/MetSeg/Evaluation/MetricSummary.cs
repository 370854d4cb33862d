namespace MetSeg.Evaluation;

/// <summary>
/// A metric over the cases of a group, those where it is undefined left out: compare <paramref name="N"/> with the number of cases.
/// </summary>
/// <param name="Mean">Mean; NaN where no case has a value.</param>
/// <param name="Sd">Sample standard deviation (n − 1); NaN for fewer than two values.</param>
/// <param name="Median">Median; NaN where no case has a value.</param>
/// <param name="CiLow">
/// Lower end of the 95 % confidence interval of the mean, by percentile bootstrap over cases; NaN for fewer than two values.
/// </param>
/// <param name="CiHigh">Upper end of it.</param>
/// <param name="N">Number of cases with a value.</param>
public sealed record MetricSummary(double Mean, double Sd, double Median, double CiLow, double CiHigh, int N)
{
    /// <summary>Summarizes values, one per case.</summary>
    /// <param name="values">One per case; NaN and infinite ones are left out.</param>
    /// <param name="resamples">Number of bootstrap resamples.</param>
    /// <param name="random">Draws the resamples.</param>
    public static MetricSummary Of(IEnumerable<double> values, int resamples, Random random)
    {
        var defined = values.Where(double.IsFinite).ToArray();
        if (defined.Length == 0)
        {
            return new MetricSummary(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 0);
        }

        var mean = defined.Average();
        var sd = Math.Sqrt(defined.Sum(value => (value - mean) * (value - mean)) / (defined.Length - 1));
        var (low, high) = Interval(defined.Length, resamples, random, drawn => drawn.Average(i => defined[i]));
        return new MetricSummary(mean, sd, Quantile.OfSorted([.. defined.Order()], 0.5), low, high, defined.Length);
    }

    /// <summary>The 95 % percentile interval of a statistic over resampled cases (Efron 1979); NaN for fewer than two cases.</summary>
    /// <param name="cases">Number of cases.</param>
    /// <param name="resamples">Number of resamples.</param>
    /// <param name="random">Draws them.</param>
    /// <param name="statistic">The statistic of the cases drawn, given by their numbers; resamples where it is undefined are left out.</param>
    internal static (double Low, double High) Interval(int cases, int resamples, Random random, Func<int[], double> statistic)
    {
        if (cases < 2)
        {
            return (double.NaN, double.NaN);
        }

        var drawn = new int[cases];
        var values = new List<double>(resamples);
        for (var resample = 0; resample < resamples; resample++)
        {
            for (var i = 0; i < cases; i++)
            {
                drawn[i] = random.Next(cases);
            }

            values.Add(statistic(drawn));
        }

        var sorted = values.Where(double.IsFinite).Order().ToArray();
        return (Quantile.OfSorted(sorted, 0.025), Quantile.OfSorted(sorted, 0.975));
    }
}
