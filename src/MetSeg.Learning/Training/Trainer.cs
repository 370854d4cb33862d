using System.Diagnostics;
using MetSeg.Files;
using MetSeg.Learning.Patches;
using TorchSharp.Modules;
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
    private readonly List<(string Name, nn.Module Module, OptimizerHelper? Optimizer)> modules;

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
        modules = [.. task.Modules.Select(trained => (trained.Name, trained.Module, (OptimizerHelper?)trained.Optimizer.Create(trained.Module.parameters())))];
    }

    /// <summary>Trains to the last epoch; returns the log of all epochs. A finished run returns at once.</summary>
    /// <exception cref="OperationCanceledException">The run was asked to stop; what was trained up to the last whole epoch is saved.</exception>
    /// <exception cref="MetSegException">The loss or a gradient is no longer finite, the folder is in use, or cannot be written.</exception>
    public IReadOnlyList<EpochRecord> Run(CancellationToken cancellation = default)
    {
        using var folderLock = FolderLock.Take(folder);
        var latest = Path.Combine(folder, Checkpoint.Latest);
        var state = File.Exists(latest) ? Checkpoint.Load(latest, modules) : new TrainingState(0, double.NaN, double.NegativeInfinity);
        var log = TrainingLog.Read(folder).Where(record => record.Epoch < state.Epoch).ToList();
        while (state.Epoch < options.Epochs)
        {
            var clock = Stopwatch.StartNew();
            var training = TrainEpoch(state.Epoch, log.Count == 0 ? null : $"score {log[^1].Score:0.000}", cancellation);
            var validation = Validate(state.Epoch, cancellation);
            var score = double.IsNaN(state.Score) || double.IsNaN(validation.Score)
                ? (double.IsNaN(validation.Score) ? state.Score : validation.Score)
                : (task.ScoreMemory * state.Score) + ((1 - task.ScoreMemory) * validation.Score);
            var rate = task.Modules[0].Optimizer.RateAt(state.Epoch, options.Epochs);
            log.Add(new EpochRecord(state.Epoch, training, validation.Figures, score, rate, clock.Elapsed.TotalSeconds));
            state = Save(state, score, log);
        }

        return log;
    }

    private TrainingState Save(TrainingState state, double score, List<EpochRecord> log)
    {
        var improved = score > state.BestScore || !File.Exists(Path.Combine(folder, Checkpoint.Best));
        var next = new TrainingState(state.Epoch + 1, score, improved && !double.IsNaN(score) ? score : state.BestScore);
        var weightsOnly = modules.Select(module => (module.Name, module.Module, (OptimizerHelper?)null)).ToList();
        if (improved)
        {
            Checkpoint.Save(Path.Combine(folder, Checkpoint.Best), weightsOnly, next);
        }

        TrainingLog.Write(folder, log);
        if (next.Epoch == options.Epochs)
        {
            Checkpoint.Save(Path.Combine(folder, Checkpoint.Final), weightsOnly, next);
        }

        Checkpoint.Save(Path.Combine(folder, Checkpoint.Latest), modules, next);
        return next;
    }

    private Dictionary<string, double> TrainEpoch(int epoch, string? detail, CancellationToken cancellation)
    {
        for (var m = 0; m < modules.Count; m++)
        {
            modules[m].Module.train();
            foreach (var group in modules[m].Optimizer!.ParamGroups)
            {
                group.LearningRate = task.Modules[m].Optimizer.RateAt(epoch, options.Epochs);
            }
        }

        var sums = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var clock = Stopwatch.StartNew();
        var isOnCard = task.Modules[0].Module.parameters().Any(parameter => parameter.device_type != TorchSharp.DeviceType.CPU);
        using var batches = new BatchQueue(
            step => task.NextBatch(Seeds.Generator(options.Seed, task.Name, "batch", epoch, step)),
            options.StepsPerEpoch,
            isOnCard ? BatchQueue.ThreadsForCard : 0);
        for (var step = 0; step < options.StepsPerEpoch; step++)
        {
            cancellation.ThrowIfCancellationRequested();

            // Dropout draws from libtorch's own generator: seeding it at each step makes resumed runs draw the same.
            random.manual_seed(Seeds.Derive(options.Seed, task.Name, "step", epoch, step));
            using var batch = batches.Next();
            for (var m = 0; m < modules.Count; m++)
            {
                Step(m, batch, sums);
            }

            var done = ((long)epoch * options.StepsPerEpoch) + step + 1;
            progress?.Report(new Progress(task.Name, done, (long)options.Epochs * options.StepsPerEpoch, Detail(detail, batches.Waited / clock.Elapsed)));
        }

        return sums.ToDictionary(sum => sum.Key, sum => sum.Value / options.StepsPerEpoch);
    }

    /// <summary>Says so where the network waits for data rather than the data for the network.</summary>
    private static string? Detail(string? detail, double waiting) =>
        waiting < WaitingWorthSaying ? detail : $"{(detail is null ? "" : detail + ", ")}waits for data {waiting:0 %} of the time";

    private void Step(int m, Batch batch, SortedDictionary<string, double> sums)
    {
        using var scope = NewDisposeScope();
        var (name, module, optimizer) = modules[m];
        optimizer!.zero_grad();
        var loss = task.Loss(m, batch);
        loss.Total.backward();
        var norm = nn.utils.clip_grad_norm_(module.parameters(), task.Modules[m].ClipNorm);
        var value = loss.Total.item<float>();
        if (!float.IsFinite(value) || !double.IsFinite(norm))
        {
            throw new MetSegException(
                $"Training of '{task.Name}' ({name}) diverged: loss {value}, gradient norm {norm}. The last whole epoch is saved in '{folder}'; "
                + "start anew elsewhere with a lower learning rate.");
        }

        optimizer.step();
        sums[$"{name}.loss"] = sums.GetValueOrDefault($"{name}.loss") + value;
        foreach (var (term, tensor) in loss.Terms)
        {
            sums[$"{name}.{term}"] = sums.GetValueOrDefault($"{name}.{term}") + tensor.item<float>();
        }
    }

    private Validation Validate(int epoch, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (_, module, _) in modules)
        {
            module.eval();
        }

        return task.Validate(Seeds.Generator(options.Seed, task.Name, "validation", epoch), cancellation);
    }
}
