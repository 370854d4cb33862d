using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Brings an image's intensities to a scale that does not depend on the scanner's arbitrary units, by statistics of the image itself or of a
/// part of it (the brain, or what is not 0: <see cref="Foreground.FindNonzero"/>).
/// </summary>
public static class IntensityNormalization
{
    private const double SmallestDivisor = 1e-8;

    /// <summary>Subtracts the mean and divides by the population standard deviation, as nnU-Net does.</summary>
    /// <param name="volume">The image.</param>
    /// <param name="inside">Where the statistics come from (not 0), on the image's grid; the rest becomes 0. Null takes the whole image.</param>
    /// <returns>The image on its grid; 0 everywhere where all intensities inside are the same or nothing is inside.</returns>
    /// <exception cref="GridMismatchException"><paramref name="inside"/> is on another grid.</exception>
    public static Volume ZScore(Volume volume, LabelMap? inside = null)
    {
        var (voxels, mask) = Arrays(volume, inside);
        double sum = 0, squares = 0;
        var count = 0;
        for (var i = 0; i < voxels.Length; i++)
        {
            if (mask is null || mask[i] != 0)
            {
                sum += voxels[i];
                count++;
            }
        }

        var mean = count == 0 ? 0 : sum / count;
        for (var i = 0; i < voxels.Length; i++)
        {
            if (mask is null || mask[i] != 0)
            {
                squares += (voxels[i] - mean) * (voxels[i] - mean);
            }
        }

        var deviation = Math.Max(count == 0 ? 0 : Math.Sqrt(squares / count), SmallestDivisor);
        return Map(volume, mask, value => (float)((value - mean) / deviation));
    }

    /// <summary>Maps the smallest intensity to 0 and the largest to 1.</summary>
    /// <param name="volume">The image.</param>
    /// <param name="inside">Where the two are looked for (not 0), on the image's grid; the rest becomes 0. Null takes the whole image.</param>
    /// <returns>The image on its grid; 0 everywhere where all intensities inside are the same or nothing is inside.</returns>
    /// <exception cref="GridMismatchException"><paramref name="inside"/> is on another grid.</exception>
    public static Volume MinMax(Volume volume, LabelMap? inside = null)
    {
        var (voxels, mask) = Arrays(volume, inside);
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        for (var i = 0; i < voxels.Length; i++)
        {
            if (mask is null || mask[i] != 0)
            {
                (low, high) = (MathF.Min(low, voxels[i]), MathF.Max(high, voxels[i]));
            }
        }

        var range = Math.Max((double)high - low, SmallestDivisor);
        return Map(volume, mask, value => (float)((value - low) / range));
    }

    /// <summary>Raises what is below a low percentile to it and lowers what is above a high one to it.</summary>
    /// <param name="volume">The image.</param>
    /// <param name="low">The low percentile, 0 to 100, by linear interpolation. The default is 0.5.</param>
    /// <param name="high">The high percentile; not below the low one. The default is 99.5.</param>
    /// <param name="inside">
    /// Where percentiles come from and are applied (not 0), on the image's grid; the rest stays. Null takes the whole image.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A percentile is not in 0 to 100, or the low one is above the high one.</exception>
    /// <exception cref="GridMismatchException"><paramref name="inside"/> is on another grid.</exception>
    /// <exception cref="MetSegException">Nothing is inside, or a NaN is.</exception>
    public static Volume ClipPercentiles(Volume volume, double low = 0.5, double high = 99.5, LabelMap? inside = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(low, high);
        var limits = Percentiles.Compute(volume, inside, low, high);
        if (double.IsNaN(limits[0]))
        {
            throw new MetSegException("The image has no percentiles: the mask is empty, or a voxel inside it is not a number. Check image and mask.");
        }

        var (voxels, mask) = Arrays(volume, inside);
        var (lowest, highest) = ((float)limits[0], (float)limits[1]);
        var clipped = new float[voxels.Length];
        ForEachSlice(volume.Grid.Size, (start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                clipped[i] = mask is null || mask[i] != 0 ? Math.Clamp(voxels[i], lowest, highest) : voxels[i];
            }
        });
        return new Volume(volume.Grid, clipped);
    }

    private static (float[] Voxels, byte[]? Mask) Arrays(Volume volume, LabelMap? inside)
    {
        SameGrid.ThrowIfNot(volume.Grid, inside?.Grid, "mask");
        return (ImmutableCollectionsMarshal.AsArray(volume.Voxels)!, inside is null ? null : ImmutableCollectionsMarshal.AsArray(inside.Labels));
    }

    /// <summary>A function of every voxel inside; 0 outside.</summary>
    private static Volume Map(Volume volume, byte[]? mask, Func<float, float> function)
    {
        var voxels = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        var mapped = new float[voxels.Length];
        ForEachSlice(volume.Grid.Size, (start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                mapped[i] = mask is null || mask[i] != 0 ? function(voxels[i]) : 0;
            }
        });
        return new Volume(volume.Grid, mapped);
    }

    private static void ForEachSlice(Size size, Action<int, int> work)
    {
        var slice = size.X * size.Y;
        Parallel.For(0, size.Z, z => work(z * slice, (z + 1) * slice));
    }
}
