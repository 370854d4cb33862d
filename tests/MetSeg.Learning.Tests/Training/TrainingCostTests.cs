using System.Diagnostics;
using MetSeg.Learning.Patches;
using MetSeg.Learning.Training;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Training;

public sealed class TrainingCostTests(ToyProject toy) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Counts_weights_steps_and_bytes()
    {
        var trainer = new TrainerOptions { Epochs = 7, StepsPerEpoch = 30 };
        var reports = new List<Progress>();

        var cost = TrainingCost.Measure(ToyCases.Segmentation, trainer, CPU, new Callback(reports.Add), TestContext.Current.CancellationToken);

        // 4 and 8 features, 3³ kernels: two convolutions a stage with bias and affine norm, a 2³ transposed convolution, a head of 2 classes.
        static long Block(int from, int to) => (27 * from * to) + (3 * to);
        var weights = Block(1, 4) + Block(4, 4) + Block(4, 8) + Block(8, 8) + (8 * 8 * 4) + 4 + Block(8, 4) + Block(4, 4) + (4 * 2) + 2;
        Assert.Equal(weights, cost.Parameters);
        Assert.Equal((8 * weights, 24 * weights), (cost.CheckpointBytes, cost.DiskBytes));
        Assert.True(cost.StepSeconds > 0 && cost.ValidationStepSeconds > 0);
        Assert.Equal((30 * cost.StepSeconds) + (4 * cost.ValidationStepSeconds), cost.EpochSeconds, tolerance: 1e-12);
        Assert.Equal(7 * cost.EpochSeconds, cost.TotalSeconds, tolerance: 1e-9);
        Assert.InRange(cost.MemoryBytes, 50L << 20, 100L << 30);
        Assert.Equal(cost.MemoryBytes + 1000, cost.WithCases(1000).MemoryBytes);
        Assert.Equal([1, 2, 3, 4, 5], reports.Select(report => report.Done));
        Assert.False(cost.IsOnCard);
    }

    [Fact]
    public void The_copy_leaves_no_memory_behind()
    {
        var wide = ToyCases.Segmentation with
        {
            Network = ToyCases.Segmentation.Network with { Features = [4, 320] },      // 11 MiB of weights, as much of gradients and of momentum
        };
        Measure(2);
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;

        Measure(10);     // a leak of the weights alone would be 110 MiB; the allocator may keep one copy more than before

        process.Refresh();
        Assert.True(process.WorkingSet64 - before < 80 << 20, $"{(process.WorkingSet64 - before) >> 20} MiB more after 10 measurements");

        void Measure(int times)
        {
            for (var i = 0; i < times; i++)
            {
                TrainingCost.Measure(wide, new TrainerOptions(), CPU, null, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public void Steps_that_cannot_fit_are_not_tried_and_the_user_is_told_what_helps()
    {
        Assert.SkipUnless(MachineMemory.Available is not null, "This system does not say how much memory is available.");
        var huge = ToyCases.Segmentation with { Patches = new PatchOptions { PatchSize = [256, 256, 256], BatchSize = 100_000 } };

        var cost = TrainingCost.Measure(huge, new TrainerOptions(), CPU, null, TestContext.Current.CancellationToken);

        Assert.Equal(double.NaN, cost.TotalSeconds);
        Assert.Matches("^Training needs about [0-9.]+ GB of memory, but only [0-9.]+ GB are available", cost.Warning);
        Assert.EndsWith("Preprocess with a smaller --memory-gb, --base-features or --max-patch.", cost.Warning);
        Assert.Null((cost with { AvailableBytes = null }).Warning);
        Assert.Null((cost with { AvailableBytes = cost.MemoryBytes }).Warning);
    }

    [Fact]
    public void An_allocation_that_fails_says_what_helps()
    {
        using var task = new Insatiable();

        var error = Assert.Throws<MetSegException>(() =>
            new Trainer(task, new TrainerOptions { Epochs = 1, StepsPerEpoch = 1 }, folder.At("run"), null).Run(TestContext.Current.CancellationToken));

        Assert.Equal(
            "A training step needs more memory than there is. Preprocess with a smaller --memory-gb, --base-features or --max-patch, or train on another --device.",
            error.Message);
    }

    [Fact]
    public void A_new_run_of_50_steps_is_announced_and_ends_with_the_same_bytes()
    {
        var trainer = new TrainerOptions { Epochs = 2, StepsPerEpoch = 25 };
        var plain = ToyProject.SegmentationRun(toy.Preprocessed, folder.At("plain"), trainer);
        plain.Train(CPU, null, TestContext.Current.CancellationToken);

        var announced = new List<TrainingCost>();
        var measured = plain with { Folder = folder.At("measured"), Announce = announced.Add };
        measured.Train(CPU, null, TestContext.Current.CancellationToken);
        measured.Train(CPU, null, TestContext.Current.CancellationToken);
        (measured with { Folder = folder.At("short"), Trainer = trainer with { StepsPerEpoch = 24 } }).Train(CPU, null, TestContext.Current.CancellationToken);

        Assert.Equal(Final("plain"), Final("measured"));
        Assert.Single(announced);
    }

    [Fact]
    public void An_estimate_alone_writes_nothing()
    {
        var run = ToyProject.SegmentationRun(toy.Preprocessed, folder.At("run"), new TrainerOptions());

        var cost = run.Estimate(CPU, null, TestContext.Current.CancellationToken);

        Assert.True(cost.TotalSeconds > 0);
        Assert.False(Directory.Exists(folder.At("run")));
    }

    [Fact]
    public void Interrupting_the_measurement_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        var atSecondStep = new Callback(progress => (progress.Done == 2 ? stop : null)?.Cancel());
        var run = ToyProject.SegmentationRun(toy.Preprocessed, folder.At("run"), new TrainerOptions()) with { Announce = _ => Assert.Fail("It was announced.") };

        Assert.ThrowsAny<OperationCanceledException>(() => run.Train(CPU, atSecondStep, stop.Token));

        Assert.False(Directory.Exists(folder.At("run")));
    }

    private byte[] Final(string name) => File.ReadAllBytes(Path.Combine(folder.At(name), "fold_0", Checkpoint.Final));

    /// <summary>A task whose loss asks for a pebibyte.</summary>
    private sealed class Insatiable : TrainingTask
    {
        public override string Name => "insatiable";

        public override IReadOnlyList<TrainedModule> Modules { get; } = [new("network", nn.Linear(1, 1), new SgdOptions(), 12)];

        public override double ScoreMemory => 0;

        public override Batch NextBatch(Random random) => new(zeros([1, 1, 1, 1, 1]), null, [0]);

        public override StepLoss Loss(int module, Batch batch) => new(zeros([1L << 48]).sum(), []);

        public override Validation Validate(Random random, CancellationToken cancellation) => new(0, new Dictionary<string, double>());
    }
}
