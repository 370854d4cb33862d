using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>The cubic B-spline through an image's voxels, filtered along all three axes.</summary>
/// <param name="Size">The image's size and <see cref="BSpline.Margin"/> more at either end of each axis.</param>
/// <param name="Values">Coefficients, x fastest; that of voxel (i, j, k) at (i, j, k) + Margin.</param>
internal sealed record SplineCoefficients(Size Size, float[] Values)
{
    private const int Both = 2 * BSpline.Margin;

    /// <summary>The coefficients of an image.</summary>
    public static SplineCoefficients Of(float[] source, Size size)
    {
        var padded = new Size(size.X + Both, size.Y + Both, size.Z + Both);
        var values = new float[padded.Count];
        Parallel.For(0, size.Z, z =>
        {
            for (var y = 0; y < size.Y; y++)
            {
                source.AsSpan(size.Index(0, y, z), size.X)
                    .CopyTo(values.AsSpan(padded.Index(BSpline.Margin, y + BSpline.Margin, z + BSpline.Margin)));
            }
        });
        var (row, slice) = (padded.X, padded.X * padded.Y);
        Filter(values, new Lines(padded.X, 1, padded.Y, row), (padded.Z, slice));
        Filter(values, new Lines(padded.Y, row, padded.X, 1), (padded.Z, slice));
        Filter(values, new Lines(padded.Z, slice, padded.X, 1), (padded.Y, row));
        return new SplineCoefficients(padded, values);
    }

    private static void Filter(float[] values, Lines lines, (int Count, int Step) planes)
    {
        var width = (lines.Count + Vector<float>.Count - 1) / Vector<float>.Count;
        Parallel.For(0, planes.Count, () => new Vector<float>[lines.Length * width], (plane, _, buffer) =>
        {
            var samples = MemoryMarshal.Cast<Vector<float>, float>(buffer.AsSpan());
            var stride = width * Vector<float>.Count;
            lines.Read(values.AsSpan(plane * planes.Step), samples, stride);
            BSpline.Prefilter(buffer, width);
            lines.Write(samples, stride, values.AsSpan(plane * planes.Step));
            return buffer;
        }, _ => { });
    }

    /// <summary>Parallel lines of voxels in a plane.</summary>
    /// <param name="Length">Voxels of a line.</param>
    /// <param name="Step">Distance in memory from one voxel of a line to the next.</param>
    /// <param name="Count">Number of lines.</param>
    /// <param name="Apart">Distance in memory from one line to the next.</param>
    private sealed record Lines(int Length, int Step, int Count, int Apart)
    {
        public void Read(ReadOnlySpan<float> plane, Span<float> samples, int stride)
        {
            for (var i = 0; i < Length; i++)
            {
                var row = samples.Slice(i * stride, Count);
                for (var line = 0; line < row.Length; line++)
                {
                    row[line] = plane[(i * Step) + (line * Apart)];
                }
            }
        }

        public void Write(ReadOnlySpan<float> samples, int stride, Span<float> plane)
        {
            for (var i = 0; i < Length; i++)
            {
                var row = samples.Slice(i * stride, Count);
                for (var line = 0; line < row.Length; line++)
                {
                    plane[(i * Step) + (line * Apart)] = row[line];
                }
            }
        }
    }
}
