using MetSeg.Learning.Patches;
using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>A module that the trainer steps.</summary>
/// <param name="Name">Its name in the checkpoint, such as "network".</param>
/// <param name="Module">The module, on the run's device.</param>
/// <param name="Optimizer">How its weights are stepped.</param>
/// <param name="ClipNorm">Largest norm of its gradient; longer gradients are shortened to it. Infinity leaves them.</param>
public sealed record TrainedModule(string Name, nn.Module Module, OptimizerOptions Optimizer, double ClipNorm);

/// <summary>The loss of one module on one batch.</summary>
/// <param name="Total">The scalar to differentiate.</param>
/// <param name="Terms">Figures for the log, by name; scalars, detached.</param>
public sealed record StepLoss(Tensor Total, IReadOnlyList<(string Name, Tensor Value)> Terms);

/// <summary>What a validation found.</summary>
/// <param name="Score">Higher is better; decides which epoch's weights are the best. NaN where nothing could be scored.</param>
/// <param name="Figures">Figures for the log, by name.</param>
public sealed record Validation(double Score, IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>What the user should know of the epoch, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>
/// What a method adds to the one training loop: modules, batches, losses, validation. The trainer steps the modules in their order on each
/// batch, so that an adversary can follow the network that it judges.
/// </summary>
public abstract class TrainingTask : IDisposable
{
    /// <summary>A short name for progress and logs.</summary>
    public abstract string Name { get; }

    /// <summary>The modules to train, in the order of their steps.</summary>
    public abstract IReadOnlyList<TrainedModule> Modules { get; }

    /// <summary>How much of the smoothed validation score is kept from the epoch before: nnU-Net has 0.9, 0 takes each score as it is.</summary>
    public abstract double ScoreMemory { get; }

    /// <summary>Whether modules and loss bear numbers of 16 bits where precision is mixed. The default is that they do not.</summary>
    public virtual bool BearsMixedPrecision => false;

    /// <summary>Draws a batch on the run's device; the trainer disposes it. Called from several threads at once, so it draws from the given generator alone.</summary>
    public abstract Batch NextBatch(Random random);

    /// <summary>The loss of module number <paramref name="module"/> on a batch, in the caller's dispose scope.</summary>
    public abstract StepLoss Loss(int module, Batch batch);

    /// <summary>Scores the modules, which are in evaluation mode, without gradients.</summary>
    public abstract Validation Validate(Random random, CancellationToken cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var module in Modules)
        {
            module.Module.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}
