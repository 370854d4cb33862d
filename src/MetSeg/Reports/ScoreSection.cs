using System.Globalization;
using MetSeg.Evaluation;

namespace MetSeg.Reports;

/// <summary>Scores per hospital: a table of all methods and grouped bars with intervals, one for each region.</summary>
internal static class ScoreSection
{
    private const int MostBarsBeside = 10;
    private const int BesideWidth = 520;
    private const int BarWidth = 36;
    private const int AxesWidth = 90;

    private static readonly (string Name, string Label)[] lesionScores =
        [("sensitivity", "Lesion sensitivity"), ("precision", "Lesion precision"), ("f1", "Lesion F1")];

    public static void AddTo(ReportSection section, EvaluationReport report)
    {
        for (var region = 0; region < report.First.Regions.Count; region++)
        {
            AddRegion(section, report, region);
        }
    }

    private static void AddRegion(ReportSection section, EvaluationReport report, int region)
    {
        var name = report.InRegion(report.First.Regions[region]);
        section.Table(new ReportTable(
            $"Scores per hospital{name}" + (report.Methods.Count > 1 ? "; the best method of a row in bold" : ""),
            ["Hospital", "Score", "n", .. report.Methods.Select(method => method.Name)],
            [.. report.Groups.SelectMany((_, group) => Rows(report, group, region))])
        {
            Notes = [.. Notes(report)],
        });
        var metrics = ReportedMetric.OfMasks(report.First.Options).Where(metric => metric.IsShare);
        ReportFigure[] bars =
        [
            .. metrics.Select(metric => Bars(report, region, metric.Label, summary =>
                summary.Metric(metric.Name) is var score ? new Bar(score.Mean, score.CiLow, score.CiHigh) : new Bar(double.NaN), "mean over cases")),
            .. lesionScores.Where(score => score.Name != "precision").Select(score => Bars(report, region, score.Label, summary =>
                summary.Pooled(score.Name) is var pooled ? new Bar(pooled.Value, pooled.Low, pooled.High) : new Bar(double.NaN), "pooled over cases")),
        ];
        if (report.Methods.Count * report.Groups.Count <= MostBarsBeside)
        {
            section.Figures(bars);
            return;
        }

        foreach (var figure in bars)
        {
            section.Figure(figure);
        }
    }

    private static IEnumerable<ReportRow> Rows(EvaluationReport report, int group, int region)
    {
        var (name, summaries) = (report.Groups[group], SummariesOf(report, group, region));
        foreach (var metric in ReportedMetric.OfMasks(report.First.Options))
        {
            var cells = summaries.Select(summary => summary.Metric(metric.Name)).ToList();
            yield return Row(
                $"{metric.Label}, {(metric.IsShare ? "mean" : "median")}", Counts(cells.Select(cell => cell.N), "case"),
                cells.Select(cell => metric.IsShare
                    ? ReportCell.Interval(cell.Mean, cell.CiLow, cell.CiHigh, metric.Format)
                    : ReportCell.Number(cell.Median, metric.Format)),
                metric.Best);
        }

        foreach (var (key, label) in lesionScores)
        {
            yield return Row(
                label, key == "f1" ? "" : Counts(summaries.Select(summary => Denominator(summary, key)), key == "sensitivity" ? "lesion" : "prediction"),
                summaries.Select(summary => summary.Pooled(key) is var score ? ReportCell.Interval(score.Value, score.Low, score.High) : ""),
                BestValue.Highest);
        }

        yield return Row(
            "False positives per case", Counts(summaries.Select(summary => summary.Cases), "case"),
            summaries.Select(summary => ReportCell.Number(summary.Pooled("falsePositivesPerCase").Value, "0.00")), BestValue.Lowest);

        ReportRow Row(string score, string n, IEnumerable<ReportCell> cells, BestValue best) =>
            new([name, score, ReportCell.NumberText(n), .. cells], best) { BeginsGroup = group > 0 && score.StartsWith("Dice", StringComparison.Ordinal) };
    }

    private static int Denominator(ListedSummary summary, string score) =>
        (int)(summary.Pooled("tp").Value + summary.Pooled(score == "sensitivity" ? "fn" : "fp").Value);

    /// <summary>"20 cases", or "20 / 18 cases" where methods differ.</summary>
    private static string Counts(IEnumerable<int> counts, string of)
    {
        var all = counts.ToList();
        var distinct = all.Distinct().Count() == 1 ? all.Take(1) : all;
        return $"{string.Join(" / ", distinct.Select(n => n.ToString(CultureInfo.InvariantCulture)))} {of}{(all.All(n => n == 1) ? "" : "s")}";
    }

    private static List<ListedSummary> SummariesOf(EvaluationReport report, int group, int region) =>
        [.. report.Methods.Select(method => method.Evaluation.Groups.FirstOrDefault(one => one.Name == report.Groups[group])?.Regions[region]
            ?? throw new MetSegException($"'{method.Evaluation.Folder}' has no group '{report.Groups[group]}' in metrics.json. Evaluate with the same --groups."))];

    private static IEnumerable<string> Notes(EvaluationReport report)
    {
        yield return "Lesion scores are pooled over the cases of a hospital, so every lesion weighs the same; precision = found / (found + false).";
        yield return "n: cases where the score is defined, reference lesions, found lesions and false positives; several numbers where methods differ. "
            + "A distance is undefined where a mask is empty: read it with its n.";
        yield return $"Brackets and whiskers: 95 % bootstrap interval over cases. Options of the evaluation: {report.First.OptionsText}.";
    }

    private static ReportFigure Bars(EvaluationReport report, int region, string label, Func<ListedSummary, Bar> bar, string how)
    {
        var groups = report.First.Groups;
        var place = report.InRegion(report.First.Regions[region]);
        var bars = report.Methods.Count * groups.Count;
        var chart = new GroupedBarChart
        {
            Groups = report.Groups,
            BelowGroups = [.. groups.Select(group => $"n = {group.Regions[region].Cases}")],
            Series = [.. report.Methods.Select((method, i) => new BarSeries(
                method.Name, [.. groups.Select((_, group) => bar(SummariesOf(report, group, region)[i]))]))],
            ValueLabel = label,
            UnitRange = true,
            Width = bars <= MostBarsBeside ? BesideWidth : Math.Max(BesideWidth, AxesWidth + (bars * BarWidth)),
            Height = 380,
        }.Draw();
        return new ReportFigure(
            chart, $"{label}{place} per hospital, {how}, with 95 % bootstrap interval; n cases.", $"Bar chart of {label} per hospital and method");
    }
}
