using MetSeg.Statistics;

namespace MetSeg.Reports;

/// <summary>Methods on the same cases: a box and points for each with lines between the points of a case, and paired tests.</summary>
internal static class PairedSection
{
    public static void AddTo(ReportSection section, EvaluationReport report)
    {
        var metrics = ReportedMetric.OfCases(report.First.Options);
        section.Figures(report.First.Regions.SelectMany(region => metrics.Select(metric => Figure(report, metric, region))));
        if (report.Methods.Count < 2)
        {
            section.Paragraph("One method: there is nothing to test it against.");
            return;
        }

        var tested = report.First.Regions.SelectMany(region => metrics.Select(metric =>
                new TestedScore(report.First.Column(metric.Name, region), metric.Label + report.InRegion(region), metric.Format)))
            .Where(one => report.Methods.All(method => report.Scores(method, one.Column).Any(double.IsFinite))).ToList();
        if (tested.Count == 0)
        {
            section.Paragraph("No score is defined for every method, so nothing is tested.");
            return;
        }

        var samples = report.Methods.Select(method => new ScoreSample(method.Name, [ScoreTable.Read(method.Evaluation.Folder)])).ToList();
        var result = ScoreComparison.Compare(samples, [.. tested.Select(one => one.Column)], report.Options.Comparison);
        section.Table(Table(report, result, column => tested.First(one => one.Column == column)));
    }

    private static ReportFigure Figure(EvaluationReport report, ReportedMetric metric, string region)
    {
        var column = report.First.Column(metric.Name, region);
        var chart = new PairedChart
        {
            Series = [.. report.Methods.Select(method => new PairedSeries(method.Name, report.Scores(method, column)))],
            ValueLabel = metric.Label,
            UnitRange = metric.IsShare,
            Width = 520,
        }.Draw();
        return new ReportFigure(
            chart,
            $"{metric.Label}{report.InRegion(region)}: a point per case, a line between the values of a case, boxes from the lower to the upper quartile with the median; "
            + $"n of {report.Cases} cases where it is defined.",
            $"Box plot and points of {metric.Label} per method");
    }

    private static ReportTable Table(EvaluationReport report, ComparisonResult result, Func<string, TestedScore> score)
    {
        var isCorrected = result.Comparisons.Count > 1;
        var hasPairs = report.Methods.Count > 2;
        return new ReportTable(
            hasPairs ? "Methods compared by case" : $"Compared by case: {report.Methods[0].Name} − {report.Methods[1].Name}",
            [
                "Score", .. hasPairs ? ["Methods"] : Array.Empty<string>(), "Pairs", "Medians", "Shift", "W+", "p",
                .. isCorrected ? ["p (Holm)"] : Array.Empty<string>(), "Effect size r",
            ],
            [.. result.Comparisons.Select((one, i) => new ReportRow(
            [
                score(one.Metric).Label, .. hasPairs ? [$"{one.First} − {one.Second}"] : Array.Empty<ReportCell>(), ReportCell.NumberText($"{one.Result.N.Sum()}"),
                ReportCell.NumberText($"{Text(one.MedianFirst, score(one.Metric).Format)}, {Text(one.MedianSecond, score(one.Metric).Format)}"),
                ReportCell.NumberText(Interval(one.Result.Difference, score(one.Metric).Format)), ReportCell.NumberText(Text(one.Result.Statistic, "0.#")),
                ReportCell.NumberText(P(one.Result.P)), .. isCorrected ? [ReportCell.NumberText(P(one.PAdjusted))] : Array.Empty<ReportCell>(),
                ReportCell.NumberText(Interval(one.EffectSize, "0.00")),
            ]) { BeginsGroup = hasPairs && i > 0 && result.Comparisons[i - 1].Metric != one.Metric })])
        {
            Notes = [.. Notes(report, result, column => score(column).Label)],
        };
    }

    private static IEnumerable<string> Notes(EvaluationReport report, ComparisonResult result, Func<string, string> label)
    {
        var resamples = result.Options.Resamples;
        yield return "Wilcoxon's signed-rank test, two-sided, of the cases where both methods have a value. Shift: Hodges–Lehmann estimate of first − second with its "
            + $"95 % interval; r: matched-pairs rank-biserial correlation with a BCa bootstrap interval ({resamples} resamples). Positive where the first is greater.";
        if (result.Comparisons.Count > 1)
        {
            yield return $"p (Holm) is corrected for the {result.Comparisons.Count} tests of this table.";
        }

        if (report.Patients < report.Cases)
        {
            yield return $"The test takes {report.Cases} cases of {report.Patients} patients as independent: with several cases of a patient p is too small.";
        }

        foreach (var one in result.Comparisons.Where(one => one.Result.Undefined is not null))
        {
            yield return $"{label(one.Metric)}, {one.First} − {one.Second}: no p, {one.Result.Undefined}.";
        }

        foreach (var one in result.Comparisons.Where(one => one.Result.Dropped > 0))
        {
            yield return $"{label(one.Metric)}, {one.First} − {one.Second}: {one.Result.Dropped} of {report.Cases} cases left out, where a value is undefined.";
        }

        foreach (var omnibus in result.Omnibus)
        {
            yield return omnibus.Result.Undefined is { } reason
                ? $"Friedman's test of all methods, {label(omnibus.Metric)}: undefined, {reason}."
                : $"Friedman's test of all methods, {label(omnibus.Metric)}: {omnibus.Result.StatisticName} = {Text(omnibus.Result.Statistic, "0.00")}, "
                    + $"p = {P(omnibus.Result.P)}, n = {omnibus.Result.N.Max()}.";
        }
    }

    private static string Text(double value, string format) => double.IsFinite(value) ? value.ToString(format).Replace('-', '−') : "–";

    private static string Interval(Estimate? estimate, string format) => estimate is null || !double.IsFinite(estimate.Value)
        ? "–"
        : double.IsFinite(estimate.CiLow) && double.IsFinite(estimate.CiHigh)
            ? $"{Text(estimate.Value, format)} [{Text(estimate.CiLow, format)}, {Text(estimate.CiHigh, format)}]"
            : Text(estimate.Value, format);

    private static string P(double p) => p switch
    {
        double.NaN => "–",
        < 0.001 => "< 0.001",
        _ => p.ToString("0.000"),
    };

    /// <summary>A column that is tested: its name for readers and its format.</summary>
    private sealed record TestedScore(string Column, string Label, string Format);
}
