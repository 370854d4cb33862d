using MetSeg.Reports;

namespace MetSeg.Learning.Experiments;

/// <summary>What a report shows of trainings: their curves, then settings and provenance of each.</summary>
internal static class RunSections
{
    public static void AddTo(HtmlReport report, IReadOnlyList<TrainedRun> runs)
    {
        var curves = report.Section("Training");
        foreach (var run in runs)
        {
            run.AddCurves(curves);
        }

        var settings = report.Section("Settings of the trainings");
        settings.Table(new ReportTable(
            "Trainings",
            ["Run", "Fold", "Seed", "Train", "Validate", "Weights (SHA-256)"],
            [.. runs.SelectMany(run => run.Folds).Select(fold => new ReportRow(
            [
                fold.Facts.Run, fold.Facts.Fold, ReportCell.NumberText($"{fold.Facts.Seed?.ToString() ?? "–"}"), ReportCell.NumberText($"{fold.Facts.TrainingCases.Count}"),
                ReportCell.NumberText($"{fold.Facts.ValidationCases.Count}"), fold.Weights ?? "not there",
            ]))])
        {
            Notes = ["Train and validate: numbers of cases; their names stand in the settings below."],
        });
        foreach (var run in runs)
        {
            run.AddSettings(settings);
        }
    }
}
