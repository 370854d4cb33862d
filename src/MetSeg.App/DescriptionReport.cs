using MetSeg.Statistics;

namespace MetSeg.App;

/// <summary>A metric by which cases were ranked.</summary>
/// <param name="Metric">The column.</param>
/// <param name="LowerIsBetter">Whether a high value is bad.</param>
internal sealed record RankedMetric(string Metric, bool LowerIsBetter);

/// <summary>The hardest cases.</summary>
/// <param name="Metrics">By what they were ranked.</param>
/// <param name="Cases">The hardest first.</param>
internal sealed record HardestCaseRanking(IReadOnlyList<RankedMetric> Metrics, IReadOnlyList<HardestCase> Cases);

/// <summary>What <c>metseg describe</c> prints.</summary>
/// <param name="Tables">Descriptions by table and metric.</param>
/// <param name="Confidence">Confidence of the intervals.</param>
/// <param name="Hardest">The hardest cases; null where not asked for.</param>
internal sealed record DescriptionReport(
    OrderedDictionary<string, OrderedDictionary<string, Description>> Tables, double Confidence, HardestCaseRanking? Hardest)
{
    /// <summary>Writes it as text.</summary>
    public void Write(TextWriter output)
    {
        var percent = $"{100 * Confidence:0.##} % CI";
        var rows = Tables.SelectMany(table => table.Value.Select(metric => Row(table.Key, metric.Key, metric.Value))).ToList();
        TextTable.Write(
            output,
            ["table", "metric", "n", "missing", "mean", "SD", percent, "BCa", "median", "quartiles", "min", "max", "W", "p"],
            rows);
        output.WriteLine("CI: of the mean by Student's t; BCa: by bootstrap. SD with n − 1. W, p: Shapiro–Wilk; a small p speaks against a normal distribution.");
        foreach (var (table, metric, reason) in Tables.SelectMany(table => table.Value
            .Where(one => one.Value.ShapiroWilk.Undefined is not null).Select(one => (table.Key, one.Key, one.Value.ShapiroWilk.Undefined))))
        {
            output.WriteLine($"No Shapiro–Wilk for {table} {metric}: {reason}.");
        }

        if (Hardest is not null)
        {
            WriteHardest(output, Hardest);
        }
    }

    private static string[] Row(string table, string metric, Description one) =>
    [
        table, metric, $"{one.N}", $"{one.Missing}",
        ScoreText.Number(one.Mean), ScoreText.Number(one.Sd), ScoreText.Interval(one.CiLow, one.CiHigh), ScoreText.Interval(one.BcaLow, one.BcaHigh),
        ScoreText.Number(one.Median), ScoreText.Interval(one.LowerQuartile, one.UpperQuartile), ScoreText.Number(one.Min), ScoreText.Number(one.Max),
        TextTable.Number(one.ShapiroWilk.W, 6), ScoreText.P(one.ShapiroWilk.P),
    ];

    private static void WriteHardest(TextWriter output, HardestCaseRanking hardest)
    {
        output.WriteLine();
        var single = hardest.Metrics.Count == 1;
        TextTable.Write(
            output,
            ["hardest case", "worst", "of", "mean rank", .. single ? [$"mean {hardest.Metrics[0].Metric}"] : Array.Empty<string>()],
            hardest.Cases.Select(one => (IReadOnlyList<string>)
                [one.Case, $"{one.Worst}", $"{one.Of}", TextTable.Number(one.MeanRank, 2), .. single ? [ScoreText.Number(one.MeanScore)] : Array.Empty<string>()]));
        var metrics = hardest.Metrics.Select(metric => $"{metric.Metric} ({(metric.LowerIsBetter ? "low" : "high")} is good)");
        output.WriteLine($"Worst: how often the case had the worst score of a table and metric; rank 1 is the worst. Ranked by {string.Join(", ", metrics)}.");
    }
}
