namespace MetSeg.Imaging;

/// <summary>
/// Finds the exact distance in mm from lattice points to the nearest of a set of lattice points. Around each point the lattice is looked
/// through by rising distance, a few steps far; a k-d tree finds what lies farther. For surfaces, which are few points in a large grid and
/// mostly near each other, this costs less than a distance transform, and the more so the larger the grid.
/// </summary>
public sealed class NearestPoints
{
    private const int Reach = NeighborOrder.Reach;

    private readonly Size lattice;
    private readonly Size padded;
    private readonly ulong[] isPoint;
    private readonly NeighborOrder order;
    private readonly int[] steps;
    private readonly Lazy<PointTree> tree;

    /// <summary>Takes the points.</summary>
    /// <param name="places">Places of the points in a flat array over the lattice; at least one.</param>
    /// <param name="lattice">Number of lattice points along each axis.</param>
    /// <param name="spacing">Distance of neighboring lattice points in mm.</param>
    /// <exception cref="ArgumentException">There is no point: a distance to nothing is undefined.</exception>
    public NearestPoints(ReadOnlySpan<int> places, Size lattice, Spacing spacing)
    {
        if (places.IsEmpty)
        {
            throw new ArgumentException("A distance needs at least one point to measure to.", nameof(places));
        }

        this.lattice = lattice;
        padded = new Size(lattice.X + (2 * Reach), lattice.Y + (2 * Reach), lattice.Z + (2 * Reach));
        order = NeighborOrder.For(spacing);
        steps = order.Steps(padded);
        isPoint = new ulong[(padded.Count / 64) + 1];
        foreach (var place in places)
        {
            var at = Padded(place);
            isPoint[at >> 6] |= 1UL << at;
        }

        var all = places.ToArray();
        tree = new Lazy<PointTree>(() => new PointTree(all, lattice, spacing));
    }

    /// <summary>The distances in mm from other points of the same lattice, one per place.</summary>
    public double[] DistancesFrom(ReadOnlySpan<int> places)
    {
        var distances = new double[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            var at = Padded(places[i]);
            var step = 0;
            while (step < steps.Length && (isPoint[(at + steps[step]) >> 6] & (1UL << (at + steps[step]))) == 0)
            {
                step++;
            }

            distances[i] = step < steps.Length ? order.Distances[step] : tree.Value.DistanceFrom(places[i]);
        }

        return distances;
    }

    private int Padded(int place)
    {
        var (row, x) = Math.DivRem(place, lattice.X);
        var (z, y) = Math.DivRem(row, lattice.Y);
        return padded.Index(x + Reach, y + Reach, z + Reach);
    }
}
