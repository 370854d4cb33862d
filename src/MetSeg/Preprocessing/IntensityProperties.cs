using System.Text.Json.Serialization;

namespace MetSeg.Preprocessing;

/// <summary>Intensities of a channel inside the labelled foreground of a data set, every case with foreground weighing the same.</summary>
/// <param name="Max">Largest value.</param>
/// <param name="Mean">Mean.</param>
/// <param name="Median">Median.</param>
/// <param name="Min">Smallest value.</param>
/// <param name="Percentile005">The 0.5th percentile.</param>
/// <param name="Percentile995">The 99.5th percentile.</param>
/// <param name="StandardDeviation">Population standard deviation.</param>
public sealed record IntensityProperties(
    [property: JsonPropertyName("max")] double Max,
    [property: JsonPropertyName("mean")] double Mean,
    [property: JsonPropertyName("median")] double Median,
    [property: JsonPropertyName("min")] double Min,
    [property: JsonPropertyName("percentile_00_5")] double Percentile005,
    [property: JsonPropertyName("percentile_99_5")] double Percentile995,
    [property: JsonPropertyName("std")] double StandardDeviation)
{
    /// <summary>Computes the properties of the mixture that gives every case the same weight.</summary>
    /// <param name="cases">The foreground values of each case, sorted ascending, none of them empty.</param>
    /// <remarks>
    /// nnU-Net draws equally many values from every case, with replacement; this is what its figures tend to as the sample grows. A
    /// percentile is the smallest value that at least its share of the mixture does not exceed.
    /// </remarks>
    /// <exception cref="ArgumentException">There are no cases.</exception>
    public static IntensityProperties Of(IReadOnlyList<float[]> cases)
    {
        if (cases.Count == 0)
        {
            throw new ArgumentException("At least one case with foreground is needed.", nameof(cases));
        }

        double mean = cases.Average(values => Moment(values, 0, 1)), spread = cases.Average(values => Moment(values, mean, 2));
        return new IntensityProperties(
            cases.Max(values => values[^1]), mean, Percentile(cases, 0.5), cases.Min(values => values[0]),
            Percentile(cases, 0.005), Percentile(cases, 0.995), Math.Sqrt(spread));
    }

    private static double Moment(float[] values, double center, int power)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            var difference = value - center;
            sum += power == 1 ? difference : difference * difference;
        }

        return sum / values.Length;
    }

    /// <summary>Bisection over the float bit patterns in ascending order of value, so that the answer is one of the values.</summary>
    private static double Percentile(IReadOnlyList<float[]> cases, double share)
    {
        long low = Rank(cases.Min(values => values[0])), high = Rank(cases.Max(values => values[^1]));
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (ShareUpTo(cases, Value(middle)) >= share)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return Value(low);
    }

    private static double ShareUpTo(IReadOnlyList<float[]> cases, float limit)
    {
        var sum = 0.0;
        foreach (var values in cases)
        {
            int low = 0, high = values.Length;
            while (low < high)
            {
                var middle = low + ((high - low) / 2);
                (low, high) = values[middle] <= limit ? (middle + 1, high) : (low, middle);
            }

            sum += (double)low / values.Length;
        }

        return sum / cases.Count;
    }

    private static long Rank(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        return bits >= 0 ? bits : -(long)(bits & int.MaxValue);
    }

    private static float Value(long rank) =>
        rank >= 0 ? BitConverter.Int32BitsToSingle((int)rank) : -BitConverter.Int32BitsToSingle((int)-rank);
}
