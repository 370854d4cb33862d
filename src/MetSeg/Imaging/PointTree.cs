namespace MetSeg.Imaging;

/// <summary>Finds the exact distance in mm from lattice points to the nearest of a set of lattice points, by a k-d tree.</summary>
/// <remarks>Friedman, Bentley, Finkel: An algorithm for finding best matches in logarithmic expected time, ACM T Math Software 1977;3:209.</remarks>
internal sealed class PointTree
{
    private const int LeafSize = 8;

    private readonly Size lattice;
    private readonly Spacing spacing;
    private readonly Point[] points;
    private readonly byte[] axes;

    private Point nearest;

    /// <summary>Builds the tree of at least one point.</summary>
    public PointTree(ReadOnlySpan<int> places, Size lattice, Spacing spacing)
    {
        (this.lattice, this.spacing) = (lattice, spacing);
        points = new Point[places.Length];
        axes = new byte[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            points[i] = PointAt(places[i]);
        }

        Split(points, axes);
        nearest = points[0];
    }

    /// <summary>The distance in mm from another point of the same lattice. The search starts at the last point found: ask for neighbors in a row.</summary>
    public double DistanceFrom(int place)
    {
        var from = PointAt(place);
        var best = Squared(from, nearest);
        Search(0, points.Length, from, ref best, ref nearest);
        return Math.Sqrt(best);
    }

    private Point PointAt(int place)
    {
        var (row, x) = Math.DivRem(place, lattice.X);
        var (z, y) = Math.DivRem(row, lattice.Y);
        return new Point(x, y, z);
    }

    /// <summary>Puts the median along the widest axis in the middle, smaller ones before it, and so on in both halves.</summary>
    private void Split(Span<Point> part, Span<byte> partAxes)
    {
        while (part.Length > LeafSize)
        {
            var middle = part.Length / 2;
            var axis = WidestAxis(part);
            partAxes[middle] = (byte)axis;
            Select(part, middle, axis);
            Split(part[..middle], partAxes[..middle]);
            part = part[(middle + 1)..];
            partAxes = partAxes[(middle + 1)..];
        }
    }

    private int WidestAxis(ReadOnlySpan<Point> part)
    {
        var box = VoxelBox.Empty;
        foreach (var point in part)
        {
            box = box.Around(new VoxelBox(point.X, point.Y, point.Z, point.X, point.Y, point.Z));
        }

        var (x, y, z) = ((box.EndX - box.MinX) * spacing.X, (box.EndY - box.MinY) * spacing.Y, (box.EndZ - box.MinZ) * spacing.Z);
        return x >= y && x >= z ? 0 : y >= z ? 1 : 2;
    }

    /// <summary>Hoare's selection: afterwards nothing before the middle is larger along the axis, nothing behind it smaller.</summary>
    private static void Select(Span<Point> part, int middle, int axis)
    {
        var (low, high) = (0, part.Length - 1);
        while (low < high)
        {
            var pivot = part[(low + high) / 2].Along(axis);
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (part[i].Along(axis) < pivot)
                {
                    i++;
                }

                while (part[j].Along(axis) > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (part[i], part[j]) = (part[j], part[i]);
                    (i, j) = (i + 1, j - 1);
                }
            }

            (low, high) = middle <= j ? (low, j) : middle >= i ? (i, high) : (middle, middle);
        }
    }

    private void Search(int start, int end, Point from, ref double best, ref Point nearest)
    {
        if (best == 0)
        {
            return;
        }

        if (end - start <= LeafSize)
        {
            for (var i = start; i < end; i++)
            {
                Consider(points[i], from, ref best, ref nearest);
            }

            return;
        }

        var middle = start + ((end - start) / 2);
        var axis = axes[middle];
        var offset = (from.Along(axis) - points[middle].Along(axis)) * (axis == 0 ? spacing.X : axis == 1 ? spacing.Y : spacing.Z);
        Consider(points[middle], from, ref best, ref nearest);
        var (near, far) = offset < 0 ? ((start, middle), (middle + 1, end)) : ((middle + 1, end), (start, middle));
        Search(near.Item1, near.Item2, from, ref best, ref nearest);
        if (offset * offset < best)
        {
            Search(far.Item1, far.Item2, from, ref best, ref nearest);
        }
    }

    private void Consider(Point point, Point from, ref double best, ref Point nearest)
    {
        var squared = Squared(from, point);
        if (squared < best)
        {
            (best, nearest) = (squared, point);
        }
    }

    private double Squared(Point a, Point b)
    {
        var (x, y, z) = ((a.X - b.X) * spacing.X, (a.Y - b.Y) * spacing.Y, (a.Z - b.Z) * spacing.Z);
        return (x * x) + (y * y) + (z * z);
    }

    private readonly record struct Point(int X, int Y, int Z)
    {
        public int Along(int axis) => axis == 0 ? X : axis == 1 ? Y : Z;
    }
}
