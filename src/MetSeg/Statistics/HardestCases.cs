namespace MetSeg.Statistics;

/// <summary>A case and how hard it was.</summary>
/// <param name="Case">The case.</param>
/// <param name="Worst">How often it has the worst score of a table and metric (ties count for all who share it).</param>
/// <param name="Of">Number of tables and metrics in which it has a score.</param>
/// <param name="MeanRank">Mean over those of its rank among the cases, 1 for the worst, midranks for ties.</param>
/// <param name="MeanScore">Mean of its scores where one metric is ranked; NaN otherwise.</param>
public sealed record HardestCase(string Case, int Worst, int Of, double MeanRank, double MeanScore);

/// <summary>
/// Ranks cases by how hard they were for all models: paper P4 counts how often a case is the worst of a model and metric; the mean rank
/// also minds who comes second.
/// </summary>
public static class HardestCases
{
    /// <summary>Ranks the cases: most often worst first, then by mean rank, then by name.</summary>
    /// <param name="tables">Tables, a model each, with cases each once; a case may be missing from some.</param>
    /// <param name="metrics">Columns and whether lower is better.</param>
    /// <exception cref="MetSegException">A table has no column of cases, lists one twice, or lacks a metric.</exception>
    public static IReadOnlyList<HardestCase> Rank(IReadOnlyList<ScoreTable> tables, IReadOnlyList<(string Column, bool LowerIsBetter)> metrics)
    {
        var scores = tables.SelectMany(table => metrics.SelectMany(metric => Scores(table, metric.Column, metric.LowerIsBetter)));
        return [.. scores.GroupBy(score => score.Case, StringComparer.Ordinal)
            .Select(group => new HardestCase(
                group.Key,
                group.Count(score => score.IsWorst),
                group.Count(),
                group.Average(score => score.Rank),
                metrics.Count == 1 ? group.Average(score => score.Value) : double.NaN))
            .OrderByDescending(one => one.Worst).ThenBy(one => one.MeanRank).ThenBy(one => one.Case, StringComparer.Ordinal)];
    }

    private static IEnumerable<(string Case, double Value, double Rank, bool IsWorst)> Scores(ScoreTable table, string column, bool lowerIsBetter)
    {
        var defined = table.DistinctCases().Zip(table.Numbers(column)).Where(pair => double.IsFinite(pair.Second)).ToList();
        double[] badness = [.. defined.Select(pair => lowerIsBetter ? -pair.Second : pair.Second)];
        var ranks = Ranks.Of(badness).Values;
        return defined.Select((pair, i) => (pair.First, pair.Second, ranks[i], badness[i] == badness.Min()));
    }
}
