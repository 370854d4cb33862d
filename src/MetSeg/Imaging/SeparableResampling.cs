using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Resampling between parallel grids, axis by axis: x and y while a slice lies in the cache, then z. Lines lie side by side, so that vectors
/// run across them; along x a slice is turned over for that.
/// </summary>
internal sealed class SeparableResampling(AxisInterpolation x, AxisInterpolation y, AxisInterpolation z)
{
    private static int Lanes => Vector<float>.Count;

    /// <summary>The voxels [z][y][x] on the target grid; 0 where it lies outside the source.</summary>
    public float[] Apply(float[] source)
    {
        var slices = z.IsIdentity ? GC.AllocateUninitializedArray<float>(z.TargetLength * y.TargetLength * x.TargetLength)
            : GC.AllocateUninitializedArray<float>(z.SourceLength * y.TargetLength * x.TargetLength);
        Parallel.For(0, z.SourceLength, () => new SliceBuffers(x, y), (slice, _, buffers) =>
        {
            var (from, to) = (x.SourceLength * y.SourceLength, x.TargetLength * y.TargetLength);
            InPlane(source.AsSpan(slice * from, from), slices.AsSpan(slice * to, to), buffers);
            return buffers;
        }, _ => { });
        return z.IsIdentity ? slices : AlongZ(slices);
    }

    private void InPlane(ReadOnlySpan<float> source, Span<float> target, SliceBuffers buffers)
    {
        var columns = VectorsFor(x.TargetLength) * Lanes;
        var rowsIn = Floats(buffers.Rows)[(BSpline.Margin * columns)..];
        if (x.IsIdentity)
        {
            CopyRows(source, x.SourceLength, rowsIn, columns, (y.SourceLength, x.SourceLength));
        }
        else
        {
            var lines = VectorsFor(y.SourceLength);
            var turned = Floats(buffers.Turned)[(BSpline.Margin * lines * Lanes)..];
            Transpose(source, x.SourceLength, turned, lines * Lanes, (y.SourceLength, x.SourceLength));
            x.Apply(buffers.Turned, lines, buffers.TurnedResult);
            var result = Floats(buffers.TurnedResult);
            Transpose(result, lines * Lanes, rowsIn, columns, (x.TargetLength, y.SourceLength));
        }

        if (y.IsIdentity)
        {
            CopyRows(rowsIn, columns, target, x.TargetLength, (y.TargetLength, x.TargetLength));
            return;
        }

        y.Apply(buffers.Rows, columns / Lanes, buffers.Result);
        CopyRows(Floats(buffers.Result), columns, target, x.TargetLength, (y.TargetLength, x.TargetLength));
    }

    private float[] AlongZ(float[] slices)
    {
        var (width, slice) = (x.TargetLength, x.TargetLength * y.TargetLength);
        var result = GC.AllocateUninitializedArray<float>(z.TargetLength * slice);
        var vectors = VectorsFor(width);
        Parallel.For(0, y.TargetLength, () => new ColumnBuffers(z, vectors), (row, _, buffers) =>
        {
            var lines = Floats(buffers.Lines)[(BSpline.Margin * vectors * Lanes)..];
            CopyRows(slices.AsSpan(row * width), slice, lines, vectors * Lanes, (z.SourceLength, width));
            z.Apply(buffers.Lines, vectors, buffers.Result);
            var interpolated = Floats(buffers.Result);
            CopyRows(interpolated, vectors * Lanes, result.AsSpan(row * width), slice, (z.TargetLength, width));
            return buffers;
        }, _ => { });
        return result;
    }

    private static Span<float> Floats(Vector<float>[] buffer) => MemoryMarshal.Cast<Vector<float>, float>(buffer.AsSpan());

    private static int VectorsFor(int length) => (length + Lanes - 1) / Lanes;

    private static void CopyRows(ReadOnlySpan<float> from, int fromStride, Span<float> to, int toStride, (int Rows, int Columns) shape)
    {
        for (var row = 0; row < shape.Rows; row++)
        {
            from.Slice(row * fromStride, shape.Columns).CopyTo(to[(row * toStride)..]);
        }
    }

    /// <summary>Turns rows into columns, a tile at a time that fits the innermost cache.</summary>
    private static void Transpose(ReadOnlySpan<float> from, int fromStride, Span<float> to, int toStride, (int Rows, int Columns) shape)
    {
        const int Tile = 16;
        for (var top = 0; top < shape.Rows; top += Tile)
        {
            var bottom = Math.Min(top + Tile, shape.Rows);
            for (var left = 0; left < shape.Columns; left += Tile)
            {
                for (var column = left; column < Math.Min(left + Tile, shape.Columns); column++)
                {
                    var line = to.Slice((column * toStride) + top, bottom - top);
                    var place = (top * fromStride) + column;
                    for (var i = 0; i < line.Length; i++, place += fromStride)
                    {
                        line[i] = from[place];
                    }
                }
            }
        }
    }

    private sealed class SliceBuffers(AxisInterpolation x, AxisInterpolation y)
    {
        public Vector<float>[] Turned { get; } = new Vector<float>[(x.SourceLength + (2 * BSpline.Margin)) * VectorsFor(y.SourceLength)];

        public Vector<float>[] TurnedResult { get; } = new Vector<float>[x.TargetLength * VectorsFor(y.SourceLength)];

        public Vector<float>[] Rows { get; } = new Vector<float>[(y.SourceLength + (2 * BSpline.Margin)) * VectorsFor(x.TargetLength)];

        public Vector<float>[] Result { get; } = new Vector<float>[y.TargetLength * VectorsFor(x.TargetLength)];
    }

    private sealed class ColumnBuffers(AxisInterpolation z, int vectors)
    {
        public Vector<float>[] Lines { get; } = new Vector<float>[(z.SourceLength + (2 * BSpline.Margin)) * vectors];

        public Vector<float>[] Result { get; } = new Vector<float>[z.TargetLength * vectors];
    }
}
