namespace MetSeg;

/// <summary>Where the voxels of an image lie: their number along x, y, z and the map from voxel indices to RAS+ world millimeters.</summary>
public sealed record Grid
{
    /// <summary>Largest distance in mm at which two grids still count as the same (see <see cref="IsSameAs"/>).</summary>
    public const double ToleranceMm = 1e-3;

    /// <summary>Creates a grid.</summary>
    /// <param name="size">Number of voxels along each axis.</param>
    /// <param name="toWorld">Map from voxel indices to world mm, RAS+.</param>
    public Grid(Size size, Affine toWorld)
    {
        (Size, ToWorld) = (size, toWorld);
        Spacing = new Spacing(ColumnLength(0), ColumnLength(1), ColumnLength(2));
    }

    /// <summary>Number of voxels along x, y and z.</summary>
    public Size Size { get; }

    /// <summary>Map from voxel indices (i, j, k) to world mm, RAS+.</summary>
    public Affine ToWorld { get; }

    /// <summary>Distance between neighboring voxels along each axis, in mm: the lengths of the affine's columns.</summary>
    public Spacing Spacing { get; }

    /// <summary>
    /// Orientation code: for each axis the anatomical direction in which its index grows, such as "RAS" or "LPS". For oblique grids the
    /// nearest direction, each used once.
    /// </summary>
    public string Orientation
    {
        get
        {
            var axes = WorldAxes();
            return string.Concat(Enumerable.Range(0, 3).Select(axis =>
                (ToWorld[axes[axis], axis] >= 0 ? "RAS" : "LPI")[axes[axis]]));
        }
    }

    /// <summary>A grid with identity orientation (RAS) and its first voxel at the world's origin.</summary>
    public static Grid Axial(Size size, Spacing spacing) => new(size, Affine.Scaling(spacing));

    /// <summary>
    /// For each voxel axis the world axis (0 x, 1 y, 2 z) it follows best, each used once; among the six assignments the one with the
    /// largest sum of absolute direction cosines.
    /// </summary>
    public int[] WorldAxes()
    {
        int[][] assignments = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        var lengths = Spacing.ToArray();
        return assignments.MaxBy(worlds => Enumerable.Range(0, 3).Sum(axis => Math.Abs(ToWorld[worlds[axis], axis]) / lengths[axis]))!;
    }

    /// <summary>Whether both grids have the same size and put every corner within <paramref name="toleranceMm"/> of the other's.</summary>
    public bool IsSameAs(Grid other, double toleranceMm = ToleranceMm)
    {
        if (Size != other.Size)
        {
            return false;
        }

        int[] ends = [0, 1];
        return ends.All(i => ends.All(j => ends.All(k =>
        {
            var (x, y, z) = ((Size.X - 1) * i, (Size.Y - 1) * j, (Size.Z - 1) * k);
            var (ax, ay, az) = ToWorld.Apply(x, y, z);
            var (bx, by, bz) = other.ToWorld.Apply(x, y, z);
            return Math.Abs(ax - bx) <= toleranceMm && Math.Abs(ay - by) <= toleranceMm && Math.Abs(az - bz) <= toleranceMm;
        })));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Size} voxels of {Spacing}, {Orientation}, origin ({ToWorld[0, 3]:0.###}, {ToWorld[1, 3]:0.###}, {ToWorld[2, 3]:0.###}) mm";

    private double ColumnLength(int column) =>
        Math.Sqrt((ToWorld[0, column] * ToWorld[0, column]) + (ToWorld[1, column] * ToWorld[1, column]) + (ToWorld[2, column] * ToWorld[2, column]));
}
