namespace MetSeg.Imaging;

/// <summary>How the surface of a mask is taken.</summary>
public enum SurfaceKind
{
    /// <summary>Marching-cubes elements at the corners between voxels, weighted by their area (surface-distance, Nikolov et al. 2021).</summary>
    Surfel,

    /// <summary>Foreground voxels with a background voxel among their 6 neighbors, all of equal weight.</summary>
    Erosion6,

    /// <summary>Foreground voxels with a background voxel among their 26 neighbors, all of equal weight.</summary>
    Erosion26,
}

/// <summary>
/// The elements of a mask's surface. What lies outside the grid is background, so a mask that reaches the grid's face has a surface there.
/// </summary>
public sealed class Surface
{
    private Surface(Size lattice, int[] places, double[] areas)
    {
        (Lattice, Places, Areas) = (lattice, places, areas);
    }

    /// <summary>
    /// The lattice on which the elements lie: the voxels, or for surfels their corners, one more along each axis; corner i lies half a
    /// voxel before voxel i.
    /// </summary>
    public Size Lattice { get; }

    /// <summary>Places of the elements in a flat array over the lattice, ascending.</summary>
    public int[] Places { get; }

    /// <summary>The elements' areas in mm², or 1 each for border voxels.</summary>
    public double[] Areas { get; }

    /// <summary>Takes the surface of a mask.</summary>
    /// <param name="mask">One value per voxel, x fastest; not 0 is foreground.</param>
    /// <param name="size">Number of voxels along each axis.</param>
    /// <param name="spacing">Voxel size in mm; border voxels do not depend on it.</param>
    /// <param name="kind">How to take it.</param>
    public static Surface Of(ReadOnlySpan<byte> mask, Size size, Spacing spacing, SurfaceKind kind) =>
        kind == SurfaceKind.Surfel ? Surfels(mask, size, SurfelAreas.For(spacing)) : Border(mask, size, kind);

    private static Surface Surfels(ReadOnlySpan<byte> mask, Size size, double[] areaOfCode)
    {
        var lattice = new Size(size.X + 1, size.Y + 1, size.Z + 1);
        var places = new List<int>();
        var areas = new List<double>();
        var columns = new byte[size.X + 2];
        for (var z = 0; z < lattice.Z; z++)
        {
            for (var y = 0; y < lattice.Y; y++)
            {
                if (!FillColumns(mask, size, (y, z), columns))
                {
                    continue;
                }

                for (var x = MaskLine.NextForeground(columns, 0) - 1; x < lattice.X; x++)
                {
                    var code = columns[x] | (columns[x + 1] << 1);
                    if (code == 0)
                    {
                        x = MaskLine.NextForeground(columns, x) - 2;
                    }
                    else if (code != 255)
                    {
                        places.Add(lattice.Index(x, y, z));
                        areas.Add(areaOfCode[code]);
                    }
                }
            }
        }

        return new Surface(lattice, [.. places], [.. areas]);
    }

    /// <summary>
    /// For each x, one voxel of background before and after, which of the four voxels around the corner line (y, z) are foreground: bit 0
    /// is (y−1, z−1), bit 2 (y, z−1), bit 4 (y−1, z), bit 6 (y, z), so that a column and the next one shifted by one bit make a code.
    /// </summary>
    private static bool FillColumns(ReadOnlySpan<byte> mask, Size size, (int Y, int Z) corner, byte[] columns)
    {
        Array.Clear(columns);
        var any = false;
        for (var i = 0; i < 4; i++)
        {
            var (y, z) = (corner.Y - 1 + (i & 1), corner.Z - 1 + (i >> 1));
            if ((uint)y >= (uint)size.Y || (uint)z >= (uint)size.Z)
            {
                continue;
            }

            var row = mask.Slice(size.Index(0, y, z), size.X);
            for (var (x, end) = (MaskLine.NextForeground(row, 0), 0); x < row.Length; x = MaskLine.NextForeground(row, end))
            {
                any = true;
                for (end = MaskLine.NextBackground(row, x); x < end; x++)
                {
                    columns[x + 1] |= (byte)(1 << (2 * i));
                }
            }
        }

        return any;
    }

    private static Surface Border(ReadOnlySpan<byte> mask, Size size, SurfaceKind kind)
    {
        var places = new List<int>();
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                var row = size.Index(0, y, z);
                var line = mask.Slice(row, size.X);
                for (var x = MaskLine.NextForeground(line, 0); x < size.X; x = MaskLine.NextForeground(line, x + 1))
                {
                    if (IsBorder(mask, size, (x, y, z)) || (kind == SurfaceKind.Erosion26 && HasBackgroundAround(mask, size, row + x)))
                    {
                        places.Add(row + x);
                    }
                }
            }
        }

        var areas = new double[places.Count];
        Array.Fill(areas, 1);
        return new Surface(size, [.. places], areas);
    }

    private static bool IsBorder(ReadOnlySpan<byte> mask, Size size, (int X, int Y, int Z) voxel)
    {
        var (x, y, z) = voxel;
        var (place, slice) = (size.Index(x, y, z), size.X * size.Y);
        return x == 0 || x == size.X - 1 || y == 0 || y == size.Y - 1 || z == 0 || z == size.Z - 1
            || mask[place - 1] == 0 || mask[place + 1] == 0 || mask[place - size.X] == 0 || mask[place + size.X] == 0
            || mask[place - slice] == 0 || mask[place + slice] == 0;
    }

    /// <summary>Whether one of the 26 neighbors of a voxel within the grid is background.</summary>
    private static bool HasBackgroundAround(ReadOnlySpan<byte> mask, Size size, int place)
    {
        var any = false;
        for (var dz = -1; dz <= 1; dz++)
        {
            for (var dy = -1; dy <= 1; dy++)
            {
                any |= mask.Slice(place + (size.X * (dy + (size.Y * dz))) - 1, 3).Contains((byte)0);
            }
        }

        return any;
    }
}
