using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Reorders and mirrors the axes of images so that they run in given anatomical directions. Voxels are moved, never interpolated, and every
/// voxel keeps its place in the world.
/// </summary>
public static class Orientation
{
    /// <summary>The directions in which indices grow in neurological convention: right, anterior, superior.</summary>
    public const string Ras = "RAS";

    /// <summary>The volume with axes to the right, front and top; the same instance where they are so already.</summary>
    public static Volume ToRas(Volume volume) => To(volume, Ras);

    /// <summary>The label map with axes to the right, front and top; the same instance where they are so already.</summary>
    public static LabelMap ToRas(LabelMap labels) => To(labels, Ras);

    /// <summary>The volume with axes in the directions of a code; the same instance where they are so already.</summary>
    /// <param name="volume">The volume; an oblique one goes to the nearest order and stays oblique.</param>
    /// <param name="code">One of R or L, one of A or P, one of S or I, in the order of the axes, such as "LPS".</param>
    /// <exception cref="ArgumentException">The code is not of that form.</exception>
    public static Volume To(Volume volume, string code)
    {
        var axes = Find(volume.Grid, code);
        return IsIdentity(axes)
            ? volume
            : new Volume(Apply(volume.Grid, axes), Move(ImmutableCollectionsMarshal.AsArray(volume.Voxels)!, volume.Grid.Size, axes));
    }

    /// <summary>The label map with axes in the directions of a code; the same instance where they are so already.</summary>
    /// <inheritdoc cref="To(Volume, string)" path="/param[@name='code']|/exception"/>
    public static LabelMap To(LabelMap labels, string code)
    {
        var axes = Find(labels.Grid, code);
        return IsIdentity(axes)
            ? labels
            : new LabelMap(Apply(labels.Grid, axes), Move(ImmutableCollectionsMarshal.AsArray(labels.Labels)!, labels.Grid.Size, axes));
    }

    /// <summary>The grid with axes in the directions of a code; the same instance where they are so already.</summary>
    /// <inheritdoc cref="To(Volume, string)" path="/param[@name='code']|/exception"/>
    public static Grid To(Grid grid, string code)
    {
        var axes = Find(grid, code);
        return IsIdentity(axes) ? grid : Apply(grid, axes);
    }

    /// <summary>The volume on a grid of the same voxels whose axes run in another order or the other way.</summary>
    /// <exception cref="ArgumentException">The grids do not have the same voxels.</exception>
    public static Volume To(Volume volume, Grid grid) => new(grid, To(ImmutableCollectionsMarshal.AsArray(volume.Voxels)!, volume.Grid, grid));

    /// <summary>The label map on a grid of the same voxels whose axes run in another order or the other way.</summary>
    /// <inheritdoc cref="To(Volume, Grid)" path="/exception"/>
    public static LabelMap To(LabelMap labels, Grid grid) => new(grid, To(ImmutableCollectionsMarshal.AsArray(labels.Labels)!, labels.Grid, grid));

    private static T[] To<T>(T[] voxels, Grid from, Grid to)
        where T : unmanaged
    {
        var axes = Find(from, to);
        return IsIdentity(axes) ? voxels : Move(voxels, from.Size, axes);
    }

    /// <summary>For each axis of a grid of the same voxels, which axis of the first it is and whether it runs the other way.</summary>
    private static (int Axis, bool IsMirrored)[] Find(Grid from, Grid to)
    {
        double Cosine(int axis, int other) =>
            Enumerable.Range(0, 3).Sum(row => from.ToWorld[row, axis] * to.ToWorld[row, other]) / (from.Spacing.ToArray()[axis] * to.Spacing.ToArray()[other]);
        var axes = Enumerable.Range(0, 3).Select(other => Enumerable.Range(0, 3).MaxBy(axis => Math.Abs(Cosine(axis, other))))
            .Select((axis, other) => (axis, Cosine(axis, other) < 0)).ToArray();
        return axes.Select(axis => axis.axis).Distinct().Count() == 3 && Apply(from, axes).IsSameAs(to)
            ? axes
            : throw new ArgumentException($"{from} and {to} do not have the same voxels.", nameof(to));
    }

    /// <summary>For each axis of the result, which axis of the grid it is and whether it runs the other way.</summary>
    private static (int Axis, bool IsMirrored)[] Find(Grid grid, string code)
    {
        var worldAxes = grid.WorldAxes();
        var found = new (int Axis, bool IsMirrored)[3];
        var used = 0;
        for (var i = 0; i < 3; i++)
        {
            var (world, isNegative) = (code.Length == 3 ? code[i] : ' ') switch
            {
                'R' => (0, false),
                'L' => (0, true),
                'A' => (1, false),
                'P' => (1, true),
                'S' => (2, false),
                'I' => (2, true),
                _ => (-1, false),
            };
            if (world < 0 || (used & (1 << world)) != 0)
            {
                var problem = $"'{code}' is no orientation: give one of R or L, one of A or P and one of S or I, such as RAS.";
                throw new ArgumentException(problem, nameof(code));
            }

            used |= 1 << world;
            var axis = Array.IndexOf(worldAxes, world);
            found[i] = (axis, grid.ToWorld[world, axis] < 0 != isNegative);
        }

        return found;
    }

    private static bool IsIdentity((int Axis, bool IsMirrored)[] axes) => axes is [(0, false), (1, false), (2, false)];

    private static Grid Apply(Grid grid, (int Axis, bool IsMirrored)[] axes)
    {
        var (size, affine) = (grid.Size.ToArray(), grid.ToWorld);
        var rows = new double[12];
        for (var row = 0; row < 3; row++)
        {
            rows[(4 * row) + 3] = affine[row, 3];
            for (var column = 0; column < 3; column++)
            {
                var (axis, isMirrored) = axes[column];
                rows[(4 * row) + column] = isMirrored ? 0 - affine[row, axis] : affine[row, axis];
                rows[(4 * row) + 3] += isMirrored ? affine[row, axis] * (size[axis] - 1) : 0;
            }
        }

        return new Grid(Turn(grid.Size, axes), new Affine(rows));
    }

    private static Size Turn(Size size, (int Axis, bool IsMirrored)[] axes)
    {
        var lengths = size.ToArray();
        return new Size(lengths[axes[0].Axis], lengths[axes[1].Axis], lengths[axes[2].Axis]);
    }

    private static T[] Move<T>(T[] voxels, Size size, (int Axis, bool IsMirrored)[] axes)
        where T : unmanaged
    {
        int[] strides = [1, size.X, size.X * size.Y];
        var lengths = size.ToArray();
        var first = axes.Sum(axis => axis.IsMirrored ? (lengths[axis.Axis] - 1) * strides[axis.Axis] : 0);
        var steps = Array.ConvertAll(axes, axis => axis.IsMirrored ? -strides[axis.Axis] : strides[axis.Axis]);
        var turned = Turn(size, axes);
        var moved = GC.AllocateUninitializedArray<T>(voxels.Length);
        Parallel.For(0, turned.Z, z =>
        {
            for (var y = 0; y < turned.Y; y++)
            {
                CopyRow(voxels, first + (y * steps[1]) + (z * steps[2]), steps[0], moved.AsSpan(turned.Index(0, y, z), turned.X));
            }
        });
        return moved;
    }

    private static void CopyRow<T>(T[] voxels, int start, int step, Span<T> row)
    {
        if (step == 1)
        {
            voxels.AsSpan(start, row.Length).CopyTo(row);
            return;
        }

        for (var x = 0; x < row.Length; x++)
        {
            row[x] = voxels[start + (x * step)];
        }
    }
}
