using System.Numerics.Tensors;

namespace MetSeg.Imaging;

/// <summary>The range of values of each slice across one axis of an image.</summary>
internal sealed class SliceRanges
{
    private readonly int axis;
    private readonly float[] least;
    private readonly float[] greatest;

    private SliceRanges(int axis, float[] least, float[] greatest) => (this.axis, this.least, this.greatest) = (axis, least, greatest);

    /// <summary>Finds the ranges; NaN counts for nothing.</summary>
    /// <param name="voxels">The image, x fastest.</param>
    /// <param name="size">Its size.</param>
    /// <param name="axis">The axis across which the slices lie: 0 x, 1 y, 2 z.</param>
    public static SliceRanges Of(ReadOnlySpan<float> voxels, Size size, int axis)
    {
        var slices = size.ToArray()[axis];
        var (least, greatest) = (new float[slices], new float[slices]);
        Array.Fill(least, float.PositiveInfinity);
        Array.Fill(greatest, float.NegativeInfinity);
        for (var row = 0; row < size.Y * size.Z; row++)
        {
            var line = voxels.Slice(row * size.X, size.X);
            if (axis == 0)
            {
                TensorPrimitives.MinNumber(least, line, least);
                TensorPrimitives.MaxNumber(greatest, line, greatest);
                continue;
            }

            var slice = SliceOf(row, size, axis);
            least[slice] = float.MinNumber(least[slice], TensorPrimitives.MinNumber(line));
            greatest[slice] = float.MaxNumber(greatest[slice], TensorPrimitives.MaxNumber(line));
        }

        return new SliceRanges(axis, least, greatest);
    }

    /// <summary>The ranges for an image whose slices were taken from those of this one.</summary>
    /// <param name="sources">For each slice of the other image, which one it was.</param>
    public SliceRanges Taken(int[] sources) => new(
        axis, Array.ConvertAll(sources, source => least[source]), Array.ConvertAll(sources, source => greatest[source]));

    /// <summary>Moves values beyond their slice's range to its ends; NaN stays.</summary>
    /// <param name="voxels">An image with as many slices across the axis as there are ranges.</param>
    /// <param name="size">Its size.</param>
    public void Clamp(Span<float> voxels, Size size)
    {
        for (var row = 0; row < size.Y * size.Z; row++)
        {
            var line = voxels.Slice(row * size.X, size.X);
            if (axis == 0)
            {
                TensorPrimitives.Max(line, least, line);
                TensorPrimitives.Min(line, greatest, line);
            }
            else
            {
                var slice = SliceOf(row, size, axis);
                TensorPrimitives.Clamp(line, least[slice], greatest[slice], line);
            }
        }
    }

    private static int SliceOf(int row, Size size, int axis) => axis == 1 ? row % size.Y : row / size.Y;
}
