using System.Text;
using MetSeg.Evaluation;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using MetSeg.Reports;
using MetSeg.Simulation;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Experiments;

public sealed class DemoTests : IClassFixture<FinishedDemo>, IDisposable
{
    private static readonly string[] sections =
    [
        "What ran", "Limitations", "Scores per hospital", "Paired by case", "By lesion volume", "Example scans", "Domain gap", "Training",
        "Settings of the trainings", "Options", "CLAIM checklist",
    ];

    private readonly TemporaryFolder folder = new();
    private readonly string whole;

    public DemoTests(FinishedDemo finished) => whole = finished.Folder.Path;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Defaults_fit_two_cores()
    {
        var options = new DemoOptions();

        Assert.Equal((14, 64), (options.Simulation.CasesPerInstitution, options.Simulation.Size));
        Assert.Equal([32, 32, 32], options.Planner.MaxPatch!);
        Assert.Equal([48, 64, 48], options.Harmonizer.Vae.InputSize);
        Assert.Empty(options.Simulation.Problems().Concat(options.Planner.Problems()).Concat(options.Harmonizer.Problems()));
        var seeded = options.WithSeed(9);
        Assert.Equal((9L, 9L, 9L), (seeded.Simulation.Seed, seeded.Segmentation.Seed, seeded.HarmonizerTrainer.Seed));
    }

    [Fact]
    public void Goes_the_whole_way_to_a_report_and_then_does_nothing_more()
    {
        var times = Times();
        var notes = new List<string>();
        var (baseline, harmonized) = Demo(whole).Run(null, notes.Add, TestContext.Current.CancellationToken);

        Assert.Equal(times, Times());
        Assert.Equal(10, notes.Count);
        Assert.Equal([GroupEvaluation.AllCases, "pkg", "stanford"], baseline.Groups.Select(group => group.Name).Order(StringComparer.Ordinal));
        Assert.Equal(baseline.Cases.Select(one => one.Case), harmonized.Cases.Select(one => one.Case));
        var report = File.ReadAllText(Path.Combine(whole, "report", "index.html"));
        Assert.All(sections, section => Assert.Contains($">{section}</h2>", report));
        Assert.All(baseline.Cases, one => Assert.Contains(one.Case, report));
        Assert.Contains(HtmlReport.Warning, report);
        Assert.DoesNotContain(">NaN<", report);
        Assert.Contains("The scans are simulated head phantoms", report);
        Assert.Contains("\\begin{tabular}", File.ReadAllText(Path.Combine(whole, "report", "tables.tex")));
        Assert.Contains("**Table 1.** Scores per hospital", File.ReadAllText(Path.Combine(whole, "report", "tables.md")));
    }

    [Fact]
    public void No_file_names_a_folder_of_this_machine()
    {
        byte[][] names = [Encoding.UTF8.GetBytes(whole), Encoding.UTF8.GetBytes(Path.GetFileName(whole)), Encoding.UTF8.GetBytes(AppContext.BaseDirectory)];

        Assert.All(Directory.GetFiles(whole, "*", SearchOption.AllDirectories), file =>
            Assert.DoesNotContain(names, name => File.ReadAllBytes(file).AsSpan().IndexOf(name) >= 0));
    }

    [Fact]
    public void Stopped_once_in_every_stage_it_ends_with_the_bytes_of_a_run_that_never_stopped()
    {
        ToyProject.Copy(Path.Combine(whole, "dataset"), folder.At("demo/dataset"));      // simulating takes longest, and goes on from what is there
        var stopped = new HashSet<string>();
        while (!Finish(folder.At("demo"), stopped))
        {
        }

        Assert.Superset(
            new HashSet<string>
            {
                "simulate", "preprocess", "train harmonizer", "train baseline", "train harmonized", "predict baseline", "predict harmonized",
                "evaluate", "assess", "report",
            },
            stopped);
        string[] results =
        [
            "evaluation/baseline/metrics.json", "evaluation/harmonized/metrics.json", "evaluation/harmonized/lesions.csv",
            "domain-gap/domain_gap.json", "harmonizer/checkpoint_best.safetensors", "baseline/fold_0/checkpoint_final.safetensors",
            "harmonized/fold_0/checkpoint_final.safetensors",
        ];
        Assert.All(results, name => Assert.Equal(File.ReadAllBytes(Path.Combine(whole, name)), File.ReadAllBytes(folder.At($"demo/{name}"))));
    }

    [Fact]
    public void Other_options_are_refused_and_leave_the_results()
    {
        ToyProject.Copy(whole, folder.Path);
        var metrics = File.ReadAllBytes(folder.At("evaluation/baseline/metrics.json"));

        Assert.Contains("other options", Refusal(FinishedDemo.Options with { Simulation = FinishedDemo.Options.Simulation with { Seed = 2 } }));
        Assert.Contains("learningRate", Refusal(FinishedDemo.Options with { Harmonizer = FinishedDemo.Options.Harmonizer with { LearningRate = 0.1 } }));
        Assert.Contains("stepsPerEpoch", Refusal(FinishedDemo.Options with { Segmentation = new TrainerOptions { Epochs = 2, StepsPerEpoch = 4 } }));
        Assert.Equal(metrics, File.ReadAllBytes(folder.At("evaluation/baseline/metrics.json")));
    }

    private static Demo Demo(string path, DemoOptions? options = null) =>
        new(path, options ?? FinishedDemo.Options, CPU, Provenance.Begin("demo", ["--out", path]));

    private string Refusal(DemoOptions options)
    {
        var message = Assert.ThrowsAny<MetSegException>(() => Demo(folder.Path, options).Run(null, null, TestContext.Current.CancellationToken)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    /// <summary>Runs until a task that was not stopped before makes itself heard; whether it came to the end.</summary>
    private static bool Finish(string path, HashSet<string> stopped)
    {
        using var stop = new CancellationTokenSource();
        var callback = new Callback(progress =>
        {
            if (stopped.Add(progress.Task))
            {
                stop.Cancel();
            }
        });
        try
        {
            Demo(path).Run(callback, null, stop.Token);
            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private List<(string, DateTime)> Times() =>
        [.. Directory.GetFiles(whole, "*", SearchOption.AllDirectories).Order().Select(file => (file, File.GetLastWriteTimeUtc(file)))];
}

/// <summary>The smallest demonstration there can be, run from nothing to its report.</summary>
public sealed class FinishedDemo : IDisposable
{
    public FinishedDemo() =>
        new Demo(Folder.Path, Options, CPU, Provenance.Begin("demo", ["--out", Folder.Path])).Run(null, null, CancellationToken.None);

    public static DemoOptions Options { get; } = new()
    {
        Simulation = new SimulationOptions { Institutions = ["stanford", "pkg"], CasesPerInstitution = 4, Size = 32, TestShare = 0.3 },
        Planner = new PlannerOptions { MaxPatch = [16, 16, 16], BatchSize = 2, BaseFeatures = 4, MaxFeatures = 8, MaxStages = 2 },
        Segmentation = new TrainerOptions { Epochs = 2, StepsPerEpoch = 3 },
        Harmonizer = new VaeMmdOptions
        {
            Vae = new VaeOptions { InputSize = [8, 8, 8], Features = [2, 4], Latent = 4 }, DiscriminatorFeatures = [2, 4],
        },
        HarmonizerTrainer = new TrainerOptions { Epochs = 2, StepsPerEpoch = 3 },
    };

    public TemporaryFolder Folder { get; } = new();

    public void Dispose() => Folder.Dispose();
}
