using MetSeg.Evaluation;

namespace MetSeg.Reports;

/// <summary>What the methods' probability maps are worth: a table of scores and, per region, a reliability diagram.</summary>
internal static class ProbabilitySection
{
    public static void AddTo(ReportSection section, EvaluationReport report)
    {
        for (var i = 0; i < report.First.Regions.Count; i++)
        {
            var place = report.InRegion(report.First.Regions[i]);
            var methods = report.Methods.Select(method => (method.Name, Summary: method.Evaluation.Groups[0].Regions[i]))
                .Where(method => method.Summary.Reliability.Count > 0).ToList();
            if (methods.Count == 0)
            {
                section.Paragraph($"There are no probability maps{place}.");
                continue;
            }

            section.Table(Table(methods, place)).Figure(new ReportFigure(
                new ReliabilityChart { Series = [.. methods.Select(method => new ReliabilitySeries(method.Name, method.Summary.Reliability))] }.Draw(),
                $"How often voxels{place} that were predicted with a probability are of the reference, and how many there are, all {report.Cases} cases together. "
                    + "On the diagonal probabilities mean what they say. Background decides the first bin and with it the calibration error: give brain masks.",
                "Reliability diagram of the probability maps"));
        }
    }

    private static ReportTable Table(IReadOnlyList<(string Name, ListedSummary Summary)> methods, string place) => new(
        $"Probability maps{place}, mean over cases with 95 % interval",
        ["Score", .. methods.Select(method => method.Name)],
        [
            Row(methods, "Average precision", "averagePrecision", BestValue.Highest), Row(methods, "Area under the ROC curve", "rocAuc", BestValue.Highest),
            Row(methods, "Brier score", "brier", BestValue.Lowest), Row(methods, "Expected calibration error", "ece", BestValue.Lowest),
        ])
    {
        Notes = ["Average precision and area under the curve are undefined, and left out, for cases without a lesion."],
    };

    private static ReportRow Row(IReadOnlyList<(string Name, ListedSummary Summary)> methods, string label, string metric, BestValue best) => new(
        [label, .. methods.Select(method => method.Summary.Metric(metric)).Select(score => ReportCell.Interval(score.Mean, score.CiLow, score.CiHigh, "0.0000"))], best);
}
