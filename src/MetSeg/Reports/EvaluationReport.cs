using MetSeg.Evaluation;
using MetSeg.Statistics;

namespace MetSeg.Reports;

/// <summary>How a report looks at evaluations.</summary>
public sealed record EvaluationReportOptions
{
    /// <summary>The metric by which best, median and worst cases are chosen. The default is dice.</summary>
    public string Metric { get; init; } = "dice";

    /// <summary>Volumes in cm³ between the bins of lesions. The default is 0.1 and 0.4.</summary>
    public IReadOnlyList<double> BinEdges { get; init; } = VolumeBin.UsualEdges;

    /// <summary>How curves by lesion volume are made.</summary>
    public VolumeCurveOptions Curves { get; init; } = new();

    /// <summary>How methods are tested against each other.</summary>
    public ComparisonOptions Comparison { get; init; } = new() { Test = StatisticalTest.Wilcoxon };
}

/// <summary>
/// The sections that every report of evaluations has: limitations, scores per hospital, methods paired by case, results by lesion volume,
/// contours of best, median and worst cases, and CLAIM's checklist. It reads result files and computes no metric anew.
/// </summary>
public sealed record EvaluationReport
{
    /// <summary>Takes evaluations of the same cases.</summary>
    /// <param name="methods">The methods, at least one; the first is the one that others are compared with.</param>
    /// <param name="study">What else is known.</param>
    /// <param name="options">How to look at them; null for the defaults.</param>
    /// <exception cref="MetSegException">The evaluations are not of the same cases, groups, regions and references, or share a name.</exception>
    public EvaluationReport(IReadOnlyList<ComparedMethod> methods, StudyFacts study, EvaluationReportOptions? options = null)
    {
        ComparedMethod.ThrowUnlessComparable(methods);
        (Methods, Study, Options) = (methods, study, options ?? new EvaluationReportOptions());
        PatientOfCase = methods[0].Evaluation.Cases.ToDictionary(
            one => one.Case, one => study.PatientOfCase?.GetValueOrDefault(one.Case) ?? one.Patient, StringComparer.Ordinal);
    }

    /// <summary>The methods.</summary>
    public IReadOnlyList<ComparedMethod> Methods { get; }

    /// <summary>What else is known.</summary>
    public StudyFacts Study { get; }

    /// <summary>How to look at them.</summary>
    public EvaluationReportOptions Options { get; }

    /// <summary>The patient of each evaluated case; the case itself where its patient is not known.</summary>
    public IReadOnlyDictionary<string, string> PatientOfCase { get; }

    /// <summary>Whether patients are told apart from cases.</summary>
    internal bool KnowsPatients => Study.PatientOfCase is not null || PatientOfCase.Any(one => one.Key != one.Value);

    /// <summary>Number of evaluated cases.</summary>
    public int Cases => First.Cases.Count;

    /// <summary>Number of patients among the evaluated cases.</summary>
    public int Patients => PatientOfCase.Values.Distinct(StringComparer.Ordinal).Count();

    /// <summary>The first method's evaluation: cases, groups and references are the same in all.</summary>
    internal EvaluationRecord First => Methods[0].Evaluation;

    /// <summary>Names of the groups: all, then each hospital.</summary>
    internal IReadOnlyList<string> Groups => [.. First.Groups.Select(group => group.Name)];

    /// <summary>The cases in the first method's order: a score of each for a method, NaN where it is undefined.</summary>
    public IReadOnlyList<double> Scores(ComparedMethod method, string column)
    {
        var scores = method.Evaluation.Cases.ToDictionary(one => one.Case, one => one.Scores.GetValueOrDefault(column, double.NaN), StringComparer.Ordinal);
        return [.. First.Cases.Select(one => scores[one.Case])];
    }

    /// <summary>Adds what limits the results.</summary>
    public void AddLimitations(ReportSection section) => section.Box(Limitations.Of(this));

    /// <summary>Adds tables and charts per hospital.</summary>
    public void AddScores(ReportSection section) => ScoreSection.AddTo(section, this);

    /// <summary>Adds the methods' scores paired by case, with tests where there are several methods.</summary>
    public void AddPairs(ReportSection section) => PairedSection.AddTo(section, this);

    /// <summary>Adds results by lesion volume.</summary>
    public void AddVolumes(ReportSection section) => VolumeSection.AddTo(section, this);

    /// <summary>Adds contours of the best, the median and the worst case.</summary>
    /// <param name="section">The section.</param>
    /// <param name="images">Where scans, references and each method's predictions lie.</param>
    /// <exception cref="MetSegException">A file is missing or cannot be read, or the metric is not in the tables.</exception>
    public void AddContours(ReportSection section, MontageImages images) => ContourMontage.AddTo(section, this, images);

    /// <summary>Adds CLAIM's checklist.</summary>
    public void AddChecklist(ReportSection section) => ClaimChecklist.AddTo(section, this);

    /// <summary>Name of a region in a heading; empty where there is one.</summary>
    internal string InRegion(string region) => First.Regions.Count == 1 ? "" : $", {region}";
}
