using MetSeg.Datasets;
using MetSeg.Evaluation;
using MetSeg.Files;
using MetSeg.Reports;
using MetSeg.Simulation;

namespace MetSeg.Learning.Experiments;

/// <summary>A report to write of one or several evaluations of the same cases, from what they left on disk.</summary>
public sealed record ReportRun
{
    /// <summary>Names and folders of the evaluations, at least one; the first is what others are compared with.</summary>
    public required IReadOnlyList<(string Name, string Folder)> Evaluations { get; init; }

    /// <summary>The report's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The page's title. The default is "Evaluation report".</summary>
    public string Title { get; init; } = "Evaluation report";

    /// <summary>Folder of the scans, for contours; null for none.</summary>
    public string? Scans { get; init; }

    /// <summary>Folder of the reference label maps, for contours and to learn of patients and simulation beside it; null for none.</summary>
    public string? References { get; init; }

    /// <summary>Names of evaluations and folders of their predictions, for contours. The default is none.</summary>
    public IReadOnlyList<(string Name, string Folder)> Predictions { get; init; } = [];

    /// <summary>Table of patients (case,institution,patient); null for groups.csv beside the references' folder, where there is one.</summary>
    public string? Groups { get; init; }

    /// <summary>Names and folders of trainings. The default is none.</summary>
    public IReadOnlyList<(string Name, string Folder)> Runs { get; init; } = [];

    /// <summary>Folder of a domain assessment, with domain_gap.json; null for none.</summary>
    public string? Gap { get; init; }

    /// <summary>How to look at the evaluations.</summary>
    public EvaluationReportOptions Options { get; init; } = new();

    /// <summary>What runs.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>Path of the page.</summary>
    public string Page => Path.Combine(Folder, "index.html");

    /// <summary>Writes the report: index.html, tables.md, tables.tex and figures.</summary>
    /// <returns>What the report was made of.</returns>
    /// <exception cref="MetSegException">A file is missing or damaged, the evaluations are not of the same cases, or the folder cannot be written.</exception>
    public EvaluationReport Write(IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var steps = new Steps(progress, cancellation);
        steps.Next("read the evaluations");
        var runs = Runs.Select(run => TrainedRun.Read(run.Name, run.Folder)).ToList();
        var methods = Evaluations.Select(one => new ComparedMethod(one.Name, EvaluationReader.Read(one.Folder))).ToList();
        var evaluations = new EvaluationReport(methods, Study(runs), Options);
        var report = new HtmlReport(Title, $"{string.Join(", ", methods.Select(method => method.Name))}: {evaluations.Cases} cases of {evaluations.Patients} patients");
        AddSummary(report.Section("What was evaluated"), evaluations);
        evaluations.AddLimitations(report.Section("Limitations"));
        steps.Next("scores");
        evaluations.AddScores(report.Section("Scores per hospital"));
        steps.Next("tests");
        evaluations.AddPairs(report.Section("Paired by case"));
        steps.Next("curves by volume");
        evaluations.AddVolumes(report.Section("By lesion volume"));
        steps.Next("contours");
        AddImages(report, evaluations);
        steps.Next("trainings and provenance");
        AddOrigins(report, runs, evaluations);
        evaluations.AddChecklist(report.Section("CLAIM checklist"));
        report.WriteFolder(Folder);
        return evaluations;
    }

    private StudyFacts Study(List<TrainedRun> runs)
    {
        var groups = Groups ?? Beside("groups.csv");
        return new StudyFacts
        {
            IsSimulated = Beside(CohortSimulator.RecordName) is not null,
            PatientOfCase = groups is null ? null : NnUNetLayout.ReadPatients(groups),
            Trainings = [.. runs.SelectMany(run => run.Folds).Select(fold => fold.Facts)],
            Provenance = Provenance,
        };
    }

    /// <summary>A file in the data set that the references are a folder of; null where there is none.</summary>
    private string? Beside(string name) =>
        References is not null && Path.Combine(Path.GetFullPath(References), "..", name) is var path && File.Exists(path) ? path : null;

    private static void AddSummary(ReportSection section, EvaluationReport evaluations)
    {
        var first = evaluations.Methods[0].Evaluation;
        var lesions = first.Lesions.Where(lesion => lesion.Kind == LesionKind.Reference).ToList();
        section.KeyValues(
        [
            ("Methods", string.Join(", ", evaluations.Methods.Select(method => method.Name))),
            ("Cases", $"{evaluations.Cases} of {evaluations.Patients} patients"),
            ("Hospitals", first.Institutions is [CaseEvaluation.UnknownGroup]
                ? "not known"
                : string.Join(", ", first.Cases.GroupBy(one => one.Group).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} ({group.Count()})"))),
            .. first.Regions.Select(region => (
                first.Regions.Count == 1 ? "Reference lesions" : $"Reference lesions, {region}", Volumes([.. lesions.Where(lesion => lesion.Region == region)]))),
            ("Evaluation", first.OptionsText),
        ]);
    }

    private static string Volumes(IReadOnlyList<ListedLesion> lesions) => lesions.Count == 0
        ? "none"
        : $"{lesions.Count}, of {lesions.Min(lesion => lesion.VolumeCm3):0.###} to {lesions.Max(lesion => lesion.VolumeCm3):0.###} cm³";

    private void AddImages(HtmlReport report, EvaluationReport evaluations)
    {
        if (Scans is not null && References is not null && Predictions.Count > 0)
        {
            evaluations.AddContours(report.Section("Best, median and worst case"), new MontageImages(
                Scans, References, Predictions.ToDictionary(one => one.Name, one => one.Folder, StringComparer.Ordinal)));
        }

        if (Gap is not null)
        {
            DomainGapSection.Add(
                report.Section("Domain gap"), JsonFile.Read<DomainAssessmentResult>(Path.Combine(Gap, "domain_gap.json"), JsonFile.OwnStyle));
        }
    }

    private void AddOrigins(HtmlReport report, List<TrainedRun> runs, EvaluationReport evaluations)
    {
        if (runs.Count > 0)
        {
            RunSections.AddTo(report, runs);
        }

        var section = report.Section("Provenance");
        section.Provenance(Provenance.Finished()).Table(new ReportTable(
            "Files that this report was made from",
            ["Of", "File", "SHA-256"],
            [
                .. evaluations.Methods.SelectMany(method => method.Evaluation.Digests.Select(file => new ReportRow([method.Name, file.File, file.Digest]))),
                .. Predictions.Select(one => new ReportRow([one.Name, "predictions of the cases", DigestOf(one.Folder, evaluations)])),
                .. References is null ? Array.Empty<ReportRow>() : [new ReportRow(["references", "label maps of the cases", DigestOf(References, evaluations)])],
            ])
        {
            Notes = ["Of several files: the SHA-256 of the lines \"DIGEST  NAME\", sorted by name, as sha256sum writes them."],
        });
        foreach (var method in evaluations.Methods)
        {
            section.Json($"Options of the evaluation of {method.Name}", method.Evaluation.Options);
        }

        section.Json("Options of this report", Options);
    }

    private static string DigestOf(string folder, EvaluationReport evaluations)
    {
        var files = evaluations.PatientOfCase.Keys.SelectMany(id => new[] { $"{id}.nii.gz", $"{id}.nii" })
            .Where(name => File.Exists(Path.Combine(folder, name))).Order(StringComparer.Ordinal);
        return FileDigest.OfText(string.Concat(files.Select(name => $"{FileDigest.OfFile(Path.Combine(folder, name))}  {name}\n")));
    }

    /// <summary>Counts the steps of the work.</summary>
    private sealed class Steps(IProgress<Progress>? progress, CancellationToken cancellation)
    {
        private const int Count = 6;
        private int done;

        public void Next(string name)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new Progress("report", done++, Count, name));
        }
    }
}
