using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MetSeg.Evaluation;

/// <summary>Mean structural similarity (SSIM) of two volumes, in three dimensions and in double precision.</summary>
/// <remarks>
/// Wang et al., Image quality assessment: from error visibility to structural similarity, IEEE T Image Process 2004;13:600, equation 13, with
/// C1 = (0.01·R)², C2 = (0.03·R)². Background that both images share is perfectly similar: it raises the mean.
/// </remarks>
public static class StructuralSimilarity
{
    /// <summary>The mean over all windows.</summary>
    /// <param name="reference">The image that counts as right.</param>
    /// <param name="image">Another image of the same size.</param>
    /// <param name="options">The conventions; null for the defaults.</param>
    /// <returns>
    /// At most 1, which equal images reach. NaN where no window fits into the images, or where the range is to be the reference's and it is constant.
    /// </returns>
    /// <exception cref="ArgumentException">The images differ in size.</exception>
    /// <exception cref="OptionsException">The options contradict themselves.</exception>
    public static double Compute(Volume reference, Volume image, StructuralSimilarityOptions? options = null)
    {
        options ??= new StructuralSimilarityOptions();
        OptionsException.ThrowIfAny("structural similarity", options.Problems());
        var size = reference.Grid.Size;
        if (size != image.Grid.Size)
        {
            throw new ArgumentException($"Images of {size} and {image.Grid.Size} voxels cannot be compared.", nameof(image));
        }

        var (first, second) = (ImmutableCollectionsMarshal.AsArray(reference.Voxels)!, ImmutableCollectionsMarshal.AsArray(image.Voxels)!);
        var range = options.DataRange ?? ((double)TensorPrimitives.Max<float>(first) - TensorPrimitives.Min<float>(first));
        var margin = options.Border == SimilarityBorder.Valid ? options.Taps / 2 : 0;
        var (width, height, depth) = (size.X - (2 * margin), size.Y - (2 * margin), size.Z - (2 * margin));
        if (range == 0 || width <= 0 || height <= 0 || depth <= 0)
        {
            return double.NaN;
        }

        var slices = new double[depth];
        var slabs = Math.Min(depth, Environment.ProcessorCount);
        Parallel.For(0, slabs, slab =>
        {
            var moments = new WindowMeans(first, second, size, options);
            for (var z = depth * slab / slabs; z < depth * (slab + 1) / slabs; z++)
            {
                slices[z] = Sum(moments.At(z + margin), width * height, options, range);
            }
        });
        return slices.Sum() / ((double)width * height * depth);
    }

    /// <summary>The sum of the similarities of one slice's windows.</summary>
    /// <param name="means">Weighted means of a, b, a², b², ab over each window, one after the other.</param>
    /// <param name="count">Number of windows.</param>
    /// <param name="options">The conventions.</param>
    /// <param name="range">R.</param>
    private static double Sum(ReadOnlySpan<double> means, int count, StructuralSimilarityOptions options, double range)
    {
        var voxels = Math.Pow(options.Taps, 3);
        var scale = options.SampleCovariance ? voxels / (voxels - 1) : 1;
        var (c1, c2) = (0.01 * range * 0.01 * range, 0.03 * range * 0.03 * range);
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            var (a, b) = (means[i], means[count + i]);
            var (aa, bb, ab) = (means[(2 * count) + i], means[(3 * count) + i], means[(4 * count) + i]);
            var variances = scale * (aa - (a * a) + bb - (b * b));
            var covariance = scale * (ab - (a * b));
            sum += ((2 * a * b) + c1) * ((2 * covariance) + c2) / (((a * a) + (b * b) + c1) * (variances + c2));
        }

        return sum;
    }
}
