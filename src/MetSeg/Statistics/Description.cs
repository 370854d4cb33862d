using MetSeg.Evaluation;

namespace MetSeg.Statistics;

/// <summary>A sample described: where undefined, numbers are NaN.</summary>
/// <param name="N">Number of finite values.</param>
/// <param name="Missing">Number of others, left out of everything.</param>
/// <param name="Mean">Mean.</param>
/// <param name="Sd">Sample standard deviation (n − 1).</param>
/// <param name="CiLow">Lower limit of the mean's interval by Student's t.</param>
/// <param name="CiHigh">Upper limit of it.</param>
/// <param name="BcaLow">Lower limit of the mean's BCa bootstrap interval, which minds skew and ceilings.</param>
/// <param name="BcaHigh">Upper limit of it.</param>
/// <param name="Median">Median.</param>
/// <param name="LowerQuartile">First quartile by linear interpolation (type 7).</param>
/// <param name="UpperQuartile">Third quartile.</param>
/// <param name="Min">Least value.</param>
/// <param name="Max">Greatest value.</param>
/// <param name="ShapiroWilk">Test of normality.</param>
public sealed record Description(
    int N,
    int Missing,
    double Mean,
    double Sd,
    double CiLow,
    double CiHigh,
    double BcaLow,
    double BcaHigh,
    double Median,
    double LowerQuartile,
    double UpperQuartile,
    double Min,
    double Max,
    NormalityResult ShapiroWilk)
{
    /// <summary>Describes values.</summary>
    /// <param name="values">Values; those that are not finite are left out and counted.</param>
    /// <param name="bootstrap">Confidence of both intervals, and resamples and seed of the BCa interval; null for the defaults.</param>
    public static Description Of(IReadOnlyList<double> values, BootstrapOptions? bootstrap = null)
    {
        bootstrap ??= new BootstrapOptions();
        var sample = Sample.Of(values);
        double[] sorted = [.. sample.Values.Order()];
        var t = ConfidenceIntervals.Mean(sample.Values, bootstrap.Confidence);
        var bca = Bootstrap.OneSample(sample.Values, drawn => drawn.Average(), bootstrap with { Interval = BootstrapInterval.Bca });
        return new Description(
            sample.Count,
            sample.Dropped,
            sample.Mean,
            Math.Sqrt(sample.Variance),
            t.CiLow,
            t.CiHigh,
            bca.CiLow,
            bca.CiHigh,
            Quantile.OfSorted(sorted, 0.5),
            Quantile.OfSorted(sorted, 0.25),
            Quantile.OfSorted(sorted, 0.75),
            sorted.Length == 0 ? double.NaN : sorted[0],
            sorted.Length == 0 ? double.NaN : sorted[^1],
            MetSeg.Statistics.ShapiroWilk.Test(sample.Values) with { Dropped = sample.Dropped });
    }
}
