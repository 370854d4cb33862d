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

public sealed class DemoTests : IDisposable
{
    private static readonly DemoOptions tiny = new()
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

    private static readonly string[] sections =
        ["What ran", "Baseline against harmonized, per hospital", "Domain gap", "Example scans", "Training", "Options"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Defaults_fit_two_cores()
    {
        var options = new DemoOptions();

        Assert.Equal((14, 64), (options.Simulation.CasesPerInstitution, options.Simulation.Size));
        Assert.Equal([32, 32, 32], options.Planner.MaxPatch!);
        Assert.Equal([48, 64, 48], options.Harmonizer.Vae.InputSize);
        Assert.Empty(options.Simulation.Problems().Concat(options.Planner.Problems()).Concat(options.Harmonizer.Problems()));
        Assert.Equal((9L, 9L, 9L), (options.WithSeed(9).Simulation.Seed, options.WithSeed(9).Segmentation.Seed, options.WithSeed(9).HarmonizerTrainer.Seed));
    }

    [Fact]
    public void Goes_the_whole_way_once_and_names_no_folder()
    {
        var (baseline, harmonized) = Run("a");

        Assert.Equal([GroupEvaluation.AllCases, "pkg", "stanford"], baseline.Groups.Select(group => group.Name).Order(StringComparer.Ordinal));
        Assert.Equal(baseline.Cases.Select(one => one.Case), harmonized.Cases.Select(one => one.Case));
        var report = File.ReadAllText(folder.At("a/report/index.html"));
        Assert.All(sections, section => Assert.Contains($">{section}</h2>", report));
        Assert.All(baseline.Cases, one => Assert.Contains(one.Case, report));
        Assert.Contains(HtmlReport.Warning, report);
        Assert.DoesNotContain(">NaN<", report);
        Assert.Empty(FilesThatHold(folder.Path));

        var times = Times();
        var notes = new List<string>();
        Demo("a").Run(null, notes.Add, TestContext.Current.CancellationToken);
        Assert.Equal(times, Times());
        Assert.Equal(10, notes.Count);
    }

    [Fact]
    public void Stopped_once_in_every_stage_it_ends_with_the_bytes_of_a_run_that_never_stopped()
    {
        Run("whole");
        var stopped = new HashSet<string>();
        while (!Finish("stopped", stopped))
        {
        }

        Assert.Superset(
            new HashSet<string> { "simulate", "preprocess", "train harmonizer", "train baseline", "train harmonized", "predict baseline", "evaluate", "assess", "report" }, stopped);
        string[] results =
        [
            "evaluation/baseline/metrics.json", "evaluation/harmonized/metrics.json", "evaluation/harmonized/lesions.csv", "domain-gap/domain_gap.json",
            "harmonizer/checkpoint_best.safetensors", "baseline/fold_0/checkpoint_final.safetensors", "harmonized/fold_0/checkpoint_final.safetensors",
        ];
        Assert.All(results, name => Assert.Equal(File.ReadAllBytes(folder.At($"whole/{name}")), File.ReadAllBytes(folder.At($"stopped/{name}"))));
    }

    [Fact]
    public void Other_options_are_refused_and_change_nothing()
    {
        Run("a", tiny with { Segmentation = new TrainerOptions { Epochs = 1, StepsPerEpoch = 1 }, HarmonizerTrainer = new TrainerOptions { Epochs = 1, StepsPerEpoch = 1 } });
        var metrics = File.ReadAllBytes(folder.At("a/evaluation/baseline/metrics.json"));

        Assert.Contains("other options", Refusal(tiny with { Simulation = tiny.Simulation with { Seed = 2 } }));
        Assert.Contains("learningRate", Refusal(tiny with { Harmonizer = tiny.Harmonizer with { LearningRate = 0.1 } }));
        Assert.Equal(metrics, File.ReadAllBytes(folder.At("a/evaluation/baseline/metrics.json")));
    }

    private (EvaluationResult Baseline, EvaluationResult Harmonized) Run(string name, DemoOptions? options = null) =>
        Demo(name, options).Run(null, null, TestContext.Current.CancellationToken);

    private string Refusal(DemoOptions options)
    {
        var message = Assert.ThrowsAny<MetSegException>(() => Run("a", options)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    /// <summary>Runs until a task that was not stopped before makes itself heard; whether it came to the end.</summary>
    private bool Finish(string name, HashSet<string> stopped)
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
            Demo(name).Run(callback, null, stop.Token);
            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private Demo Demo(string name, DemoOptions? options = null) =>
        new(folder.At(name), options ?? tiny, CPU, Provenance.Begin("demo", ["--out", folder.At(name)]));

    private List<(string, DateTime)> Times() =>
        [.. Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Order().Select(file => (file, File.GetLastWriteTimeUtc(file)))];

    private IEnumerable<string> FilesThatHold(string text) => Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)
        .Where(file => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);
}
