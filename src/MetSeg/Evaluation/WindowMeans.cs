using System.Numerics.Tensors;

namespace MetSeg.Evaluation;

/// <summary>
/// Weighted means of two images, their squares and their product over the windows of <see cref="StructuralSimilarity"/>, slice by slice: each
/// slice of the images is filtered along x and y once and kept while it is needed, then along z. So memory follows the slice, not the volume.
/// </summary>
/// <param name="first">One image, x fastest.</param>
/// <param name="second">The other.</param>
/// <param name="size">Their size.</param>
/// <param name="options">The window and which windows count.</param>
internal sealed class WindowMeans(float[] first, float[] second, Size size, StructuralSimilarityOptions options)
{
    private const int Moments = 5;

    private readonly double[] weights = Weights(options);
    private readonly double[]?[] filtered = new double[options.Taps][];
    private readonly int[] filteredSlice = new int[options.Taps];
    private readonly double[] products = new double[size.X * size.Y];
    private readonly double[] alongX = new double[size.X * size.Y];
    private readonly double[] result = new double[Moments * size.X * size.Y];

    private int Margin => options.Border == SimilarityBorder.Valid ? weights.Length / 2 : 0;

    private int Width => size.X - (2 * Margin);

    private int Height => size.Y - (2 * Margin);

    /// <summary>The means of a, b, a², b², ab over the windows around slice z; overwritten by the next call.</summary>
    public ReadOnlySpan<double> At(int z)
    {
        var means = result.AsSpan(0, Moments * Width * Height);
        means.Clear();
        for (var tap = 0; tap < weights.Length; tap++)
        {
            var slice = z + tap - (weights.Length / 2);
            if (slice >= 0 && slice < size.Z)
            {
                TensorPrimitives.MultiplyAdd(Filtered(slice), weights[tap], means, means);
            }
        }

        return means;
    }

    private double[] Filtered(int z)
    {
        var place = z % filtered.Length;
        if (filtered[place] is { } known && filteredSlice[place] == z)
        {
            return known;
        }

        var slice = filtered[place] ??= new double[Moments * Width * Height];
        filteredSlice[place] = z;
        var a = first.AsSpan(z * products.Length, products.Length);
        var b = second.AsSpan(z * products.Length, products.Length);
        for (var moment = 0; moment < Moments; moment++)
        {
            for (var i = 0; i < products.Length; i++)
            {
                products[i] = moment switch
                {
                    0 => a[i],
                    1 => b[i],
                    2 => (double)a[i] * a[i],
                    3 => (double)b[i] * b[i],
                    _ => (double)a[i] * b[i],
                };
            }

            FilterSlice(slice.AsSpan(moment * Width * Height, Width * Height));
        }

        return slice;
    }

    /// <summary>Filters the products along x, then along y, row by row.</summary>
    private void FilterSlice(Span<double> target)
    {
        var half = weights.Length / 2;
        alongX.AsSpan().Clear();
        for (var y = 0; y < size.Y; y++)
        {
            var row = products.AsSpan(y * size.X, size.X);
            var sums = alongX.AsSpan(y * Width, Width);
            for (var tap = 0; tap < weights.Length; tap++)
            {
                // sums[x] gets row[x + shift]; with zeros around, what is not there adds nothing
                var shift = tap - half + Margin;
                var (from, count) = (Math.Max(0, -shift), Math.Min(Width, size.X - shift) - Math.Max(0, -shift));
                if (count > 0)
                {
                    var part = sums.Slice(from, count);
                    TensorPrimitives.MultiplyAdd(row.Slice(from + shift, count), weights[tap], part, part);
                }
            }
        }

        target.Clear();
        for (var y = 0; y < Height; y++)
        {
            var sums = target.Slice(y * Width, Width);
            for (var tap = 0; tap < weights.Length; tap++)
            {
                var source = y + tap - half + Margin;
                if (source >= 0 && source < size.Y)
                {
                    TensorPrimitives.MultiplyAdd(alongX.AsSpan(source * Width, Width), weights[tap], sums, sums);
                }
            }
        }
    }

    /// <summary>One weight a tap; their sum is 1.</summary>
    private static double[] Weights(StructuralSimilarityOptions options)
    {
        var half = options.Taps / 2;
        var weights = Enumerable.Range(-half, options.Taps)
            .Select(x => options.Window == SimilarityWindow.Uniform ? 1 : Math.Exp(-0.5 * x * x / (options.Sigma * options.Sigma))).ToArray();
        return Array.ConvertAll(weights, weight => weight / weights.Sum());
    }
}
