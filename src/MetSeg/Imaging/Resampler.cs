using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Puts images onto other grids through world coordinates. Positions up to half a voxel beyond the outermost voxel centers take the edge's
/// value; farther ones are outside.
/// </summary>
public static class Resampler
{
    /// <summary>Largest drift in voxels across the image at which two grids still count as parallel.</summary>
    private const double ParallelTolerance = 1e-5;

    /// <summary>Resamples a volume. A grid that is equal to the source's gives the same instance. No smoothing precedes a reduction.</summary>
    /// <param name="source">The volume.</param>
    /// <param name="target">Where the result's voxels lie.</param>
    /// <param name="interpolation">How values between voxels are found.</param>
    /// <param name="outside">Value of voxels that lie outside the source.</param>
    public static Volume Resample(Volume source, Grid target, Interpolation interpolation = Interpolation.Linear, float outside = 0)
    {
        if (source.Grid == target)
        {
            return source;
        }

        var turned = Orientation.To(source, target.Orientation);
        var voxels = ImmutableCollectionsMarshal.AsArray(turned.Voxels)!;
        var toSource = ToSource(turned.Grid, target);
        var (from, to) = (turned.Grid.Size, target.Size);
        return new Volume(target, (interpolation, IsParallel(toSource, to)) switch
        {
            (Interpolation.Nearest, _) => Nearest(voxels, from, to, toSource, outside),
            (Interpolation.Linear, true) => LinearByAxis(voxels, from, to, toSource, outside),
            (Interpolation.Linear, false) => LinearByVoxel(voxels, from, to, toSource, outside),
            _ => throw new ArgumentOutOfRangeException(nameof(interpolation), interpolation, "No such interpolation."),
        });
    }

    /// <summary>Resamples a label map: the label of the nearest voxel, background outside. An equal grid gives the same instance.</summary>
    public static LabelMap Resample(LabelMap source, Grid target)
    {
        if (source.Grid == target)
        {
            return source;
        }

        var turned = Orientation.To(source, target.Orientation);
        var labels = ImmutableCollectionsMarshal.AsArray(turned.Labels)!;
        return new LabelMap(target, Nearest(labels, turned.Grid.Size, target.Size, ToSource(turned.Grid, target), (byte)0));
    }

    /// <summary>
    /// The grid that covers the same field of view with voxels of about the given spacing: as many as old size · old spacing / new spacing,
    /// rounded half to even, at least one; see <see cref="Resize"/>.
    /// </summary>
    /// <remarks>Isensee et al., Nat Methods 2021;18:203 (nnU-Net), compute_new_shape.</remarks>
    public static Grid Regrid(Grid source, Spacing spacing)
    {
        var (size, old) = (source.Size, source.Spacing);
        return Resize(source, new Size(Count(size.X, old.X, spacing.X), Count(size.Y, old.Y, spacing.Y), Count(size.Z, old.Z, spacing.Z)));
    }

    /// <summary>
    /// The grid of another size that covers the same field of view: the outer corners of the outermost voxels coincide, so the spacing is
    /// extent / size and index k of the result lies at (k + 0.5) · old size / new size − 0.5 of the source.
    /// </summary>
    public static Grid Resize(Grid source, Size size)
    {
        var old = source.Size;
        var (x, y, z) = ((double)old.X / size.X, (double)old.Y / size.Y, (double)old.Z / size.Z);
        return size == old ? source : new Grid(size, source.ToWorld.After(
            new Affine(x, 0, 0, (x - 1) / 2, 0, y, 0, (y - 1) / 2, 0, 0, z, (z - 1) / 2)));
    }

    private static int Count(int size, double oldSpacing, double spacing) =>
        (int)Math.Clamp(Math.Round(size * oldSpacing / spacing, MidpointRounding.ToEven), 1, int.MaxValue);

    private static Affine ToSource(Grid source, Grid target) => source.ToWorld.Inverse().After(target.ToWorld);

    private static bool IsParallel(Affine toSource, Size target)
    {
        var lengths = target.ToArray();
        var drift = 0.0;
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                drift = Math.Max(drift, row == column ? 0 : Math.Abs(toSource[row, column]) * lengths[column]);
            }
        }

        return drift <= ParallelTolerance;
    }

    private static T[] Nearest<T>(T[] source, Size from, Size to, Affine toSource, T outside)
        where T : unmanaged
    {
        if (IsParallel(toSource, to))
        {
            return NearestByAxis(source, from, to, toSource, outside);
        }

        var result = GC.AllocateUninitializedArray<T>(to.Count);
        Parallel.For(0, to.Z, z =>
        {
            for (var y = 0; y < to.Y; y++)
            {
                var row = result.AsSpan(to.Index(0, y, z), to.X);
                for (var x = 0; x < row.Length; x++)
                {
                    var (i, j, k) = Locate(toSource, from, x, y, z);
                    row[x] = i.IsOutside || j.IsOutside || k.IsOutside ? outside : source[from.Index(i.Nearest, j.Nearest, k.Nearest)];
                }
            }
        });
        return result;
    }

    private static T[] NearestByAxis<T>(T[] source, Size from, Size to, Affine toSource, T outside)
        where T : unmanaged
    {
        var (i, j, k) = Along(toSource, from, to);
        var result = GC.AllocateUninitializedArray<T>(to.Count);
        Parallel.For(0, to.Z, z =>
        {
            for (var y = 0; y < to.Y; y++)
            {
                var row = result.AsSpan(to.Index(0, y, z), to.X);
                if (j[y].IsOutside || k[z].IsOutside)
                {
                    row.Fill(outside);
                    continue;
                }

                var start = from.Index(0, j[y].Nearest, k[z].Nearest);
                for (var x = 0; x < row.Length; x++)
                {
                    row[x] = i[x].IsOutside ? outside : source[start + i[x].Nearest];
                }
            }
        });
        return result;
    }

    private static float[] LinearByVoxel(float[] source, Size from, Size to, Affine toSource, float outside)
    {
        var result = GC.AllocateUninitializedArray<float>(to.Count);
        Parallel.For(0, to.Z, z =>
        {
            for (var y = 0; y < to.Y; y++)
            {
                var row = result.AsSpan(to.Index(0, y, z), to.X);
                for (var x = 0; x < row.Length; x++)
                {
                    var (i, j, k) = Locate(toSource, from, x, y, z);
                    row[x] = i.IsOutside || j.IsOutside || k.IsOutside ? outside : Trilinear(source, from, i, j, k);
                }
            }
        });
        return result;
    }

    private static (AxisPosition I, AxisPosition J, AxisPosition K) Locate(Affine toSource, Size from, int x, int y, int z)
    {
        var (i, j, k) = toSource.Apply(x, y, z);
        return (AxisPosition.At(i, from.X), AxisPosition.At(j, from.Y), AxisPosition.At(k, from.Z));
    }

    private static (AxisPosition[] I, AxisPosition[] J, AxisPosition[] K) Along(Affine toSource, Size from, Size to) => (
        AxisPosition.Along(toSource[0, 3], toSource[0, 0], to.X, from.X),
        AxisPosition.Along(toSource[1, 3], toSource[1, 1], to.Y, from.Y),
        AxisPosition.Along(toSource[2, 3], toSource[2, 2], to.Z, from.Z));

    private static float Trilinear(float[] source, Size from, AxisPosition i, AxisPosition j, AxisPosition k)
    {
        var corner = from.Index(i.Lower, j.Lower, k.Lower);
        var (right, back, up) = (i.Weight > 0 ? 1 : 0, j.Weight > 0 ? from.X : 0, k.Weight > 0 ? from.X * from.Y : 0);
        float Row(int start) => Between(source[start], source[start + right], i.Weight);
        float Slice(int start) => Between(Row(start), Row(start + back), j.Weight);
        return Between(Slice(corner), Slice(corner + up), k.Weight);
    }

    /// <summary>Parallel grids: first between slices, then between rows, then between voxels.</summary>
    private static float[] LinearByAxis(float[] source, Size from, Size to, Affine toSource, float outside)
    {
        var (i, j, k) = Along(toSource, from, to);
        var result = new float[to.Count];
        Parallel.For(0, to.Z, () => (Slice: new float[from.X * from.Y], Row: new float[from.X]), (z, _, buffers) =>
        {
            var target = result.AsSpan(to.Index(0, 0, z), to.X * to.Y);
            if (k[z].IsOutside)
            {
                target.Fill(outside);
                return buffers;
            }

            Between(source, k[z], buffers.Slice);
            for (var y = 0; y < to.Y; y++)
            {
                var row = target.Slice(y * to.X, to.X);
                if (j[y].IsOutside)
                {
                    row.Fill(outside);
                    continue;
                }

                Between(buffers.Slice, j[y], buffers.Row);
                for (var x = 0; x < row.Length; x++)
                {
                    row[x] = i[x].IsOutside ? outside : Between(buffers.Row, i[x]);
                }
            }

            return buffers;
        }, _ => { });
        return result;
    }

    private static float Between(float[] row, AxisPosition position) =>
        position.Weight > 0 ? Between(row[position.Lower], row[position.Lower + 1], position.Weight) : row[position.Lower];

    /// <summary>Exact where both values are equal; a voxel of weight 0 plays no part, be it NaN.</summary>
    private static float Between(float lower, float upper, float weight) => weight > 0 ? lower + (weight * (upper - lower)) : lower;

    /// <summary>Interpolates between two consecutive pieces (slices or rows) of the source, each as long as the result.</summary>
    private static void Between(float[] source, AxisPosition position, Span<float> result)
    {
        var lower = source.AsSpan(position.Lower * result.Length, result.Length);
        if (position.Weight == 0)
        {
            lower.CopyTo(result);
            return;
        }

        var upper = source.AsSpan((position.Lower + 1) * result.Length, result.Length);
        var done = 0;
        for (; done <= result.Length - Vector<float>.Count; done += Vector<float>.Count)
        {
            var start = new Vector<float>(lower[done..]);
            var change = new Vector<float>(upper[done..]) - start;
            (start + (change * position.Weight)).CopyTo(result[done..]);
        }

        for (; done < result.Length; done++)
        {
            result[done] = Between(lower[done], upper[done], position.Weight);
        }
    }
}
