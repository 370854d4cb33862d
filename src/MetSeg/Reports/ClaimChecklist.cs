using System.Globalization;
using MetSeg.Evaluation;
using MetSeg.Statistics;

namespace MetSeg.Reports;

/// <summary>
/// The items of CLAIM, the checklist for artificial intelligence in medical imaging, with what a run can say of each; the rest is the author's.
/// Topics are named in our own words; the wording that counts is the checklist's.
/// </summary>
/// <remarks>
/// Tejani, Klontzas, Gatti et al., CLAIM: 2024 Update, Radiology: Artificial Intelligence 2024;6(4):e240300; first: Mongan, Moy and Kahn 2020;2(2):e200029.
/// </remarks>
internal static class ClaimChecklist
{
    /// <summary>What stands where the run says nothing.</summary>
    public const string ForTheAuthor = "To be filled by the author.";

    public static void AddTo(ReportSection section, EvaluationReport report)
    {
        var items = Items(report);
        var filled = items.Count(item => item.Answer is not null);
        section.Paragraph(
            $"{filled} of the {items.Count} items are filled from the files of this run, if only in part; check each before it goes into a paper. The others are the author's.");
        section.Table(new ReportTable(
            "CLAIM checklist, 2024 update",
            ["Item", "Topic", "This run"],
            [.. items.Select((item, i) => new ReportRow([ReportCell.NumberText($"{i + 1}"), item.Topic, item.Answer ?? ForTheAuthor]))])
        {
            HasSentences = true,
            Notes =
            [
                "Items numbered as in Tejani et al., Checklist for Artificial Intelligence in Medical Imaging (CLAIM): 2024 Update, Radiology: Artificial Intelligence 2024;6(4):e240300 "
                + "(first version: Mongan, Moy and Kahn 2020;2(2):e200029); topics in our words.",
            ],
        });
    }

    /// <summary>The 44 items in the checklist's order; null where the run says nothing.</summary>
    internal static IReadOnlyList<(string Topic, string? Answer)> Items(EvaluationReport report)
    {
        var study = report.Study;
        return
        [
            ("Title or abstract names the kind of AI", null),
            ("Structured abstract", null),
            ("Background and intended use", "Research use only, not for clinical use. Background: to be filled by the author."),
            ("Aims and hypotheses", null),
            ("Prospective or retrospective", null),
            ("Study goal", report.Methods.Count > 1 ? $"Comparison of {string.Join(", ", report.Methods.Select(method => method.Name))} on the same cases." : null),
            ("Data sources", Sources(report)),
            ("Inclusion and exclusion of patients", null),
            ("Preprocessing", Join(study, training => training.Preprocessing)),
            ("Subsets of the data", null),
            ("De-identification", null),
            ("Missing data", Missing(report)),
            ("Image acquisition", study.IsSimulated ? "Simulated; simulation.json holds scanners and sequences." : null),
            ("Reference standard: how it was obtained", study.IsSimulated ? "Simulated lesions, known exactly (label maps)." : null),
            ("Reference standard: why", null),
            ("Reference standard: who annotated", study.IsSimulated ? "Nobody: the simulation." : null),
            ("Annotation of the test set", study.IsSimulated ? "As above; no reader." : null),
            ("Variability between and within readers", null),
            ("Partitions: how cases were assigned", Partitions(study)),
            ("Partitions: level at which they are apart", Apart(report)),
            ("Sample size", null),
            ("Model", Join(study, training => training.Network)),
            ("Software", Software(study.Provenance)),
            ("Initialization of weights", Join(study, training => training.Initialization)),
            ("Training", Join(study, training => training.Training)),
            ("Choice of the final model", Join(study, training => training.Selection)),
            ("Ensembles", null),
            ("Performance metrics", $"Dice, surface Dice and Hausdorff distance per case; sensitivity, precision and F1 of lesions, pooled. Options: {report.First.OptionsText}."),
            ("Statistics", Statistics(report)),
            ("Robustness", $"Scores per hospital ({report.First.Institutions.Count}) and by lesion volume, see the sections of that name."),
            ("Explainability", null),
            ("Internal evaluation", null),
            ("External testing", null),
            ("Trial registration", null),
            ("Numbers included and excluded", Numbers(report)),
            ("Demographics per partition", null),
            ("Performance with its uncertainty", Performance(report)),
            ("Estimates and their precision", "95 % bootstrap intervals in the table of scores per hospital; differences between methods with intervals in the table of tests."),
            ("Failure analysis", Failures(report)),
            ("Limitations", "See the section of that name, derived from the files; others are to be filled by the author."),
            ("Implications for practice", null),
            ("Protocol and technical details", "Settings and provenance are in this report; the protocol is to be named by the author."),
            ("Availability of software, model and data", null),
            ("Funding", null),
        ];
    }

    private static string? Join(StudyFacts study, Func<TrainingFacts, string> of) => study.Trainings.Count == 0
        ? null
        : string.Join(" ", study.Trainings.GroupBy(of).Select(group => $"{string.Join(", ", group.Select(training => training.Run).Distinct())}: {group.Key}."));

    private static string? Sources(EvaluationReport report)
    {
        var hospitals = report.First.Institutions is [CaseEvaluation.UnknownGroup]
            ? "hospitals not known"
            : $"{report.First.Institutions.Count} hospital{(report.First.Institutions.Count == 1 ? "" : "s")}: {string.Join(", ", report.First.Institutions)}";
        return (report.Study.IsSimulated, report.First.Institutions) switch
        {
            (true, _) => $"Simulated cohort, {hospitals}.",
            (false, [CaseEvaluation.UnknownGroup]) => null,
            _ => $"{hospitals[..1].ToUpperInvariant()}{hospitals[1..]}. The data set is to be named by the author.",
        };
    }

    private static string Missing(EvaluationReport report)
    {
        var missing = report.Methods.Where(method => method.Evaluation.MissingPredictions.Count > 0)
            .Select(method => $"{method.Evaluation.MissingPredictions.Count} cases without a prediction of {method.Name} left out").ToList();
        return (missing.Count == 0 ? "Every case has a prediction. " : $"{string.Join("; ", missing)}. ") + "Undefined scores are left out and counted (n, limitations).";
    }

    private static string? Partitions(StudyFacts study) => study.Trainings.Count == 0
        ? null
        : string.Join(" ", study.Trainings.Select(training =>
            $"{training.Run}, fold {training.Fold}: {training.TrainingCases.Count} cases to train, {training.ValidationCases.Count} to validate."));

    private static string? Apart(EvaluationReport report)
    {
        if (report.Study.Trainings.Count == 0)
        {
            return null;
        }

        var isByPatient = report.Study.PatientOfCase is { } known
            && report.Study.Trainings.All(training => training.TrainingCases.Concat(training.ValidationCases).All(known.ContainsKey));
        var leak = report.Study.Trainings.GroupBy(training => training.Run).Any(run => Limitations.SeenBy(run, report).Count > 0);
        return leak
            ? "Evaluated cases were seen in training: see the limitations."
            : isByPatient ? "No patient of an evaluated case was seen in training." : "No evaluated case was seen in training; whether their patients were is not known here.";
    }

    private static string Software(Provenance provenance) =>
        $"{provenance.Program}, {provenance.Runtime}{(provenance.LibtorchVersion is null ? "" : $", libtorch {provenance.LibtorchVersion}")}.";

    private static string Statistics(EvaluationReport report) =>
        $"Bootstrap over cases (scores) and patients (by volume), {report.Options.Curves.Resamples} resamples there"
        + (report.Methods.Count > 1 ? "; Wilcoxon's signed-rank test of pairs, Hodges–Lehmann shift, Holm's correction." : ".");

    private static string Numbers(EvaluationReport report)
    {
        var lesions = report.First.Lesions.Count(lesion => lesion.Kind == LesionKind.Reference);
        return $"{report.Cases} cases of {report.Patients} patients{(!report.KnowsPatients ? " (each case taken as a patient)" : "")}, "
            + $"{lesions} reference lesions{(report.First.Regions.Count > 1 ? " over all regions" : "")}; {report.First.MissingPredictions.Count} left out for want of a prediction.";
    }

    private static string Performance(EvaluationReport report) => string.Join(" ", report.Methods.SelectMany(method =>
        method.Evaluation.Regions.Select((region, i) =>
        {
            var (dice, f1) = (method.Evaluation.Groups[0].Regions[i].Metric("dice"), method.Evaluation.Groups[0].Regions[i].Pooled("f1"));
            return $"{method.Name}{report.InRegion(region)}: mean Dice {Interval(dice.Mean, dice.CiLow, dice.CiHigh)}, lesion F1 {Interval(f1.Value, f1.Low, f1.High)}.";
        })));

    private static string Failures(EvaluationReport report)
    {
        var column = report.First.Column(report.Options.Metric, report.First.Regions[0]);
        return string.Join(" ", report.Methods.Select(method =>
        {
            var worst = method.Evaluation.Cases.Where(one => double.IsFinite(one.Scores.GetValueOrDefault(column, double.NaN)))
                .OrderBy(one => one.Scores[column] * (MetricDirection.LowerIsBetter(column) == true ? -1 : 1)).Take(3)
                .Select(one => $"{one.Case} ({one.Scores[column].ToString("0.00", CultureInfo.InvariantCulture)})");
            var lesions = method.Evaluation.Lesions;
            return $"{method.Name}: {lesions.Count(lesion => lesion.Kind == LesionKind.Reference && !lesion.Detected)} lesions missed, "
                + $"{lesions.Count(lesion => lesion.Kind == LesionKind.FalsePositive)} false positives; worst cases by {column}: {string.Join(", ", worst)}.";
        }));
    }

    private static string Interval(double value, double low, double high) => ReportCell.Interval(value, low, high).Text;
}
