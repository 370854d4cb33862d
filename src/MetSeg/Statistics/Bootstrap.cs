using MetSeg.Evaluation;

namespace MetSeg.Statistics;

/// <summary>Kinds of bootstrap intervals.</summary>
public enum BootstrapInterval
{
    /// <summary>Bias-corrected and accelerated (Efron 1987).</summary>
    Bca,

    /// <summary>Quantiles of the resampled statistic.</summary>
    Percentile,

    /// <summary>Those quantiles mirrored about the statistic.</summary>
    Basic,
}

/// <summary>How a <see cref="Bootstrap"/> interval is made.</summary>
public sealed record BootstrapOptions
{
    /// <summary>The kind. The default is BCa.</summary>
    public BootstrapInterval Interval { get; init; }

    /// <summary>Its confidence. The default is 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Number of resamples. The default is 10,000.</summary>
    public int Resamples { get; init; } = 10_000;

    /// <summary>Seed of the draws: same seed, same interval. The default is 1.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>Confidence intervals of any statistic by resampling cases with replacement.</summary>
/// <remarks>Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 13 and 14; several samples are drawn each on its own.</remarks>
public static class Bootstrap
{
    private const string TooFew = "a sample has fewer than two values";

    /// <summary>The interval of a statistic of one sample.</summary>
    /// <param name="values">Values; those that are not finite are left out.</param>
    /// <param name="statistic">The statistic; it must not keep its argument.</param>
    /// <param name="options">Kind, confidence, resamples and seed; null for the defaults.</param>
    /// <returns>The interval; undefined for fewer than two values, or where the resampled statistic does not vary.</returns>
    public static Estimate OneSample(IReadOnlyList<double> values, Func<double[], double> statistic, BootstrapOptions? options = null)
    {
        var sample = Sample.Of(values).Values;
        return Of([sample.Length], drawn => statistic(Pick(sample, drawn[0])), options ?? new());
    }

    /// <summary>The interval of a statistic of two independent samples.</summary>
    /// <param name="first">Values; those that are not finite are left out.</param>
    /// <param name="second">Values likewise.</param>
    /// <param name="statistic">The statistic; it must not keep its arguments.</param>
    /// <param name="options">Kind, confidence, resamples and seed; null for the defaults.</param>
    public static Estimate TwoSamples(
        IReadOnlyList<double> first, IReadOnlyList<double> second, Func<double[], double[], double> statistic, BootstrapOptions? options = null)
    {
        var (x, y) = (Sample.Of(first).Values, Sample.Of(second).Values);
        return Of([x.Length, y.Length], drawn => statistic(Pick(x, drawn[0]), Pick(y, drawn[1])), options ?? new());
    }

    /// <summary>The interval of a statistic of pairs: cases are drawn with both their values.</summary>
    /// <param name="first">Values, one per case.</param>
    /// <param name="second">Values of the same cases in the same order; pairs that are not finite are left out.</param>
    /// <param name="statistic">The statistic; it must not keep its arguments.</param>
    /// <param name="options">Kind, confidence, resamples and seed; null for the defaults.</param>
    public static Estimate Pairs(
        IReadOnlyList<double> first, IReadOnlyList<double> second, Func<double[], double[], double> statistic, BootstrapOptions? options = null)
    {
        var (x, y) = Sample.Pairs(first, second);
        return Of([x.Count], drawn => statistic(Pick(x.Values, drawn[0]), Pick(y.Values, drawn[0])), options ?? new());
    }

    private static double[] Pick(double[] values, int[] drawn) => Array.ConvertAll(drawn, i => values[i]);

    private static Estimate Of(int[] sizes, Func<int[][], double> statistic, BootstrapOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Resamples, 1);
        int[][] all = [.. sizes.Select(size => Enumerable.Range(0, size).ToArray())];
        var value = sizes.Any(size => size == 0) ? double.NaN : statistic(all);
        if (sizes.Any(size => size < 2) || !double.IsFinite(value))
        {
            return new Estimate("bootstrap", value, Undefined: double.IsFinite(value) || sizes.Any(size => size < 2) ? TooFew : "the statistic is undefined");
        }

        var sorted = Resampled(sizes, statistic, options);
        if (sorted.Length == 0 || sorted[0] == sorted[^1])
        {
            return new Estimate("bootstrap", value, Undefined: "the statistic is the same in every resample");
        }

        var tail = (1 - options.Confidence) / 2;
        var (lowShare, highShare) = options.Interval == BootstrapInterval.Bca ? BcaShares(value, sorted, Acceleration(all, statistic), tail) : (tail, 1 - tail);
        var (low, high) = (Quantile.OfSorted(sorted, lowShare), Quantile.OfSorted(sorted, highShare));
        return options.Interval == BootstrapInterval.Basic
            ? new Estimate("bootstrap", value, (2 * value) - high, (2 * value) - low)
            : new Estimate("bootstrap", value, low, high);
    }

    /// <summary>The statistic of every resample where it is defined, ascending.</summary>
    private static double[] Resampled(int[] sizes, Func<int[][], double> statistic, BootstrapOptions options)
    {
        var random = Seeds.Generator(options.Seed, "bootstrap");
        int[][] drawn = [.. sizes.Select(size => new int[size])];
        var values = new List<double>(options.Resamples);
        for (var resample = 0; resample < options.Resamples; resample++)
        {
            foreach (var indices in drawn)
            {
                for (var i = 0; i < indices.Length; i++)
                {
                    indices[i] = random.Next(indices.Length);
                }
            }

            values.Add(statistic(drawn));
        }

        return [.. values.Where(double.IsFinite).Order()];
    }

    /// <summary>Equation 14.10: the shares at which the quantiles are taken; equal values count half as below.</summary>
    private static (double Low, double High) BcaShares(double value, double[] sorted, double acceleration, double tail)
    {
        var below = (sorted.Count(one => one < value) + sorted.Count(one => one <= value)) / (2.0 * sorted.Length);
        var bias = Tails.NormalQuantile(Math.Clamp(below, 0.5 / sorted.Length, 1 - (0.5 / sorted.Length)));
        return (Share(Tails.NormalQuantile(tail)), Share(Tails.NormalQuantile(1 - tail)));

        double Share(double z) => 1 - Tails.Normal(bias + ((bias + z) / (1 - (acceleration * (bias + z)))));
    }

    /// <summary>Equation 14.15 from the jackknife, each sample's influences weighed by its size; 0 where no value has influence.</summary>
    private static double Acceleration(int[][] all, Func<int[][], double> statistic)
    {
        var (cubes, squares) = (0.0, 0.0);
        for (var sample = 0; sample < all.Length; sample++)
        {
            var n = all[sample].Length;
            var left = Enumerable.Range(0, n)
                .Select(i => statistic([.. all.Select((indices, other) => other == sample ? [.. indices.Where(index => index != i)] : indices)]))
                .Where(double.IsFinite).ToArray();
            var mean = left.Length == 0 ? 0 : left.Average();
            foreach (var influence in left.Select(value => (n - 1) * (mean - value)))
            {
                cubes += influence * influence * influence / ((double)n * n * n);
                squares += influence * influence / ((double)n * n);
            }
        }

        return squares > 0 ? cubes / (6 * Math.Pow(squares, 1.5)) : 0;
    }
}
