namespace MetSeg.Evaluation;

/// <summary>
/// A metric over the cases of a group, those where it is undefined left out: compare <paramref name="N"/> with the number of cases.
/// </summary>
/// <param name="Mean">Mean; NaN where no case has a value.</param>
/// <param name="Sd">Sample standard deviation (n − 1); NaN for fewer than two values.</param>
/// <param name="Median">Median; NaN where no case has a value.</param>
/// <param name="CiLow">
/// Lower end of the 95 % confidence interval of the mean, by percentile bootstrap over patients; NaN for fewer than two patients.
/// </param>
/// <param name="CiHigh">Upper end of it.</param>
/// <param name="N">Number of cases with a value.</param>
public sealed record MetricSummary(double Mean, double Sd, double Median, double CiLow, double CiHigh, int N)
{
    /// <summary>Summarizes values of cases.</summary>
    /// <param name="cases">Patient and value of each case; values that are NaN or infinite are left out.</param>
    /// <param name="resamples">Number of bootstrap resamples.</param>
    /// <param name="random">Draws the resamples.</param>
    public static MetricSummary Of(IEnumerable<(string Patient, double Value)> cases, int resamples, Random random)
    {
        var defined = cases.Where(one => double.IsFinite(one.Value)).ToList();
        if (defined.Count == 0)
        {
            return new MetricSummary(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 0);
        }

        var values = defined.Select(one => one.Value).ToArray();
        var mean = values.Average();
        var sd = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        var resampling = new PatientResampling([.. defined.Select(one => one.Patient)], resamples);
        var (low, high) = resampling.Interval(random, drawn => drawn.Average(i => values[i]));
        return new MetricSummary(mean, sd, Quantile.OfSorted([.. values.Order()], 0.5), low, high, values.Length);
    }
}
