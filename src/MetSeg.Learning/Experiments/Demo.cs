using MetSeg.Datasets;
using MetSeg.Evaluation;
using MetSeg.Files;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Inference;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Patches;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using MetSeg.Reports;
using MetSeg.Simulation;
using static TorchSharp.torch;

namespace MetSeg.Learning.Experiments;

/// <summary>How large the demonstration is. The defaults finish in minutes on two cores; they are far below the paper's sizes.</summary>
public sealed record DemoOptions
{
    /// <summary>The simulated cohort. The default is 4 hospitals with 14 scans each, 64 voxels (3 mm) along an axis.</summary>
    public SimulationOptions Simulation { get; init; } = new() { CasesPerInstitution = 14, Size = 64, TestShare = 0.3 };

    /// <summary>Caps for the planner. The default is patches of 32³ and 16 to 64 features in 3 stages.</summary>
    public PlannerOptions Planner { get; init; } = new() { MaxPatch = [32, 32, 32], BatchSize = 2, BaseFeatures = 16, MaxFeatures = 64, MaxStages = 3 };

    /// <summary>Length of both segmentation trainings.</summary>
    public TrainerOptions Segmentation { get; init; } = new() { Epochs = 8, StepsPerEpoch = 25 };

    /// <summary>Optimizer of both segmentation trainings. The default is Adam at 0.003: nnU-Net's SGD needs more steps than there are here.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions { LearningRate = 3e-3, DecayExponent = 0.9 };

    /// <summary>The harmonizer. The default is a VAE of 48 × 64 × 48 voxels with 8 to 64 features and 64 latent units.</summary>
    public VaeMmdOptions Harmonizer { get; init; } = new()
    {
        Vae = new VaeOptions { InputSize = [48, 64, 48], Features = [8, 16, 32, 64], Latent = 64 },
        DiscriminatorFeatures = [8, 16, 32],
        Alignment = [new DiscrepancyAlignment { Weight = 10, Width = KernelWidth.Median }],
        LearningRate = 1e-3,
    };

    /// <summary>Length of the harmonizer's training.</summary>
    public TrainerOptions HarmonizerTrainer { get; init; } = new() { Epochs = 8, StepsPerEpoch = 20 };

    /// <summary>The same demonstration with every seed set.</summary>
    public DemoOptions WithSeed(long seed) => this with
    {
        Simulation = Simulation with { Seed = seed },
        Segmentation = Segmentation with { Seed = seed },
        HarmonizerTrainer = HarmonizerTrainer with { Seed = seed },
    };
}

/// <summary>
/// The whole main job on simulated hospitals: simulate, preprocess, train a baseline and a VAE-MMD harmonizer with its own segmentation
/// network, predict the test scans with both, evaluate, measure the domain gap, and report. Killed at any moment it goes on from there.
/// </summary>
/// <param name="folder">Where everything goes.</param>
/// <param name="options">How large it is.</param>
/// <param name="device">Where networks compute.</param>
/// <param name="provenance">What the report says of the run.</param>
public sealed class Demo(string folder, DemoOptions options, Device device, Provenance provenance)
{
    private const string Baseline = "baseline";
    private const string Harmonized = "harmonized";

    private string DatasetFolder => Path.Combine(folder, "dataset");

    private string Preprocessed => Path.Combine(DatasetFolder, "preprocessed");

    private string HarmonizerFolder => Path.Combine(folder, "harmonizer");

    /// <summary>Path of the finished report.</summary>
    public string Report => Path.Combine(folder, "report", "index.html");

    /// <summary>Runs what has not run yet.</summary>
    /// <returns>The evaluations, baseline first.</returns>
    /// <exception cref="MetSegException">The folder cannot be written, is in use, or holds something else.</exception>
    public (EvaluationResult Baseline, EvaluationResult Harmonized) Run(IProgress<Progress>? progress, Action<string>? note, CancellationToken cancellation)
    {
        using var folderLock = FolderLock.Take(folder);
        Stage.RunAll(Path.Combine(folder, "stages"), Stages(progress, cancellation), note, cancellation);
        return (Evaluate(Baseline, null, cancellation), Evaluate(Harmonized, null, cancellation));
    }

    private List<Stage> Stages(IProgress<Progress>? progress, CancellationToken cancellation) =>
    [
        new("simulate", options.Simulation, () => CohortSimulator.Simulate(options.Simulation, DatasetFolder, progress, cancellation)),
        new("preprocess", options.Planner, () =>
            Preprocessor.PlanAndPreprocess(NnUNetLayout.Read(DatasetFolder), options.Planner, Preprocessed, progress, cancellation)),
        new("train-harmonizer", new { options.Harmonizer, options.HarmonizerTrainer }, () => new HarmonizerRun
        {
            Preprocessed = Preprocessed, Folder = HarmonizerFolder, Options = options.Harmonizer, Trainer = options.HarmonizerTrainer,
            AcceptsContrastLoss = true,     // a few minutes of training on coarse scans keep no small lesion: the report says what is lost
        }.Train(device, progress, cancellation)),
        new($"train-{Baseline}", new object[] { options.Segmentation, options.Optimizer }, () => Train(Baseline, null, progress, cancellation)),
        new($"train-{Harmonized}", new object[] { options.Segmentation, options.Optimizer }, () => Train(Harmonized, HarmonizerFolder, progress, cancellation)),
        new($"predict-{Baseline}", "", () => Predict(Baseline, progress, cancellation)),
        new($"predict-{Harmonized}", "", () => Predict(Harmonized, progress, cancellation)),
        new("evaluate", "", () =>
        {
            Evaluate(Baseline, progress, cancellation).Write(Path.Combine(folder, "evaluation", Baseline));
            Evaluate(Harmonized, progress, cancellation).Write(Path.Combine(folder, "evaluation", Harmonized));
        }),
        new("assess", "", () => DomainFigures.Write(Assess(progress, cancellation), Path.Combine(folder, "domain-gap"))),
        new("report", "", () => WriteReport(progress, cancellation)),
    ];

    private void Train(string name, string? harmonizer, IProgress<Progress>? progress, CancellationToken cancellation) => new SegmentationRun
    {
        Name = $"train {name}",
        Preprocessed = Preprocessed,
        Folder = Path.Combine(folder, name),
        Harmonizer = harmonizer,
        AcceptsContrastLoss = true,
        Trainer = options.Segmentation,
        Validation = null,
        Adjust = segmentation => segmentation with { ValidationSteps = 16, Optimizer = options.Optimizer, Augmentation = RandomAugmentation.Light },
    }.Train(device, progress, cancellation);

    private void Predict(string name, IProgress<Progress>? progress, CancellationToken cancellation) => new PredictionRun
    {
        Name = $"predict {name}",
        Model = Path.Combine(folder, name),
        Input = Path.Combine(DatasetFolder, "imagesTs"),
        Folder = Path.Combine(folder, "predictions", name),
        Window = new SlidingWindowOptions { Mirroring = false },
    }.Predict(device, progress, cancellation);

    private EvaluationResult Evaluate(string name, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var groups = NnUNetLayout.Read(DatasetFolder).TestCases.ToDictionary(one => one.Id, one => (one.Institution, one.Patient));
        var input = new EvaluationInput
        {
            Predictions = Path.Combine(folder, "predictions", name),
            References = Path.Combine(DatasetFolder, "labelsTs"),
            Groups = groups,
        };
        return Evaluator.EvaluateFolder(input, new EvaluationOptions { Seed = options.Segmentation.Seed }, progress, cancellation);
    }

    private DomainAssessmentResult Assess(IProgress<Progress>? progress, CancellationToken cancellation)
    {
        using var harmonizer = VaeHarmonizer.Load(HarmonizerFolder, Checkpoint.Best, device);
        return DomainAssessment.Run(
            harmonizer, NnUNetLayout.Read(DatasetFolder), Plans.Read(Path.Combine(Preprocessed, "plans.json")), progress, cancellation);
    }

    private void WriteReport(IProgress<Progress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new Progress("report", 0, 1));
        var dataset = NnUNetLayout.Read(DatasetFolder);
        new DemoReport
        {
            Dataset = dataset,
            Options = options,
            Provenance = provenance.Finished(),
            Evaluations = [(Baseline, Path.Combine(folder, "evaluation", Baseline)), (Harmonized, Path.Combine(folder, "evaluation", Harmonized))],
            Gap = JsonFile.Read<DomainAssessmentResult>(Path.Combine(folder, "domain-gap", DomainFigures.FileName), JsonFile.OwnStyle),
            Runs =
            [
                TrainedRun.Read("VAE-MMD harmonizer", HarmonizerFolder),
                TrainedRun.Read(Baseline, Path.Combine(folder, Baseline)),
                TrainedRun.Read(Harmonized, Path.Combine(folder, Harmonized)),
            ],
            Predictions = [(Baseline, Path.Combine(folder, "predictions", Baseline)), (Harmonized, Path.Combine(folder, "predictions", Harmonized))],
            Harmonizer = HarmonizerFolder,
            Plans = Plans.Read(Path.Combine(Preprocessed, "plans.json")),
        }.Build(device).WriteFolder(Path.GetDirectoryName(Report)!);
        provenance.Finished().Write(Path.Combine(folder, "run.json"));
        progress?.Report(new Progress("report", 1, 1));
    }
}
