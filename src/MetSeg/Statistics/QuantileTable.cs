using MetSeg.Evaluation;

namespace MetSeg.Statistics;

/// <summary>What is kept of a sample so that later values can be placed in it: its minimum, its 99 percentiles, its maximum.</summary>
/// <param name="Percentiles">101 values, ascending.</param>
public sealed record QuantileTable(IReadOnlyList<double> Percentiles)
{
    private const int Steps = 100;

    /// <summary>The table of a sample.</summary>
    /// <param name="values">One or more finite values.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static QuantileTable Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0
            ? throw new ArgumentException("A table of percentiles needs a value.", nameof(values))
            : new QuantileTable([.. Enumerable.Range(0, Steps + 1).Select(step => Quantile.OfSorted(sorted, (double)step / Steps))]);
    }

    /// <summary>The share of the sample that lies below a value, from 0 to 1, by linear interpolation; NaN for NaN.</summary>
    public double ShareBelow(double value)
    {
        if (double.IsNaN(value) || value <= Percentiles[0])
        {
            return double.IsNaN(value) ? double.NaN : 0;
        }

        var above = 1;
        while (above < Steps && Percentiles[above] < value)
        {
            above++;
        }

        var (low, high) = (Percentiles[above - 1], Percentiles[above]);
        return value >= high ? (double)above / Steps : (above - 1 + ((value - low) / (high - low))) / Steps;
    }

    /// <summary>Whether a value lies above the 99th percentile.</summary>
    public bool IsBeyond(double value) => value > Percentiles[Steps - 1];
}
