using System.Diagnostics;
using MetSeg.Learning.Patches;
using MetSeg.Preprocessing;
using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>What a training will cost. Sizes are in bytes.</summary>
public sealed record TrainingCost
{
    /// <summary>Steps that are measured.</summary>
    public const int MeasuredSteps = 5;

    /// <summary>Number of weights that are learnt.</summary>
    public required long Parameters { get; init; }

    /// <summary>Most memory of this machine that the training needs, with the program and the cases that it keeps loaded.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Memory that this process may have; null where the machine does not say.</summary>
    public required long? AvailableBytes { get; init; }

    /// <summary>Whether the network computes on a graphics card, whose own memory is not counted here.</summary>
    public required bool IsOnCard { get; init; }

    /// <summary>Size of the checkpoint that a run is resumed from.</summary>
    public required long CheckpointBytes { get; init; }

    /// <summary>Most disk space that the fold takes: its three checkpoints and, while one is written, that one twice.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>Time of a step in seconds, drawing its batch included: the median of <see cref="MeasuredSteps"/>. NaN where it was not measured.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>Time of a validation step in seconds, measured. NaN where it was not.</summary>
    public required double ValidationStepSeconds { get; init; }

    /// <summary>Time of an epoch in seconds: its steps and its validation.</summary>
    public required double EpochSeconds { get; init; }

    /// <summary>Time of the whole training in seconds.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>What the user should know before training starts: one sentence, or null.</summary>
    public string? Warning => AvailableBytes is { } available && MemoryBytes > available
        ? $"Training needs about {Gigabytes(MemoryBytes)} GB of memory, but only {Gigabytes(available)} GB are available: it may be killed without a word. "
            + $"{OutOfMemory.Remedy}."
        : null;

    /// <summary>
    /// Trains a network of the same kind for a few steps on noise, of the same patch and batch size, and throws it away. Where the steps
    /// would not fit into memory, none is tried, and the times are NaN.
    /// </summary>
    /// <param name="options">How the network will be trained.</param>
    /// <param name="trainer">How long.</param>
    /// <param name="device">Where.</param>
    /// <param name="progress">Told after each step; may be null.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="MetSegException">There is too little memory for a step.</exception>
    public static TrainingCost Measure(
        SegmentationOptions options, TrainerOptions trainer, Device device, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        try
        {
            return MeasureCopy(options, trainer, device, progress, cancellation);
        }
        finally
        {
            // TorchSharp frees weights and gradients when their modules are finalized, not when they are disposed (measured: three times the
            // weights stayed), and the training that follows needs the memory.
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>The same cost with the memory of cases that stay loaded.</summary>
    public TrainingCost WithCases(long bytes) => this with { MemoryBytes = MemoryBytes + bytes };

    private static TrainingCost MeasureCopy(
        SegmentationOptions options, TrainerOptions trainer, Device device, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        // At no learning rate worth the name: noise must not make the copy diverge.
        var copied = options with { ValidationSteps = 1, Optimizer = options.Optimizer with { LearningRate = 1e-12 } };
        var noise = new CaseCache(_ => Noise(options), count: 1, long.MaxValue);
        using var generator = new Generator((ulong)trainer.Seed);
        using var copy = new SegmentationTask("measure", copied, noise, noise, (device, generator));
        using var step = TrainingStep.For(copy, trainer.Precision);
        var isOnCard = device.type != TorchSharp.DeviceType.CPU;
        var available = MachineMemory.ForThisProcess;
        var least = isOnCard ? 0 : LeastMemory(options);
        var (stepSeconds, validationSeconds) = least > available
            ? (double.NaN, double.NaN)
            : OutOfMemory.Explain(() => Time(step, copy, trainer, progress, cancellation));
        var parameters = copy.Modules[0].Module.parameters().Sum(parameter => parameter.numel());
        var (weights, whole) = (sizeof(float) * parameters, sizeof(float) * parameters * (1 + options.Optimizer.NumbersPerWeight));
        var epochSeconds = (trainer.StepsPerEpoch * stepSeconds) + (options.ValidationSteps * validationSeconds);
        return new TrainingCost
        {
            Parameters = parameters,
            MemoryBytes = Math.Max(least, MachineMemory.Peak),
            AvailableBytes = available,
            IsOnCard = isOnCard,
            CheckpointBytes = whole,
            DiskBytes = (2 * whole) + (2 * weights),
            StepSeconds = stepSeconds,
            ValidationStepSeconds = validationSeconds,
            EpochSeconds = epochSeconds,
            TotalSeconds = trainer.Epochs * epochSeconds,
        };
    }

    private static (double Step, double Validation) Time(
        TrainingStep step, SegmentationTask copy, TrainerOptions trainer, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        step.Begin(0, trainer.Epochs);
        var (seconds, sums) = (new List<double>(), new Dictionary<string, double>());
        using var batches = BatchQueue.For(copy, number => Seeds.Generator(trainer.Seed, copy.Name, number), MeasuredSteps);
        for (var number = 0; number < MeasuredSteps; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var clock = Stopwatch.StartNew();
            using var batch = batches.Next();
            step.Run(batch, sums);
            seconds.Add(clock.Elapsed.TotalSeconds);
            progress?.Report(new Progress("measure the cost", number + 1, MeasuredSteps));
        }

        var validation = Stopwatch.StartNew();
        step.Validate(Seeds.Generator(trainer.Seed, copy.Name, "validation"), cancellation);
        return (seconds.Order().ElementAt(MeasuredSteps / 2), validation.Elapsed.TotalSeconds);
    }

    /// <summary>A case as large as a patch: noise with a cube of the first class.</summary>
    private static TrainingCase Noise(SegmentationOptions options)
    {
        var patch = options.Patches.PatchSize;
        var grid = Grid.Axial(new Size(patch[2], patch[1], patch[0]), new Spacing(1, 1, 1));
        var random = Seeds.Generator(1, "noise");
        var labels = new byte[grid.Size.Count];
        var foreground = new List<int>();
        for (var i = 0; i < labels.Length; i += 3)
        {
            labels[i] = 1;
            foreground.Add(i);
        }

        return new TrainingCase(
            "noise",
            0,
            [.. Enumerable.Range(0, options.Network.Channels).Select(_ => new Volume(grid, [.. labels.Select(_ => random.NextSingle())]))],
            new LabelMap(grid, labels),
            new Dictionary<int, IReadOnlyList<int>> { [1] = foreground });
    }

    /// <summary>
    /// What a step keeps at least for its backward pass: of every convolution its output and that output normalized, and the gradient of one
    /// of the two; 32-bit floats.
    /// </summary>
    private static long LeastMemory(SegmentationOptions options)
    {
        var network = options.Network;
        var topology = new Topology(options.Patches.PatchSize, network.Strides, network.Kernels);
        var elements = network.Architecture == NetworkArchitecture.PlainConvUNet
            ? topology.FeatureMapElements(network.Features, network.Classes)
            : topology.FeatureMapElements(network.Features, [.. Enumerable.Range(0, topology.Stages).Select(network.BlocksOf)], network.Classes);
        return 2 * sizeof(float) * options.Patches.BatchSize * elements;
    }

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);
}
