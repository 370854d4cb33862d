namespace MetSeg.Statistics;

/// <summary>How the cases of samples relate.</summary>
internal enum CaseRelation
{
    /// <summary>No case is shared, or cases are not named.</summary>
    Apart,

    /// <summary>Some cases are shared.</summary>
    Overlapping,

    /// <summary>All cases are.</summary>
    Same,
}

/// <summary>The scores of the same cases, in one order.</summary>
/// <param name="Values">A row per sample, a column per case.</param>
/// <param name="LeftOut">Cases without a partner in every sample.</param>
internal sealed record CaseAlignment(IReadOnlyList<double[]> Values, IReadOnlyList<string> LeftOut)
{
    private const int MostNamed = 8;

    /// <summary>Whether the samples hold the same cases, table by table.</summary>
    public static CaseRelation Relation(IReadOnlyList<ScoreSample> samples)
    {
        var places = samples[0].Tables.Count;
        if (samples.Any(sample => sample.Tables.Count != places || !sample.Tables.All(table => table.HasDistinctCases)))
        {
            return CaseRelation.Apart;
        }

        var (shared, all) = (0, 0);
        for (var place = 0; place < places; place++)
        {
            HashSet<string>[] sets = [.. samples.Select(sample => sample.Tables[place].Cases!.ToHashSet(StringComparer.Ordinal))];
            shared += sets.Aggregate(new HashSet<string>(sets[0]), (left, set) => { left.IntersectWith(set); return left; }).Count;
            all += sets.SelectMany(set => set).Distinct(StringComparer.Ordinal).Count();
        }

        return shared == 0 ? CaseRelation.Apart : shared == all ? CaseRelation.Same : CaseRelation.Overlapping;
    }

    /// <summary>Aligns a column of samples by case, tables at the same place with each other.</summary>
    /// <param name="samples">At least two.</param>
    /// <param name="column">The column.</param>
    /// <param name="dropUnpaired">Whether cases without a partner are left out; otherwise they are an error.</param>
    /// <exception cref="MetSegException">
    /// Samples differ in their number of tables; cases are not named, or not once; cases lack a partner; no case has one; a cell is no number.
    /// </exception>
    public static CaseAlignment Of(IReadOnlyList<ScoreSample> samples, string column, bool dropUnpaired)
    {
        if (samples.FirstOrDefault(sample => sample.Tables.Count != samples[0].Tables.Count) is { } odd)
        {
            throw new MetSegException(
                $"'{odd.Name}' pools {odd.Tables.Count} tables but '{samples[0].Name}' {samples[0].Tables.Count}; pairs need as many, in the same order.");
        }

        var parts = Enumerable.Range(0, samples[0].Tables.Count)
            .Select(place => OfTables([.. samples.Select(sample => sample.Tables[place])], column, dropUnpaired)).ToList();
        return new CaseAlignment(
            [.. samples.Select((_, i) => parts.SelectMany(part => part.Values[i]).ToArray())],
            [.. parts.SelectMany(part => part.LeftOut)]);
    }

    private static CaseAlignment OfTables(IReadOnlyList<ScoreTable> tables, string column, bool dropUnpaired)
    {
        var scores = tables.Select(table =>
            table.DistinctCases().Zip(table.Numbers(column)).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)).ToList();
        string[] all = [.. scores.SelectMany(one => one.Keys).Distinct(StringComparer.Ordinal)];
        var complete = all.Where(name => scores.All(one => one.ContainsKey(name))).ToList();
        string[] leftOut = [.. all.Except(complete, StringComparer.Ordinal)];
        if (leftOut.Length > 0 && (!dropUnpaired || complete.Count == 0))
        {
            var paths = string.Join(" and ", tables.Select(table => $"'{table.Path}'"));
            throw new MetSegException(complete.Count == 0
                ? $"{paths} share no case in the columns {string.Join(" and ", tables.Select(table => $"'{table.CaseColumn}'"))}. "
                    + "Pairs need the same cases; --test mann-whitney does not."
                : $"{paths} do not hold the same cases: {Named(leftOut, scores, tables)}. "
                    + "Complete the tables, or leave such cases out with --drop-unpaired.");
        }

        return new CaseAlignment([.. scores.Select(one => complete.Select(name => one[name]).ToArray())], leftOut);
    }

    private static string Named(string[] names, List<Dictionary<string, double>> scores, IReadOnlyList<ScoreTable> tables)
    {
        var lacking = tables.Zip(scores)
            .Select(pair => (pair.First.Path, Names: names.Where(name => !pair.Second.ContainsKey(name)).ToList()))
            .Where(one => one.Names.Count > 0);
        return string.Join("; ", lacking.Select(one =>
        {
            var others = one.Names.Count > MostNamed ? $" and {one.Names.Count - MostNamed} more" : "";
            return $"'{one.Path}' lacks {string.Join(", ", one.Names.Take(MostNamed))}{others}";
        }));
    }
}
