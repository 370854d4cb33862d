namespace MetSeg.Statistics;

/// <summary>One of the groups that vectors were put into.</summary>
/// <param name="Center">Mean of its vectors.</param>
/// <param name="Count">Number of its vectors.</param>
public sealed record Cluster(IReadOnlyList<double> Center, int Count);

/// <summary>Puts vectors into groups around their means.</summary>
/// <remarks>k-means: Lloyd, IEEE Trans Inf Theory 1982;28:129; first centers: Arthur and Vassilvitskii, SODA 2007 (k-means++).</remarks>
public static class Clusters
{
    private const int MostPasses = 100;

    /// <summary>Groups vectors. A group that is too small is dissolved into its neighbors, so that no center stands for fewer vectors than asked.</summary>
    /// <param name="vectors">Vectors of one length.</param>
    /// <param name="distance">Their distance: a Mahalanobis distance, or that of Euclid.</param>
    /// <param name="count">Number of groups to begin with.</param>
    /// <param name="least">Fewest vectors of a group.</param>
    /// <param name="random">Draws the first centers.</param>
    /// <returns>The groups, the largest first.</returns>
    /// <exception cref="ArgumentException">There are fewer than <paramref name="least"/> vectors.</exception>
    public static IReadOnlyList<Cluster> Find(
        IReadOnlyList<double[]> vectors, Func<IReadOnlyList<double>, IReadOnlyList<double>, double> distance, int count, int least, Random random)
    {
        if (vectors.Count < Math.Max(1, least))
        {
            throw new ArgumentException($"{vectors.Count} vectors make no group of {least}.", nameof(vectors));
        }

        var centers = FirstCenters(vectors, distance, count, random);
        while (true)
        {
            var owners = Settle(vectors, distance, centers);
            var counts = Enumerable.Range(0, centers.Count).Select(center => owners.Count(owner => owner == center)).ToList();
            if (counts.Min() >= least)
            {
                return [.. centers.Zip(counts, (center, size) => new Cluster(center, size)).OrderByDescending(cluster => cluster.Count)];
            }

            centers.RemoveAt(counts.IndexOf(counts.Min()));
        }
    }

    private static List<double[]> FirstCenters(
        IReadOnlyList<double[]> vectors, Func<IReadOnlyList<double>, IReadOnlyList<double>, double> distance, int count, Random random)
    {
        List<double[]> centers = [vectors[random.Next(vectors.Count)]];
        var nearest = vectors.Select(_ => double.PositiveInfinity).ToArray();
        while (centers.Count < count)
        {
            for (var i = 0; i < nearest.Length; i++)
            {
                var to = distance(vectors[i], centers[^1]);
                nearest[i] = Math.Min(nearest[i], to * to);
            }

            var left = random.NextDouble() * nearest.Sum();
            if (left <= 0)
            {
                break;
            }

            var chosen = Array.FindIndex(nearest, share => (left -= share) <= 0);
            centers.Add(vectors[chosen < 0 ? Array.IndexOf(nearest, nearest.Max()) : chosen]);
        }

        return centers;
    }

    /// <summary>Moves the centers to the means of their vectors until none changes its group.</summary>
    private static int[] Settle(
        IReadOnlyList<double[]> vectors, Func<IReadOnlyList<double>, IReadOnlyList<double>, double> distance, List<double[]> centers)
    {
        var owners = Array.Empty<int>();
        for (var pass = 0; pass < MostPasses; pass++)
        {
            int[] next = [.. vectors.Select(vector => Enumerable.Range(0, centers.Count).MinBy(center => distance(vector, centers[center])))];
            if (next.SequenceEqual(owners))
            {
                break;
            }

            owners = next;
            for (var center = 0; center < centers.Count; center++)
            {
                var own = vectors.Where((_, i) => owners[i] == center).ToList();
                centers[center] = own.Count == 0 ? centers[center] : [.. Enumerable.Range(0, own[0].Length).Select(entry => own.Average(vector => vector[entry]))];
            }
        }

        return owners;
    }
}
