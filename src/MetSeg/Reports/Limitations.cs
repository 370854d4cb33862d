using MetSeg.Evaluation;

namespace MetSeg.Reports;

/// <summary>What limits the results of a report, as far as its files tell: a sentence each, the gravest first.</summary>
internal static class Limitations
{
    private const int FewCases = 20;
    private const int FewLesions = 10;

    public static IReadOnlyList<string> Of(EvaluationReport report) =>
    [
        Data(report), .. Leaks(report), .. Trainings(report), .. Size(report), .. Undefined(report), .. Options(report),
        "Tests ask whether methods differ; a large p does not show that they are equal. Nothing here was tested for use on patients.",
    ];

    /// <summary>The evaluated cases that a run has seen, or others of whose patient it has.</summary>
    internal static List<string> SeenBy(IEnumerable<TrainingFacts> run, EvaluationReport report)
    {
        var seen = run.SelectMany(training => training.TrainingCases.Concat(training.ValidationCases))
            .Select(id => report.Study.PatientOfCase?.GetValueOrDefault(id) ?? id).ToHashSet(StringComparer.Ordinal);
        return [.. report.First.Cases.Select(one => one.Case).Where(id => seen.Contains(report.PatientOfCase[id]))];
    }

    private static string Data(EvaluationReport report) => report.Study.IsSimulated
        ? "The scans are simulated head phantoms: scores show how methods compare on them, not how they do on patients."
        : "The files do not tell whether the scans are of patients or simulated, nor how they were selected.";

    private static IEnumerable<string> Leaks(EvaluationReport report)
    {
        foreach (var (name, cases) in report.Study.Trainings.GroupBy(training => training.Run).Select(run => (run.Key, Cases: SeenBy(run, report))))
        {
            if (cases.Count > 0)
            {
                yield return $"{cases.Count} of the {report.Cases} cases, or others of their patients, were seen in the training of {name} ({Some(cases)}): its scores there are not of unseen data.";
            }
        }
    }

    private static IEnumerable<string> Trainings(EvaluationReport report)
    {
        if (report.Study.Trainings.Count == 0)
        {
            yield return "How the methods were trained is not known here (--run): neither whether they saw these cases nor how much another seed would change.";
        }

        var alike = report.Study.Trainings.GroupBy(training => training.Run)
            .Where(run => run.Select(training => training.Seed).Distinct().Count() == 1)
            .GroupBy(run => (run.First().Seed, Folds: FoldsOf(run)), run => run.Key);
        foreach (var runs in alike)
        {
            yield return $"One seed{(runs.Key.Seed is null ? "" : $" ({runs.Key.Seed})")} and {runs.Key.Folds} for {string.Join(", ", runs)}: "
                + "intervals cover the choice of cases, not the chance of training.";
        }
    }

    private static string FoldsOf(IEnumerable<TrainingFacts> run)
    {
        var folds = run.Select(training => training.Fold).Distinct().ToList();
        return folds.Count == 1 ? $"one fold ({folds[0]})" : $"{folds.Count} folds";
    }

    private static IEnumerable<string> Size(EvaluationReport report)
    {
        var institutions = report.First.Institutions;
        var known = institutions is not [CaseEvaluation.UnknownGroup];
        var smallest = report.First.Cases.GroupBy(one => one.Group).MinBy(group => group.Count())!;
        yield return $"{Count(report.Cases, "case")} of {Count(report.Patients, "patient")}"
            + (!known ? "; their hospitals are not known, so nothing is shown of how methods carry over."
                : institutions.Count == 1 ? $" at one hospital ({institutions[0]}): nothing is shown of how methods carry over to others."
                : $" at {institutions.Count} hospitals, {smallest.Count()} at the smallest ({smallest.Key}).")
            + (report.Cases < FewCases ? " With so few, bootstrap intervals are too narrow and p-values coarse." : "");
        if (!report.KnowsPatients)
        {
            yield return "Patients are not known here (--groups): each case counts as a patient of its own, and intervals are too narrow if some have several.";
        }

        if (report.Patients < report.Cases)
        {
            yield return $"Tests take {report.Cases} cases of {report.Patients} patients as independent: p-values are too small. Intervals draw patients.";
        }

        var few = report.First.Regions.Select(region => FewIn(report, region)).Where(text => text.Length > 0).ToList();
        if (few.Count > 0)
        {
            yield return $"Few lesions: {string.Join("; ", few)}.";
        }
    }

    private static string FewIn(EvaluationReport report, string region)
    {
        var lesions = report.First.Lesions.Where(lesion => lesion.Region == region).ToList();
        var few = VolumeBin.Of(lesions, report.PatientOfCase, report.Options.BinEdges, resamples: 1).Where(bin => bin.Lesions < FewLesions).ToList();
        return few.Count == 0 ? "" : InFront(report, region) + string.Join(", ", few.Select(bin => $"{bin.Lesions} of {bin.Name} cm³"));
    }

    private static IEnumerable<string> Undefined(EvaluationReport report)
    {
        foreach (var region in report.First.Regions)
        {
            foreach (var metric in ReportedMetric.OfCases(report.First.Options))
            {
                var missing = report.Methods.Select(method => (method.Name, Count: report.Scores(method, report.First.Column(metric.Name, region)).Count(double.IsNaN)))
                    .Where(one => one.Count > 0).ToList();
                if (missing.Count > 0)
                {
                    yield return $"{metric.Label}{report.InRegion(region)} is undefined, a mask being empty, in {string.Join(", ", missing.Select(one => $"{Count(one.Count, "case")} of {one.Name}"))} "
                        + $"(of {report.Cases}); these are left out of it, which favors methods that miss a case altogether.";
                }
            }
        }

        yield return $"Dice and distances of lesions are of found ones alone: {string.Join("; ", report.First.Regions.Select(region => InFront(report, region) + FoundIn(report, region)))}.";

        foreach (var method in report.Methods.Where(method => method.Evaluation.MissingPredictions.Count > 0))
        {
            yield return $"{Count(method.Evaluation.MissingPredictions.Count, "case")} without a prediction of {method.Name} ({Some(method.Evaluation.MissingPredictions)}) "
                + "left out of everything, not counted as missed.";
        }
    }

    private static string FoundIn(EvaluationReport report, string region) => string.Join(", ", report.Methods.Select(method =>
    {
        var lesions = method.Evaluation.Lesions.Where(lesion => lesion.Region == region && lesion.Kind == LesionKind.Reference).ToList();
        return $"{lesions.Count(lesion => lesion.Detected)} of {lesions.Count} by {method.Name}";
    }));

    private static string InFront(EvaluationReport report, string region) => report.First.Regions.Count == 1 ? "" : $"{region} ";

    private static IEnumerable<string> Options(EvaluationReport report)
    {
        foreach (var method in report.Methods.Skip(1).Where(method => method.Evaluation.OptionsText != report.First.OptionsText))
        {
            yield return $"{method.Name} was evaluated with other options ({method.Evaluation.OptionsText}) than {report.Methods[0].Name} ({report.First.OptionsText}): "
                + "their scores do not compare where these differ.";
        }
    }

    private static string Count(int count, string of) => $"{count} {of}{(count == 1 ? "" : "s")}";

    private static string Some(IReadOnlyList<string> ids) => string.Join(", ", ids.Take(5)) + (ids.Count > 5 ? $" and {ids.Count - 5} more" : "");
}
