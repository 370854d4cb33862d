using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Replaces every voxel by the median of the cube around it; beyond the image its outermost voxels are repeated. Same as
/// scipy.ndimage.median_filter with mode "nearest". Costs grow with the square of the cube's volume: made for a radius of 1 or 2.
/// </summary>
/// <remarks>
/// A whole vector of neighbors along x is done at once, by forgetful selection: of half of the cube's values and one, the smallest and the
/// largest cannot be the median; they are dropped, one more value is taken, and so on.
/// </remarks>
public static class MedianFilter
{
    /// <summary>Filters an image.</summary>
    /// <param name="volume">The image, without NaN (else the voxels around it are undefined).</param>
    /// <param name="radius">The cube has 2·radius + 1 voxels along each axis; 0 changes nothing. The default is 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="radius"/> is negative or above 10.</exception>
    public static Volume Apply(Volume volume, int radius = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(radius, 10);
        if (radius == 0)
        {
            return volume;
        }

        var size = volume.Grid.Size;
        var source = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        var target = new float[source.Length];
        Parallel.For(0, size.Z, () => new Cubes(size, radius), (z, _, cubes) =>
        {
            for (var y = 0; y < size.Y; y++)
            {
                cubes.MoveTo(source, y, z);
                cubes.Medians(target.AsSpan(size.Index(0, y, z), size.X));
            }

            return cubes;
        }, _ => { });
        return new Volume(volume.Grid, target);
    }

    /// <summary>The rows that the cubes around one row of voxels are made of, each prolonged at both ends.</summary>
    private sealed class Cubes(Size size, int radius)
    {
        private readonly int edge = (2 * radius) + 1;
        private readonly int length = size.X + (2 * radius) + Vector<float>.Count;
        private readonly float[] rows = new float[((2 * radius) + 1) * ((2 * radius) + 1) * (size.X + (2 * radius) + Vector<float>.Count)];
        private readonly float[] medians = new float[size.X + Vector<float>.Count];
        private readonly Vector<float>[] kept = new Vector<float>[(((2 * radius) + 1) * ((2 * radius) + 1) * ((2 * radius) + 1) / 2) + 2];

        /// <summary>Copies the rows around a row.</summary>
        public void MoveTo(float[] source, int y, int z)
        {
            for (var i = 0; i < edge * edge; i++)
            {
                var (fromY, fromZ) = (Math.Clamp(y + (i % edge) - radius, 0, size.Y - 1), Math.Clamp(z + (i / edge) - radius, 0, size.Z - 1));
                var row = source.AsSpan(size.Index(0, fromY, fromZ), size.X);
                var copy = rows.AsSpan(i * length, length);
                copy[..radius].Fill(row[0]);
                row.CopyTo(copy[radius..]);
                copy[(radius + size.X)..].Fill(row[^1]);
            }
        }

        /// <summary>The median of each voxel's cube.</summary>
        public void Medians(Span<float> target)
        {
            for (var x = 0; x < size.X; x += Vector<float>.Count)
            {
                MedianFrom(x).CopyTo(medians, x);
            }

            medians.AsSpan(0, size.X).CopyTo(target);
        }

        private Vector<float> MedianFrom(int x)
        {
            if (IsEven(x))
            {
                return new Vector<float>(rows[x]);
            }

            var taken = 0;
            for (; taken < kept.Length; taken++)
            {
                kept[taken] = Value(taken, x);
            }

            for (var count = kept.Length; count > 3; count--, taken++)
            {
                EndsOut(kept.AsSpan(0, count));
                kept[0] = Value(taken, x);
            }

            EndsOut(kept.AsSpan(0, 3));
            return kept[1];
        }

        /// <summary>Whether all values are the same, as in a blanked background.</summary>
        private bool IsEven(int x)
        {
            for (var row = 0; row < edge * edge; row++)
            {
                if (rows.AsSpan((row * length) + x, (2 * radius) + Vector<float>.Count).ContainsAnyExcept(rows[x]))
                {
                    return false;
                }
            }

            return true;
        }

        private Vector<float> Value(int place, int x)
        {
            var (row, shift) = Math.DivRem(place, edge);
            return new Vector<float>(rows, (row * length) + x + shift);
        }

        /// <summary>Brings the smallest value to the front and the largest to the back.</summary>
        private static void EndsOut(Span<Vector<float>> values)
        {
            var last = values.Length - 1;
            var (lowest, highest) = (values[0], values[last]);
            Order(ref lowest, ref highest);
            for (var i = 1; i < values.Length / 2; i++)
            {
                var (low, high) = (values[i], values[last - i]);
                Order(ref low, ref high);
                Order(ref lowest, ref low);
                Order(ref high, ref highest);
                (values[i], values[last - i]) = (low, high);
            }

            if (values.Length % 2 == 1)
            {
                var middle = values[last / 2];
                Order(ref lowest, ref middle);
                Order(ref middle, ref highest);
                values[last / 2] = middle;
            }

            (values[0], values[last]) = (lowest, highest);
        }

        private static void Order(ref Vector<float> low, ref Vector<float> high) =>
            (low, high) = (Vector.MinNative(low, high), Vector.MaxNative(low, high));
    }
}
