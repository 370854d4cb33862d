namespace MetSeg.Statistics;

/// <summary>How p-values are corrected because several hypotheses were tested.</summary>
public enum Correction
{
    /// <summary>Holm's step-down: family-wise error, never weaker than Bonferroni's.</summary>
    Holm,

    /// <summary>Benjamini and Hochberg's step-up: false discovery rate.</summary>
    BenjaminiHochberg,

    /// <summary>Bonferroni's: family-wise error.</summary>
    Bonferroni,

    /// <summary>None.</summary>
    None,
}

/// <summary>Adjusted p-values: compare them with the level as if each stood alone.</summary>
/// <remarks>Holm, Scand J Stat 1979;6:65; Benjamini and Hochberg, J R Stat Soc B 1995;57:289. As R's p.adjust.</remarks>
public static class MultipleComparisons
{
    /// <summary>Adjusts p-values, in their order. NaN stays NaN and does not count as a hypothesis.</summary>
    /// <param name="p">p-values in [0, 1] or NaN.</param>
    /// <param name="correction">The method.</param>
    public static double[] Adjust(IReadOnlyList<double> p, Correction correction)
    {
        int[] order = [.. Enumerable.Range(0, p.Count).Where(i => !double.IsNaN(p[i])).OrderBy(i => p[i])];
        var adjusted = Enumerable.Repeat(double.NaN, p.Count).ToArray();
        var count = order.Length;
        var bound = 0.0;
        for (var place = 0; place < count; place++)
        {
            var raw = p[order[place]];
            bound = correction switch
            {
                Correction.Holm => Math.Max(bound, (count - place) * raw),
                Correction.Bonferroni => count * raw,
                Correction.BenjaminiHochberg => SmallestFrom(p, order, place),
                _ => raw,
            };
            adjusted[order[place]] = Math.Min(1, bound);
        }

        return adjusted;
    }

    private static double SmallestFrom(IReadOnlyList<double> p, int[] order, int place) =>
        Enumerable.Range(place, order.Length - place).Min(later => p[order[later]] * order.Length / (later + 1));
}
