using MetSeg.Evaluation;

namespace MetSeg.Statistics;

/// <summary>The shift between samples that belongs to the rank tests: medians of pairwise differences and of Walsh averages.</summary>
/// <remarks>
/// Hodges and Lehmann, Ann Math Stat 1963;34:598. Intervals end at order statistics (Hollander and Wolfe, Nonparametric Statistical
/// Methods): exact where the test is, else at the normal approximation's place without tie correction.
/// </remarks>
internal static class HodgesLehmann
{
    private const string Name = "hodges-lehmann-shift";
    private const long MostDifferences = 4_000_000;

    /// <summary>What interval is wanted.</summary>
    /// <param name="Alternative">One-sided tests get one-sided intervals.</param>
    /// <param name="Confidence">Its confidence.</param>
    /// <param name="Exact">Whether the exact distribution without ties holds.</param>
    public sealed record Interval(Alternative Alternative, double Confidence, bool Exact);

    /// <summary>Median of all differences first − second.</summary>
    public static Estimate Shift(double[] first, double[] second, Interval interval)
    {
        var (m, n) = ((long)first.Length, (long)second.Length);
        if (m * n > MostDifferences)
        {
            return TooMany(m * n);
        }

        var differences = new double[m * n];
        for (var i = 0; i < first.Length; i++)
        {
            for (var j = 0; j < second.Length; j++)
            {
                differences[(i * n) + j] = first[i] - second[j];
            }
        }

        var smaller = Math.Min(m, n);
        var offset = smaller * (smaller + 1) / 2.0;
        return Of(differences, interval, Math.Sqrt(m * n * (m + n + 1) / 12.0), () =>
        {
            var exact = ExactDistribution.OfSample([.. Enumerable.Range(1, (int)(m + n)).Select(rank => (double)rank)], (int)smaller);
            return u => exact.AtMost(u + offset);
        });
    }

    /// <summary>Median of the means of every two differences, each with itself too.</summary>
    public static Estimate PairedShift(double[] differences, Interval interval)
    {
        long n = differences.Length;
        var count = n * (n + 1) / 2;
        if (count > MostDifferences)
        {
            return TooMany(count);
        }

        var averages = new double[count];
        for (int i = 0, place = 0; i < n; i++)
        {
            for (var j = i; j < n; j++)
            {
                averages[place++] = (differences[i] + differences[j]) / 2;
            }
        }

        return Of(averages, interval, Math.Sqrt(n * (n + 1.0) * ((2 * n) + 1) / 24), () =>
            ExactDistribution.OfSigns([.. Enumerable.Range(1, (int)n).Select(rank => (double)rank)]).AtMost);
    }

    private static Estimate TooMany(long count) => new(Name, double.NaN, Undefined: $"more than {MostDifferences} differences ({count})");

    private static Estimate Of(double[] values, Interval interval, double deviation, Func<Func<double, double>> exact)
    {
        Array.Sort(values);
        var median = Quantile.OfSorted(values, 0.5);
        var tail = (1 - interval.Confidence) / (interval.Alternative == Alternative.TwoSided ? 2 : 1);
        var trimmed = interval.Exact
            ? ExactTrim(exact(), tail, values.Length)
            : (int)Math.Floor((values.Length / 2.0) + (Tails.NormalQuantile(tail) * deviation));
        if (trimmed < 1)
        {
            return new Estimate(Name, median, Undefined: $"too few values for a {100 * interval.Confidence:0.#} % interval");
        }

        return new Estimate(
            Name,
            median,
            interval.Alternative == Alternative.Less ? double.NegativeInfinity : values[trimmed - 1],
            interval.Alternative == Alternative.Greater ? double.PositiveInfinity : values[^trimmed]);
    }

    /// <summary>The largest c with P(statistic ≤ c − 1) ≤ tail, so that the c-th value from either end bounds the interval.</summary>
    private static int ExactTrim(Func<double, double> atMost, double tail, int most)
    {
        var trimmed = 0;
        while (trimmed < most && atMost(trimmed) <= tail)
        {
            trimmed++;
        }

        return trimmed;
    }
}
