namespace MetSeg.Statistics;

/// <summary>Ranks from 1; equal values share the mean of their places (midranks).</summary>
/// <param name="Values">The rank of each value, in the values' order.</param>
/// <param name="TieSum">Σ (t³ − t) over groups of t equal values; 0 without ties.</param>
internal sealed record Ranks(double[] Values, double TieSum)
{
    public bool HasTies => TieSum > 0;

    public static Ranks Of(IReadOnlyList<double> values)
    {
        var keys = values.ToArray();
        var order = Enumerable.Range(0, keys.Length).ToArray();
        Array.Sort(keys, order);
        var ranks = new double[keys.Length];
        var tieSum = 0.0;
        for (int start = 0, end; start < keys.Length; start = end)
        {
            end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            double tied = end - start;
            tieSum += (tied * tied * tied) - tied;
            for (var place = start; place < end; place++)
            {
                ranks[order[place]] = (start + 1 + end) / 2.0;
            }
        }

        return new Ranks(ranks, tieSum);
    }
}
