using MetSeg.Statistics;

namespace MetSeg.Reports;

/// <summary>Methods on the same cases: a box and points for each with lines between the points of a case, and paired tests.</summary>
internal static class PairedSection
{
    private const int BesideWidth = 520;
    private const int AxesWidth = 90;
    private const int NameRoom = 16;
    private const int LetterWidth = 8;

    public static void AddTo(ReportSection section, EvaluationReport report)
    {
        var metrics = ReportedMetric.OfCases(report.First.Options);
        AddFigures(section, [.. report.First.Regions.SelectMany(region => metrics.Select(metric => Figure(report, metric, region)))]);
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
        if (result.Omnibus.Count > 0)
        {
            section.Table(Omnibus(result, column => tested.First(one => one.Column == column).Label));
        }
    }

    private static void AddFigures(ReportSection section, List<ReportFigure> figures)
    {
        if (figures.All(figure => figure.Width <= BesideWidth))
        {
            section.Figures(figures);
            return;
        }

        figures.ForEach(figure => section.Figure(figure));
    }

    private static ReportFigure Figure(EvaluationReport report, ReportedMetric metric, string region)
    {
        var column = report.First.Column(metric.Name, region);
        var chart = new PairedChart
        {
            Series = [.. report.Methods.Select(method => new PairedSeries(method.Name, report.Scores(method, column)))],
            ValueLabel = metric.Label,
            UnitRange = metric.IsShare,
            Width = Math.Max(BesideWidth, AxesWidth + (report.Methods.Count * (NameRoom + (LetterWidth * report.Methods.Max(method => method.Name.Length))))),
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

        if (result.Comparisons.Any(one => one.Result.Dropped > 0))
        {
            yield return $"Pairs: cases where the score is defined for both methods, of {report.Cases}.";
        }

        foreach (var group in result.Comparisons.Where(one => one.Result.Undefined is not null).GroupBy(one => one.Result.Undefined))
        {
            yield return $"No p for {string.Join("; ", group.Select(one => $"{label(one.Metric)}, {one.First} − {one.Second}"))}: {group.Key}.";
        }
    }

    private static ReportTable Omnibus(ComparisonResult result, Func<string, string> label) => new(
        "All methods at once: Friedman's test",
        ["Score", "Cases", "χ²", "df", "p"],
        [.. result.Omnibus.Select(one => new ReportRow(
        [
            label(one.Metric), ReportCell.NumberText($"{one.Result.N.DefaultIfEmpty().Max()}"), ReportCell.NumberText(Text(one.Result.Statistic, "0.00")),
            ReportCell.NumberText(Text(one.Result.DegreesOfFreedom, "0")), ReportCell.NumberText(P(one.Result.P)),
        ]))])
    {
        Notes =
        [
            "Cases: those where the score is defined for every method. p is not corrected.",
            .. result.Omnibus.Where(one => one.Result.Undefined is not null).Select(one => $"No p for {label(one.Metric)}: {one.Result.Undefined}."),
        ],
    };

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
