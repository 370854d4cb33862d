using System.Text.RegularExpressions;
using MetSeg.Evaluation;
using MetSeg.Nifti;
using MetSeg.Reports;
using MetSeg.Tests.Evaluation;
using Xunit;

namespace MetSeg.Tests.Reports;

public sealed class EvaluationReportTests : IDisposable
{
    private static readonly EvaluationReportOptions options = new()
    {
        Curves = new VolumeCurveOptions { Resamples = 50 }, Comparison = new EvaluationReportOptions().Comparison with { Resamples = 200 },
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void All_sections_hold_what_the_files_say()
    {
        var report = Report(Good(), Bad());
        var page = new HtmlReport("title");
        report.AddLimitations(page.Section("Limitations"));
        report.AddScores(page.Section("Scores"));
        report.AddPairs(page.Section("Pairs"));
        report.AddVolumes(page.Section("Volumes"));
        report.AddContours(page.Section("Contours"), Images());
        report.AddChecklist(page.Section("CLAIM"));

        var tables = page.ToMarkdown();

        Assert.Matches(@"\| all \| Dice, mean \| 4 cases \| \*\*1\.000[^|]*\*\* \| 0\.500", tables);
        Assert.Matches(@"\| all \| HD95 \(mm\), median \| 4 / 2 cases \|", tables);
        Assert.Matches(@"\| all \| Lesion sensitivity \| 4 lesions \| \*\*1\.000[^|]*\*\* \| 0\.500", tables);
        Assert.Matches(@"\| Dice \| 4 \| 1\.000, 0\.500 \|", tables);
        Assert.Matches(@"\| ≤ 0\.1 \| Sensitivity \| 4 lesions, 4 patients \|", tables);
        Assert.Contains("**Table 4.** CLAIM checklist", tables, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", tables, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", Regex.Replace(page.ToHtml(), "base64,[^\"]*", ""), StringComparison.Ordinal);
    }

    [Fact]
    public void One_method_needs_no_test()
    {
        var report = Report(Good());
        var page = new HtmlReport("title");
        report.AddPairs(page.Section("Pairs"));

        Assert.Contains("nothing to test it against", page.ToHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain("Wilcoxon", page.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Limitations_follow_from_the_run()
    {
        var alone = string.Join('\n', Limitations.Of(Report(Good(), Bad())));
        Assert.Contains("do not tell whether the scans are of patients or simulated", alone, StringComparison.Ordinal);
        Assert.Contains("How the methods were trained is not known", alone, StringComparison.Ordinal);
        Assert.Contains("4 cases of 4 patients at 2 hospitals, 2 at the smallest", alone, StringComparison.Ordinal);
        Assert.Contains("HD95 (mm) is undefined, a mask being empty, in 2 cases of bad (of 4)", alone, StringComparison.Ordinal);
        Assert.Contains("4 of 4 by good, 2 of 4 by bad", alone, StringComparison.Ordinal);
        Assert.Contains("4 of ≤ 0.1 cm³", alone, StringComparison.Ordinal);

        var known = Report([Good()], new StudyFacts
        {
            IsSimulated = true,
            PatientOfCase = new Dictionary<string, string> { ["c0"] = "p", ["c1"] = "p", ["c2"] = "q", ["c3"] = "r", ["t"] = "q" },
            Trainings = [Training("good", "t")],
            Provenance = Provenance.Begin("report", []),
        });
        var told = string.Join('\n', Limitations.Of(known));
        Assert.Contains("simulated head phantoms", told, StringComparison.Ordinal);
        Assert.Contains("4 cases of 3 patients as independent", told, StringComparison.Ordinal);
        Assert.Contains("1 of the 4 cases, or others of their patients, were seen in the training of good (c2)", told, StringComparison.Ordinal);
        Assert.Contains("One seed (7) and one fold (0) for good", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Claim_has_44_items_of_which_the_run_fills_what_it_knows()
    {
        var bare = ClaimChecklist.Items(Report(Good(), Bad()));
        var full = ClaimChecklist.Items(Report([Good(), Bad()], new StudyFacts
        {
            IsSimulated = true, Trainings = [Training("good", "t")], Provenance = Provenance.Begin("report", []) with { LibtorchVersion = "2.7" },
        }));

        Assert.Equal((44, 44), (bare.Count, full.Count));
        Assert.Null(bare[21].Answer);
        Assert.Equal(("Model", "good: a network."), full[21]);
        Assert.Equal("good, fold 0: 1 cases to train, 0 to validate.", full[18].Answer);
        Assert.Contains("No evaluated case was seen in training", full[19].Answer!, StringComparison.Ordinal);
        Assert.Contains("libtorch 2.7", full[22].Answer!, StringComparison.Ordinal);
        Assert.Contains("bad: 2 lesions missed, 0 false positives", full[38].Answer!, StringComparison.Ordinal);
        Assert.True(full.Count(item => item.Answer is null) < bare.Count(item => item.Answer is null));
    }

    [Fact]
    public void Best_median_and_worst_are_by_the_mean_over_methods()
    {
        var report = Report(Good(), Bad());

        Assert.Equal([("best", "c0"), ("median", "c2"), ("worst", "c3")], ContourMontage.Choose(report, "dice"));
        Assert.Contains("no column 'beauty'", Assert.Throws<MetSegException>(() => ContourMontage.Choose(report, "beauty")).Message, StringComparison.Ordinal);
        var section = new HtmlReport("t").Section("s");
        var stray = Images() with { Predictions = new Dictionary<string, string> { ["other"] = folder.Path } };
        Assert.Contains("'other'", Assert.Throws<MetSegException>(() => report.AddContours(section, stray)).Message, StringComparison.Ordinal);
        var missing = Images() with { Scans = folder.PathOf("reference") + "x" };
        Assert.Contains("holds no scan of case 'c0'", Assert.Throws<MetSegException>(() => report.AddContours(section, missing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluations_of_other_cases_groups_or_references_are_refused()
    {
        Assert.Contains("Two evaluations are named 'good'", Refusal(Good(), Good()), StringComparison.Ordinal);
        Assert.Contains("lacks case 'c3'", Refusal(Good(), Evaluate("few", 3)), StringComparison.Ordinal);
        Assert.Contains("is of group 'pkg'", Refusal(Good(), Evaluate("moved", 4, group: _ => "nyu")), StringComparison.Ordinal);
        Assert.Contains("has 0.006 cm³ of reference", Refusal(Good(), Evaluate("larger", 4, reference: _ => Masks.Of((1, 1, 1), (2, 1, 1)))), StringComparison.Ordinal);
        Assert.Contains("has the regions ET, TC, WT", Refusal(Good(), Evaluate("regions", 4, evaluation: new EvaluationOptions { Regions = EvaluationRegion.Brats })), StringComparison.Ordinal);
    }

    private string Refusal(params ComparedMethod[] methods) => Assert.Throws<MetSegException>(() => Report(methods)).Message;

    private EvaluationReport Report(params ComparedMethod[] methods) => Report(methods, new StudyFacts { Provenance = Provenance.Begin("report", []) });

    private static EvaluationReport Report(ComparedMethod[] methods, StudyFacts study) => new(methods, study, options);

    private static TrainingFacts Training(string run, string id) => new(run, "0", 7)
    {
        Network = "a network", Training = "long", Initialization = "random", Selection = "last", Preprocessing = "none", TrainingCases = [id], ValidationCases = [],
    };

    private ComparedMethod Good() => Evaluate("good", 4);

    /// <summary>Misses the last two of four cases.</summary>
    private ComparedMethod Bad() => Evaluate("bad", 4, prediction: i => i < 2 ? Masks.Of((1, 1, 1)) : Masks.Of());

    private MontageImages Images() => new(
        folder.PathOf("good/reference"), folder.PathOf("good/reference"), new Dictionary<string, string> { ["good"] = folder.PathOf("good/prediction") });

    private ComparedMethod Evaluate(
        string name, int cases, Func<int, LabelMap>? prediction = null, Func<int, LabelMap>? reference = null, Func<int, string>? group = null,
        EvaluationOptions? evaluation = null)
    {
        for (var i = 0; i < cases; i++)
        {
            NiftiWriter.Write(folder.PathOf($"{name}/reference/c{i}.nii.gz"), reference?.Invoke(i) ?? Masks.Of((1, 1, 1)));
            NiftiWriter.Write(folder.PathOf($"{name}/prediction/c{i}.nii.gz"), prediction?.Invoke(i) ?? Masks.Of((1, 1, 1)));
        }

        var groups = Enumerable.Range(0, cases).ToDictionary(i => $"c{i}", i => (group?.Invoke(i) ?? (i % 2 == 0 ? "pkg" : "ucsf"), $"c{i}"));
        var input = new EvaluationInput { Predictions = folder.PathOf($"{name}/prediction"), References = folder.PathOf($"{name}/reference"), Groups = groups };
        Evaluator.EvaluateFolder(
            input, (evaluation ?? new EvaluationOptions()) with { BootstrapResamples = 50 }, cancellation: TestContext.Current.CancellationToken).Write(folder.PathOf($"{name}/out"));
        return new ComparedMethod(name, EvaluationReader.Read(folder.PathOf($"{name}/out")));
    }
}
