using MetSeg.Imaging;

namespace MetSeg.Reports;

/// <summary>
/// How a plane looks at a grid in radiological convention: which voxel axes run along the picture's columns and rows, in which direction.
/// Columns go to the patient's left (axial, coronal) or back (sagittal), rows to the back (axial) or the feet. Works for every orientation;
/// oblique grids are shown along their nearest axes.
/// </summary>
internal sealed class SliceView
{
    private readonly Grid grid;
    private readonly int[] sizes;
    private readonly int[] axes;
    private readonly bool[] flipped;

    public SliceView(Grid grid, SlicePlane plane)
    {
        (this.grid, Plane, sizes) = (grid, plane, grid.Size.ToArray());
        Worlds = plane switch
        {
            SlicePlane.Axial => [0, 1, 2],
            SlicePlane.Coronal => [0, 2, 1],
            _ => [1, 2, 0],
        };
        var worldOfAxis = grid.WorldAxes();
        axes = [.. Worlds.Select(world => Array.IndexOf(worldOfAxis, world))];
        flipped = [.. Enumerable.Range(0, 2).Select(i => grid.ToWorld[Worlds[i], axes[i]] > 0)];
        var spacing = grid.Spacing.ToArray();
        (ColumnMm, RowMm) = (spacing[axes[0]], spacing[axes[1]]);
    }

    public SlicePlane Plane { get; }

    public int Columns => sizes[axes[0]];

    public int Rows => sizes[axes[1]];

    /// <summary>Width of a column in mm.</summary>
    public double ColumnMm { get; }

    /// <summary>Height of a row in mm.</summary>
    public double RowMm { get; }

    /// <summary>Letters of the anatomical directions at the left, right, top and bottom edge.</summary>
    public (char Left, char Right, char Top, char Bottom) Letters =>
        ("RAS"[Worlds[0]], "LPI"[Worlds[0]], "RAS"[Worlds[1]], "LPI"[Worlds[1]]);

    /// <summary>World axes (0 x, 1 y, 2 z) of columns, rows and slices.</summary>
    private int[] Worlds { get; }

    /// <summary>Name of the plane and its place along the world axis that it cuts, in mm.</summary>
    public string Caption(SlicePoint point)
    {
        var (x, y, z) = grid.ToWorld.Apply(point.X, point.Y, point.Z);
        double[] world = [x, y, z];
        return $"{Plane.ToString().ToLowerInvariant()}, {"xyz"[Worlds[2]]} = {world[Worlds[2]]:0.#} mm";
    }

    /// <summary>Place of a box of voxels in the picture, in columns and rows.</summary>
    public (double Left, double Top, double Right, double Bottom) Place(VoxelBox box)
    {
        int[] first = [box.MinX, box.MinY, box.MinZ];
        int[] end = [box.EndX, box.EndY, box.EndZ];
        var (a, b) = (axes[0], axes[1]);
        var (left, right) = flipped[0] ? (sizes[a] - end[a], sizes[a] - first[a]) : (first[a], end[a]);
        var (top, bottom) = flipped[1] ? (sizes[b] - end[b], sizes[b] - first[b]) : (first[b], end[b]);
        return (left, top, right, bottom);
    }

    /// <summary>The slice through a point of an array with one element per voxel: row by row, top left first.</summary>
    public T[] Slice<T>(ReadOnlySpan<T> voxels, SlicePoint point)
    {
        int[] strides = [1, sizes[0], sizes[0] * sizes[1]];
        int[] index = [point.X, point.Y, point.Z];
        var start = index[axes[2]] * strides[axes[2]];
        var steps = new int[2];
        for (var i = 0; i < 2; i++)
        {
            steps[i] = flipped[i] ? -strides[axes[i]] : strides[axes[i]];
            start += flipped[i] ? (sizes[axes[i]] - 1) * strides[axes[i]] : 0;
        }

        var slice = new T[Columns * Rows];
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                slice[(row * Columns) + column] = voxels[start + (row * steps[1]) + (column * steps[0])];
            }
        }

        return slice;
    }
}
