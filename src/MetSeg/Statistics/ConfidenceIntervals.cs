using MathNet.Numerics.Distributions;

namespace MetSeg.Statistics;

/// <summary>Confidence intervals by formula, of means and of proportions.</summary>
public static class ConfidenceIntervals
{
    /// <summary>The interval of a mean by Student's t with n − 1 degrees of freedom; NaN for fewer than two values.</summary>
    /// <param name="values">Values; those that are not finite are left out.</param>
    /// <param name="confidence">Its confidence.</param>
    public static Estimate Mean(IReadOnlyList<double> values, double confidence = 0.95)
    {
        var sample = Sample.Of(values);
        return Around(sample, sample.Count < 2 ? double.NaN : Tails.StudentTQuantile((1 + confidence) / 2, sample.Count - 1));
    }

    /// <summary>The interval of a mean by the normal distribution, for large samples; NaN for fewer than two values.</summary>
    /// <param name="values">Values; those that are not finite are left out.</param>
    /// <param name="confidence">Its confidence.</param>
    public static Estimate MeanNormal(IReadOnlyList<double> values, double confidence = 0.95) =>
        Around(Sample.Of(values), Tails.NormalQuantile((1 + confidence) / 2));

    /// <summary>Wilson's score interval of a proportion.</summary>
    /// <param name="successes">From 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">Number of trials; NaN for 0.</param>
    /// <param name="confidence">Its confidence.</param>
    /// <remarks>Wilson, J Am Stat Assoc 1927;22:209.</remarks>
    public static Estimate Wilson(int successes, int trials, double confidence = 0.95)
    {
        ThrowIfNotCounts(successes, trials);
        var share = (double)successes / trials;
        var z = Tails.NormalQuantile((1 + confidence) / 2);
        var spread = z * z / trials;
        var center = (share + (spread / 2)) / (1 + spread);
        var reach = z * Math.Sqrt(((share * (1 - share)) + (spread / 4)) / trials) / (1 + spread);
        return Proportion(share, Math.Max(0, center - reach), Math.Min(1, center + reach));
    }

    /// <summary>The exact interval of a proportion, which keeps its confidence for every proportion.</summary>
    /// <inheritdoc cref="Wilson" path="/param"/>
    /// <remarks>Clopper and Pearson, Biometrika 1934;26:404.</remarks>
    public static Estimate ClopperPearson(int successes, int trials, double confidence = 0.95)
    {
        ThrowIfNotCounts(successes, trials);
        var tail = (1 - confidence) / 2;
        return Proportion(
            (double)successes / trials,
            successes == 0 ? 0 : Beta.InvCDF(successes, trials - successes + 1, tail),
            successes == trials ? 1 : Beta.InvCDF(successes + 1, trials - successes, 1 - tail));
    }

    private static Estimate Around(Sample sample, double quantile)
    {
        var reach = quantile * Math.Sqrt(sample.Variance / sample.Count);
        return new Estimate("mean", sample.Mean, sample.Mean - reach, sample.Mean + reach, sample.Count < 2 ? "fewer than two values" : null);
    }

    private static Estimate Proportion(double share, double low, double high) => double.IsNaN(share)
        ? new Estimate("proportion", double.NaN, Undefined: "there is no trial")
        : new Estimate("proportion", share, low, high);

    private static void ThrowIfNotCounts(int successes, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
    }
}
