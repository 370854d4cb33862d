using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Percentiles of an image's intensities by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996; numpy's default).
/// The order statistics are found by counting the two halves of the values' bits, so the image is neither copied nor sorted.
/// </summary>
public static class Percentiles
{
    private const int HalfBits = 16;
    private const int Halves = 1 << HalfBits;

    /// <summary>Computes percentiles.</summary>
    /// <param name="volume">The image.</param>
    /// <param name="mask">Where to look (not 0), on the image's grid; null for everywhere.</param>
    /// <param name="percentages">Which percentiles, each from 0 to 100.</param>
    /// <returns>One value for each percentage; all NaN where the mask is empty or a NaN lies inside.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A percentage is not in 0 to 100.</exception>
    /// <exception cref="GridMismatchException">The mask is on another grid.</exception>
    public static double[] Compute(Volume volume, LabelMap? mask, params ReadOnlySpan<double> percentages)
    {
        foreach (var percentage in percentages)
        {
            ThrowIfImpossible(percentage);
        }

        SameGrid.ThrowIfNot(volume.Grid, mask?.Grid, "mask");
        var voxels = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        var labels = mask is null ? null : ImmutableCollectionsMarshal.AsArray(mask.Labels);
        var upper = new int[Halves];
        var (count, isDefined) = CountUpper(voxels, labels, upper);
        var results = new double[percentages.Length];
        if (count == 0 || !isDefined)
        {
            Array.Fill(results, double.NaN);
            return results;
        }

        var places = new double[percentages.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = percentages[i] / 100 * (count - 1);
        }

        var values = OrderStatistics(voxels, labels, upper, [.. places.SelectMany(place => RanksAround(place, count)).Distinct().Order()]);
        for (var i = 0; i < results.Length; i++)
        {
            var ranks = RanksAround(places[i], count);
            results[i] = Between(values[ranks[0]], values[ranks[1]], places[i] - ranks[0]);
        }

        return results;
    }

    /// <summary>Throws unless a percentage lies in 0 to 100.</summary>
    internal static void ThrowIfImpossible(double percentage)
    {
        if (percentage is not (>= 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percentage), percentage, "A percentile must be from 0 to 100.");
        }
    }

    private static (int Count, bool IsDefined) CountUpper(float[] voxels, byte[]? mask, int[] upper)
    {
        var (count, isDefined) = (0, true);
        for (var i = 0; i < voxels.Length; i++)
        {
            if (mask is null || mask[i] != 0)
            {
                isDefined &= !float.IsNaN(voxels[i]);
                upper[Key(voxels[i]) >> HalfBits]++;
                count++;
            }
        }

        return (count, isDefined);
    }

    private static int[] RanksAround(double place, int count) => [(int)place, Math.Min((int)place + 1, count - 1)];

    /// <summary>The values at ascending ranks.</summary>
    private static Dictionary<int, float> OrderStatistics(float[] voxels, byte[]? mask, int[] upper, int[] ranks)
    {
        var found = new (int Rank, int Upper, int Before)[ranks.Length];
        for (var (i, half, before) = (0, 0, 0); i < ranks.Length; i++)
        {
            for (; before + upper[half] <= ranks[i]; half++)
            {
                before += upper[half];
            }

            found[i] = (ranks[i], half, before);
        }

        var lower = new int[]?[Halves];
        foreach (var (_, half, _) in found)
        {
            lower[half] ??= new int[Halves];
        }

        CountLower(voxels, mask, lower);
        return found.ToDictionary(place => place.Rank, place => Value(place.Upper, RankWithin(lower[place.Upper]!, place.Rank - place.Before)));
    }

    private static void CountLower(float[] voxels, byte[]? mask, int[]?[] lower)
    {
        for (var i = 0; i < voxels.Length; i++)
        {
            if (mask is null || mask[i] != 0)
            {
                var key = Key(voxels[i]);
                if (lower[key >> HalfBits] is { } counts)
                {
                    counts[key & (Halves - 1)]++;
                }
            }
        }
    }

    private static int RankWithin(int[] counts, int rank)
    {
        var half = 0;
        for (; rank >= counts[half]; half++)
        {
            rank -= counts[half];
        }

        return half;
    }

    /// <summary>A number that grows with the value: the sign bit of positive values and all bits of negative ones turned over.</summary>
    private static uint Key(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        return (uint)(bits ^ ((bits >> 31) | int.MinValue));
    }

    private static float Value(int upper, int lower)
    {
        var key = (upper << HalfBits) | lower;
        return BitConverter.Int32BitsToSingle(key < 0 ? key ^ int.MinValue : ~key);
    }

    /// <summary>From the nearer end, as numpy does, so that both ends are met exactly.</summary>
    private static double Between(double low, double high, double share) =>
        share >= 0.5 ? high - ((high - low) * (1 - share)) : low + ((high - low) * share);
}
