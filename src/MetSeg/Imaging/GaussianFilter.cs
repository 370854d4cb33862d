using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Separable Gaussian smoothing with a width in millimeters. The kernel is sampled at the voxel centers, cut off at four standard
/// deviations and normalized to sum 1; beyond the image its outermost voxels are repeated. Same as scipy.ndimage.gaussian_filter with
/// mode "nearest".
/// </summary>
public static class GaussianFilter
{
    private const double Truncation = 4;

    /// <summary>Smooths with the same width along all three axes.</summary>
    /// <param name="volume">The image; not changed.</param>
    /// <param name="sigmaMm">Standard deviation in mm; 0 leaves the image as it is.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sigmaMm"/> is negative or not finite.</exception>
    public static Volume Smooth(Volume volume, double sigmaMm) => Smooth(volume, sigmaMm, sigmaMm, sigmaMm);

    /// <summary>Smooths with a width of its own along each voxel axis.</summary>
    /// <param name="volume">The image; not changed.</param>
    /// <param name="sigmaX">Standard deviation along the first voxel axis, in mm; 0 leaves that axis as it is.</param>
    /// <param name="sigmaY">The same along the second axis.</param>
    /// <param name="sigmaZ">The same along the third axis.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is negative or not finite.</exception>
    public static Volume Smooth(Volume volume, double sigmaX, double sigmaY, double sigmaZ)
    {
        var (size, spacing) = (volume.Grid.Size, volume.Grid.Spacing);
        var source = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        source = AlongX(source, size, Kernel(sigmaX / spacing.X));
        source = AlongY(source, size, Kernel(sigmaY / spacing.Y));
        source = AlongZ(source, size, Kernel(sigmaZ / spacing.Z));
        return new Volume(volume.Grid, source);
    }

    /// <summary>The weights at offsets −r…r for a standard deviation in voxels; one weight where it is 0.</summary>
    internal static float[] Kernel(double sigma)
    {
        if (!double.IsFinite(sigma) || sigma < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "The width of a Gaussian must be finite and not negative (mm).");
        }

        var radius = (int)((Truncation * sigma) + 0.5);
        var weights = Enumerable.Range(-radius, (2 * radius) + 1).Select(x => radius == 0 ? 1 : Math.Exp(-0.5 * x * x / (sigma * sigma))).ToArray();
        var sum = weights.Sum();
        return [.. weights.Select(weight => (float)(weight / sum))];
    }

    private static float[] AlongX(float[] source, Size size, float[] kernel)
    {
        if (kernel.Length == 1)
        {
            return source;
        }

        var target = new float[source.Length];
        var radius = kernel.Length / 2;
        Parallel.For(0, size.Z, z =>
        {
            var padded = new float[size.X + (2 * radius)];
            for (var y = 0; y < size.Y; y++)
            {
                var row = size.Index(0, y, z);
                padded.AsSpan(0, radius).Fill(source[row]);
                source.AsSpan(row, size.X).CopyTo(padded.AsSpan(radius));
                padded.AsSpan(radius + size.X).Fill(source[row + size.X - 1]);
                for (var tap = 0; tap < kernel.Length; tap++)
                {
                    AddScaled(target.AsSpan(row, size.X), padded.AsSpan(tap, size.X), kernel[tap]);
                }
            }
        });
        return target;
    }

    private static float[] AlongY(float[] source, Size size, float[] kernel)
    {
        if (kernel.Length == 1)
        {
            return source;
        }

        var target = new float[source.Length];
        var radius = kernel.Length / 2;
        Parallel.For(0, size.Z, z =>
        {
            for (var y = 0; y < size.Y; y++)
            {
                for (var tap = 0; tap < kernel.Length; tap++)
                {
                    var from = Math.Clamp(y + tap - radius, 0, size.Y - 1);
                    AddScaled(target.AsSpan(size.Index(0, y, z), size.X), source.AsSpan(size.Index(0, from, z), size.X), kernel[tap]);
                }
            }
        });
        return target;
    }

    private static float[] AlongZ(float[] source, Size size, float[] kernel)
    {
        if (kernel.Length == 1)
        {
            return source;
        }

        var target = new float[source.Length];
        var radius = kernel.Length / 2;
        var slice = size.X * size.Y;
        Parallel.For(0, size.Z, z =>
        {
            for (var tap = 0; tap < kernel.Length; tap++)
            {
                var from = Math.Clamp(z + tap - radius, 0, size.Z - 1);
                AddScaled(target.AsSpan(z * slice, slice), source.AsSpan(from * slice, slice), kernel[tap]);
            }
        });
        return target;
    }

    /// <summary>Adds weight · source to the target; multiplied and added apart, so that every vector width gives the same bits.</summary>
    private static void AddScaled(Span<float> target, ReadOnlySpan<float> source, float weight)
    {
        var targets = MemoryMarshal.Cast<float, Vector<float>>(target);
        var sources = MemoryMarshal.Cast<float, Vector<float>>(source);
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] += sources[i] * weight;
        }

        for (var i = targets.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] += source[i] * weight;
        }
    }
}
