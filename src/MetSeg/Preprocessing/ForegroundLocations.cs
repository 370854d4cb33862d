namespace MetSeg.Preprocessing;

/// <summary>Chooses the foreground voxels that training patches are centered on.</summary>
internal static class ForegroundLocations
{
    private const int MostKept = 10_000;
    private const double LeastShare = 0.01;

    /// <summary>
    /// For each foreground label that occurs, its voxels' flat indices, ascending: a random choice of the larger of 10,000 and 1 %, or all
    /// where there are fewer. The choice depends on the seed and the label alone.
    /// </summary>
    public static Dictionary<int, int[]> Find(LabelMap map, long seed)
    {
        var places = map.PresentLabels().ToDictionary(label => (int)label, _ => new List<int>());
        var labels = map.Labels.AsSpan();
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] != 0)
            {
                places[labels[i]].Add(i);
            }
        }

        return places.ToDictionary(pair => pair.Key, pair => Choose(pair.Value, Seeds.Generator(seed, "foreground locations", pair.Key)));
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
