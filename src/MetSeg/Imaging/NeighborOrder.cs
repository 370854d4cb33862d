namespace MetSeg.Imaging;

/// <summary>
/// Steps from a lattice point to those around it by rising distance, as far as all points at that distance lie within the reach along
/// every axis: whoever meets a point first on this way has met the nearest.
/// </summary>
internal sealed class NeighborOrder
{
    /// <summary>Lattice steps along each axis.</summary>
    public const int Reach = 4;

    private static volatile NeighborOrder? last;

    private readonly Spacing spacing;
    private readonly (int X, int Y, int Z)[] offsets;

    private NeighborOrder(Spacing spacing)
    {
        this.spacing = spacing;
        var limit = (Reach + 1) * Math.Min(spacing.X, Math.Min(spacing.Y, spacing.Z));
        var sorted = new List<((int X, int Y, int Z) Offset, double Distance)>();
        for (var i = 0; i < (int)Math.Pow((2 * Reach) + 1, 3); i++)
        {
            var side = (2 * Reach) + 1;
            var offset = (X: (i % side) - Reach, Y: (i / side % side) - Reach, Z: (i / side / side) - Reach);
            var (x, y, z) = (offset.X * spacing.X, offset.Y * spacing.Y, offset.Z * spacing.Z);
            var distance = Math.Sqrt((x * x) + (y * y) + (z * z));
            if (distance < limit)
            {
                sorted.Add((offset, distance));
            }
        }

        sorted.Sort((a, b) => a.Distance.CompareTo(b.Distance));
        offsets = [.. sorted.Select(one => one.Offset)];
        Distances = [.. sorted.Select(one => one.Distance)];
    }

    /// <summary>The distance in mm of each step.</summary>
    public double[] Distances { get; }

    /// <summary>The order for a spacing in mm; that of the last one asked for is kept.</summary>
    public static NeighborOrder For(Spacing spacing)
    {
        var kept = last;
        return kept is not null && kept.spacing == spacing ? kept : last = new NeighborOrder(spacing);
    }

    /// <summary>The steps as differences of places in a flat array.</summary>
    public int[] Steps(Size size) => Array.ConvertAll(offsets, offset => offset.X + (size.X * (offset.Y + (size.Y * offset.Z))));
}
