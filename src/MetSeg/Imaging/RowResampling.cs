using System.Numerics.Tensors;

namespace MetSeg.Imaging;

/// <summary>
/// Resamples an image linearly to another size over the same field of view, one row along x at a time: for results that are used as they come
/// and never held whole. The same rule as <see cref="ShapeResampling"/>.
/// </summary>
internal sealed class RowResampling
{
    private readonly Size source;
    private readonly AxisPosition[] x;
    private readonly AxisPosition[] y;
    private readonly AxisPosition[] z;
    private readonly bool isSameAlongX;

    /// <param name="source">Size of the image.</param>
    /// <param name="target">Size of the result.</param>
    /// <param name="separateAxis">The axis (0 x, 1 y, 2 z) along which the nearest voxel counts, or null: see <see cref="ShapeResampling.SeparateAxis"/>.</param>
    public RowResampling(Size source, Size target, int? separateAxis)
    {
        this.source = source;
        var (from, to) = (source.ToArray(), target.ToArray());
        var axes = Enumerable.Range(0, 3).Select(axis => Positions(from[axis], to[axis], axis == separateAxis)).ToArray();
        (x, y, z) = (axes[0], axes[1], axes[2]);
        isSameAlongX = source.X == target.X;
    }

    /// <summary>Interpolates one row of the result.</summary>
    /// <param name="image">The image, x fastest.</param>
    /// <param name="row">Row (y, z) of the result.</param>
    /// <param name="scratch">Two rows of the image.</param>
    /// <param name="result">One row of the result.</param>
    public void Interpolate(ReadOnlySpan<float> image, (int Y, int Z) row, Span<float> scratch, Span<float> result)
    {
        var mixed = scratch[..source.X];
        AlongY(image, row.Y, z[row.Z].Lower, mixed);
        if (z[row.Z].Weight != 0)
        {
            var next = scratch.Slice(source.X, source.X);
            AlongY(image, row.Y, z[row.Z].Lower + 1, next);
            TensorPrimitives.Lerp(mixed, next, z[row.Z].Weight, mixed);
        }

        if (isSameAlongX)
        {
            mixed.CopyTo(result);
            return;
        }

        for (var i = 0; i < result.Length; i++)
        {
            var (lower, weight) = (x[i].Lower, x[i].Weight);
            result[i] = weight == 0 ? mixed[lower] : mixed[lower] + ((mixed[lower + 1] - mixed[lower]) * weight);
        }
    }

    /// <summary>Row <paramref name="row"/> of the result within a slice of the image.</summary>
    private void AlongY(ReadOnlySpan<float> image, int row, int slice, Span<float> result)
    {
        var (lower, weight) = (y[row].Lower, y[row].Weight);
        var first = image.Slice(source.Index(0, lower, slice), source.X);
        if (weight == 0)
        {
            first.CopyTo(result);
            return;
        }

        TensorPrimitives.Lerp(first, image.Slice(source.Index(0, lower + 1, slice), source.X), weight, result);
    }

    private static AxisPosition[] Positions(int source, int target, bool isNearest)
    {
        var step = (double)source / target;
        return Array.ConvertAll(
            AxisPosition.Along((step / 2) - 0.5, step, target, source),
            position => isNearest ? position.AtNearest(source) : position.Within(source));
    }
}
