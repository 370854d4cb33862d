using System.Diagnostics;
using System.Text.Json.Serialization;
using MetSeg.Files;
using MetSeg.Learning.Tensors;
using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>How long and how a run trains.</summary>
public sealed record TrainerOptions
{
    /// <summary>Number of epochs. The default is 1,000, nnU-Net's.</summary>
    public int Epochs { get; init; } = 1000;

    /// <summary>Optimizer steps per epoch. The default is 250, nnU-Net's.</summary>
    public int StepsPerEpoch { get; init; } = 250;

    /// <summary>Seed of every random choice of the run. The default is 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Numbers to compute with. The default is mixed precision on a graphics card and 32 bits on the processor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Precision Precision { get; init; }

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Epochs < 1 || StepsPerEpoch < 1)
        {
            yield return $"epochs and stepsPerEpoch must be positive, not {Epochs} and {StepsPerEpoch}.";
        }
    }
}

/// <summary>
/// The one training loop: epochs, steps, clipping, validation, log, checkpoints and resuming, for every method. A run killed at any moment
/// goes on from its last whole epoch with the same numbers as if it had never stopped, because every draw depends on its epoch and step.
/// </summary>
public sealed class Trainer
{
    private const double WaitingWorthSaying = 0.1;

    private readonly TrainingTask task;
    private readonly TrainerOptions options;
    private readonly string folder;
    private readonly IProgress<Progress>? progress;

    /// <summary>Prepares a run.</summary>
    /// <param name="task">The method.</param>
    /// <param name="options">How long it trains.</param>
    /// <param name="folder">Where log and checkpoints go; created if missing. A run found there is continued.</param>
    /// <param name="progress">Told after each step; may be null.</param>
    /// <exception cref="OptionsException">The options have problems.</exception>
    public Trainer(TrainingTask task, TrainerOptions options, string folder, IProgress<Progress>? progress)
    {
        OptionsException.ThrowIfAny("training", options.Problems());
        (this.task, this.options, this.folder, this.progress) = (task, options, folder, progress);
    }

    /// <summary>Told what the user should know of an epoch, once: again only after an epoch without any warning. May be null.</summary>
    public Action<string>? Warned { get; init; }

    /// <summary>Trains to the last epoch; returns the log of all epochs. A finished run returns at once.</summary>
    /// <exception cref="OperationCanceledException">The run was asked to stop; what was trained up to the last whole epoch is saved.</exception>
    /// <exception cref="MetSegException">
    /// The loss or a gradient is no longer finite, there is too little memory, or the folder is in use or cannot be written.
    /// </exception>
    public IReadOnlyList<EpochRecord> Run(CancellationToken cancellation = default) => OutOfMemory.Explain(() =>
    {
        using var folderLock = FolderLock.Take(folder);
        foreach (var name in new[] { Checkpoint.Latest, Checkpoint.Best, Checkpoint.Final, TrainingLog.FileName })
        {
            AtomicFile.RemoveLeftovers(Path.Combine(folder, name));
        }

        using var step = TrainingStep.For(task, options.Precision);
        var state = Resume(step);
        var log = TrainingLog.Read(folder).Where(record => record.Epoch < state.Epoch).ToList();
        while (state.Epoch < options.Epochs)
        {
            var clock = Stopwatch.StartNew();
            var training = TrainEpoch(step, state.Epoch, log.Count == 0 ? null : $"score {log[^1].Score:0.000}", cancellation);
            var validation = step.Validate(Seeds.Generator(options.Seed, task.Name, "validation", state.Epoch), cancellation);
            var score = double.IsNaN(state.Score) || double.IsNaN(validation.Score)
                ? (double.IsNaN(validation.Score) ? state.Score : validation.Score)
                : (task.ScoreMemory * state.Score) + ((1 - task.ScoreMemory) * validation.Score);
            var rate = task.Modules[0].Optimizer.RateAt(state.Epoch, options.Epochs);
            Warn(validation.Warnings, log);
            log.Add(new EpochRecord(state.Epoch, training, validation.Figures, score, rate, clock.Elapsed.TotalSeconds)
            {
                Warnings = validation.Warnings is [] ? null : validation.Warnings,
            });
            state = Save(step, state, score, log);
        }

        return log;
    });

    private void Warn(IReadOnlyList<string> warnings, List<EpochRecord> log)
    {
        if (log.Count > 0 && log[^1].Warnings is not null)
        {
            return;
        }

        foreach (var warning in warnings)
        {
            Warned?.Invoke(warning);
        }
    }

    private TrainingState Resume(TrainingStep step)
    {
        var latest = Path.Combine(folder, Checkpoint.Latest);
        if (!File.Exists(latest))
        {
            return new TrainingState(0, double.NaN, double.NegativeInfinity);
        }

        var state = Checkpoint.Load(latest, step.Modules);
        step.Scale = step.Scale is null ? null : state.Scale ?? step.Scale;
        return state;
    }

    private TrainingState Save(TrainingStep step, TrainingState state, double score, List<EpochRecord> log)
    {
        var improved = score > state.BestScore || !File.Exists(Path.Combine(folder, Checkpoint.Best));
        var next = new TrainingState(state.Epoch + 1, score, improved && !double.IsNaN(score) ? score : state.BestScore) { Scale = step.Scale };
        if (improved)
        {
            Checkpoint.SaveWeights(Path.Combine(folder, Checkpoint.Best), step.Modules, next);
        }

        TrainingLog.Write(folder, log);
        if (next.Epoch == options.Epochs)
        {
            Checkpoint.SaveWeights(Path.Combine(folder, Checkpoint.Final), step.Modules, next);
        }

        Checkpoint.Save(Path.Combine(folder, Checkpoint.Latest), step.Modules, next);
        return next;
    }

    private Dictionary<string, double> TrainEpoch(TrainingStep step, int epoch, string? detail, CancellationToken cancellation)
    {
        step.Begin(epoch, options.Epochs);
        var sums = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var clock = Stopwatch.StartNew();
        using var batches = BatchQueue.For(task, number => Seeds.Generator(options.Seed, task.Name, "batch", epoch, number), options.StepsPerEpoch);
        for (var number = 0; number < options.StepsPerEpoch; number++)
        {
            cancellation.ThrowIfCancellationRequested();

            // Dropout draws from libtorch's own generator: seeding it at each step makes resumed runs draw the same.
            random.manual_seed(Seeds.Derive(options.Seed, task.Name, "step", epoch, number));
            using var batch = batches.Next();
            step.Run(batch, sums);
            var done = ((long)epoch * options.StepsPerEpoch) + number + 1;
            progress?.Report(new Progress(task.Name, done, (long)options.Epochs * options.StepsPerEpoch, Detail(detail, batches.Waited / clock.Elapsed)));
        }

        return sums.ToDictionary(sum => sum.Key, sum => sum.Value / options.StepsPerEpoch);
    }

    /// <summary>Says so where the network waits for data rather than the data for the network.</summary>
    private static string? Detail(string? detail, double waiting) =>
        waiting < WaitingWorthSaying ? detail : $"{(detail is null ? "" : detail + ", ")}waits for data {waiting:0 %} of the time";
}
