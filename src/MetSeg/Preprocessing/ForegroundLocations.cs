namespace MetSeg.Preprocessing;

/// <summary>Chooses the voxels that training patches are centered on.</summary>
internal static class ForegroundLocations
{
    private const int MostKept = 10_000;
    private const double LeastShare = 0.01;

    /// <summary>
    /// For each class or region that occurs (its place in <see cref="LabelScheme.Foreground"/>, from 1) its voxels' flat indices, ascending; under 0
    /// those of all labelled voxels where the scheme has a label "ignore". A random choice of the larger of 10,000 and 1 %, or all where
    /// there are fewer. The choice depends on the seed and the class alone.
    /// </summary>
    public static Dictionary<int, int[]> Find(LabelMap map, LabelScheme scheme, long seed)
    {
        var places = Enumerable.Range(0, scheme.Foreground.Count + 1).ToDictionary(number => number, _ => new List<int>());
        var classesOf = Enumerable.Range(0, byte.MaxValue + 1).Select(value => ClassesOf(value, scheme)).ToArray();
        var labels = map.Labels.AsSpan();
        for (var i = 0; i < labels.Length; i++)
        {
            foreach (var number in classesOf[labels[i]])
            {
                places[number].Add(i);
            }
        }

        return places.Where(pair => pair.Value.Count > 0)
            .ToDictionary(pair => pair.Key, pair => Choose(pair.Value, Seeds.Generator(seed, "foreground locations", pair.Key)));
    }

    private static int[] ClassesOf(int value, LabelScheme scheme)
    {
        var own = scheme.Foreground.Index().Where(entry => entry.Item.Values.Contains(value)).Select(entry => entry.Index + 1);
        return [.. scheme.Ignore is { } ignore && ignore != value ? own.Prepend(0) : own];
    }

    private static int[] Choose(List<int> places, Random random)
    {
        var count = Math.Min(places.Count, Math.Max(MostKept, (int)Math.Ceiling(LeastShare * places.Count)));
        if (count == places.Count)
        {
            return [.. places];
        }

        for (var i = 0; i < count; i++)
        {
            var other = random.Next(i, places.Count);
            (places[i], places[other]) = (places[other], places[i]);
        }

        int[] chosen = [.. places.Take(count)];
        Array.Sort(chosen);
        return chosen;
    }
}
