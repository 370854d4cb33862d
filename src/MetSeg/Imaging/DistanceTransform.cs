using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Exact Euclidean distances from voxel centers to the nearest target voxel's center, in mm, for any spacing: the squared distance along
/// x, then lower envelopes of parabolas along y and z.
/// </summary>
/// <remarks>Felzenszwalb, Huttenlocher: Distance transforms of sampled functions, Theory of Computing 2012;8:415.</remarks>
public static class DistanceTransform
{
    private const int ColumnsAtOnce = 16;

    /// <summary>The distance of every voxel to the nearest voxel that is not background; 0 inside the foreground.</summary>
    /// <exception cref="ArgumentException">There is no foreground: a distance to nothing is undefined.</exception>
    public static Volume ToForeground(LabelMap map)
    {
        var squared = Squared(ImmutableCollectionsMarshal.AsArray(map.Labels)!, map.Grid.Size, map.Grid.Spacing);
        var distances = new float[squared.Length];
        Parallel.For(0, map.Grid.Size.Z, z =>
        {
            var slice = map.Grid.Size.X * map.Grid.Size.Y;
            for (var i = z * slice; i < (z + 1) * slice; i++)
            {
                distances[i] = (float)Math.Sqrt(squared[i]);
            }
        });
        return new Volume(map.Grid, distances);
    }

    private static double[] Squared(byte[] targets, Size size, Spacing spacing)
    {
        if (targets.AsSpan().IndexOfAnyExcept((byte)0) < 0)
        {
            throw new ArgumentException("A distance transform needs at least one target voxel.", nameof(targets));
        }

        var squared = new double[size.Count];
        var filled = new bool[size.Z];
        Parallel.For(0, size.Z, () => new Envelope(Math.Max(size.Y, size.Z)), (z, _, envelope) =>
        {
            filled[z] = AlongSlice(targets, squared, (size, spacing), z, envelope);
            return envelope;
        }, _ => { });
        var blocks = (size.X + ColumnsAtOnce - 1) / ColumnsAtOnce;
        Parallel.For(0, size.Y * blocks, () => new Envelope(size.Z), (block, _, envelope) =>
        {
            var first = (block / blocks * size.X) + (block % blocks * ColumnsAtOnce);
            var count = Math.Min(ColumnsAtOnce, size.X - (block % blocks * ColumnsAtOnce));
            AlongZ(squared, size, spacing.Z, (first, count, filled), envelope);
            return envelope;
        }, _ => { });
        return squared;
    }

    private static bool AlongSlice(byte[] targets, double[] squared, (Size Size, Spacing Spacing) grid, int z, Envelope envelope)
    {
        var (nx, ny) = (grid.Size.X, grid.Size.Y);
        var offset = z * nx * ny;
        var slice = squared.AsSpan(offset, nx * ny);
        if (targets.AsSpan(offset, nx * ny).IndexOfAnyExcept((byte)0) < 0)
        {
            slice.Fill(double.PositiveInfinity);
            return false;
        }

        for (var y = 0; y < ny; y++)
        {
            AlongX(targets.AsSpan(offset + (y * nx), nx), slice.Slice(y * nx, nx), grid.Spacing.X);
        }

        for (var x = 0; x < nx; x++)
        {
            for (var y = 0; y < ny; y++)
            {
                envelope.Heights[y] = slice[x + (y * nx)];
            }

            envelope.Lower(ny, grid.Spacing.Y);
            for (var y = 0; y < ny; y++)
            {
                slice[x + (y * nx)] = envelope.Values[y];
            }
        }

        return true;
    }

    private static void AlongX(ReadOnlySpan<byte> targets, Span<double> squared, double spacing)
    {
        var last = targets.IndexOfAnyExcept((byte)0);
        if (last < 0)
        {
            squared.Fill(double.PositiveInfinity);
            return;
        }

        for (var x = 0; x < targets.Length; x++)
        {
            last = targets[x] != 0 ? x : last;
            squared[x] = Math.Abs(x - last);
        }

        var next = targets.LastIndexOfAnyExcept((byte)0);
        for (var x = targets.Length - 1; x >= 0; x--)
        {
            next = targets[x] != 0 ? x : next;
            var distance = spacing * Math.Min(squared[x], Math.Abs(next - x));
            squared[x] = distance * distance;
        }
    }

    /// <summary>A few neighboring columns along z are copied together, since a step along z leaves the cache line.</summary>
    private static void AlongZ(double[] squared, Size size, double spacing, (int First, int Count, bool[] Filled) block, Envelope envelope)
    {
        var slice = size.X * size.Y;
        Span<double> buffer = new double[ColumnsAtOnce * size.Z];
        for (var z = 0; z < size.Z; z++)
        {
            squared.AsSpan(block.First + (z * slice), block.Count).CopyTo(buffer[(z * ColumnsAtOnce)..]);
        }

        for (var column = 0; column < block.Count; column++)
        {
            for (var z = 0; z < size.Z; z++)
            {
                envelope.Heights[z] = block.Filled[z] ? buffer[(z * ColumnsAtOnce) + column] : double.PositiveInfinity;
            }

            envelope.Lower(size.Z, spacing);
            for (var z = 0; z < size.Z; z++)
            {
                buffer[(z * ColumnsAtOnce) + column] = envelope.Values[z];
            }
        }

        for (var z = 0; z < size.Z; z++)
        {
            buffer.Slice(z * ColumnsAtOnce, block.Count).CopyTo(squared.AsSpan(block.First + (z * slice)));
        }
    }

    /// <summary>The lower envelope of parabolas whose vertices stand at equal steps along a line.</summary>
    private sealed class Envelope(int length)
    {
        private readonly int[] vertices = new int[length];
        private readonly double[] starts = new double[length + 1];

        /// <summary>Heights of the vertices in mm²; infinite where there is none.</summary>
        public double[] Heights { get; } = new double[length];

        /// <summary>The envelope at each step in mm²; infinite everywhere where there is no vertex at all.</summary>
        public double[] Values { get; } = new double[length];

        public void Lower(int count, double spacing)
        {
            var (heights, values) = (Heights, Values);
            var top = -1;
            var scale = 1 / (2 * spacing * spacing);
            for (var q = 0; q < count; q++)
            {
                if (double.IsPositiveInfinity(heights[q]))
                {
                    continue;
                }

                var start = double.NegativeInfinity;
                for (; top >= 0; top--)
                {
                    var v = vertices[top];
                    start = ((q + v) / 2.0) + ((heights[q] - heights[v]) * scale / (q - v));
                    if (start > starts[top])
                    {
                        break;
                    }
                }

                top++;
                (vertices[top], starts[top]) = (q, top == 0 ? double.NegativeInfinity : start);
            }

            if (top < 0)
            {
                values.AsSpan(0, count).Fill(double.PositiveInfinity);
                return;
            }

            starts[top + 1] = double.PositiveInfinity;
            var lowest = 0;
            for (var q = 0; q < count; q++)
            {
                while (starts[lowest + 1] < q)
                {
                    lowest++;
                }

                var distance = spacing * (q - vertices[lowest]);
                values[q] = (distance * distance) + heights[vertices[lowest]];
            }
        }
    }
}
