using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Patches;
using TorchSharp;
using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>How a segmentation network is trained. The defaults are nnU-Net's.</summary>
public sealed record SegmentationOptions
{
    /// <summary>The network.</summary>
    public UNetOptions Network { get; init; } = new();

    /// <summary>Patches and batches.</summary>
    public PatchOptions Patches { get; init; } = new();

    /// <summary>Augmentation.</summary>
    public RandomAugmentation Augmentation { get; init; } = new();

    /// <summary>The optimizer. The default is SGD, 0.01, Nesterov momentum 0.99, polynomial decay.</summary>
    public OptimizerOptions Optimizer { get; init; } = new SgdOptions();

    /// <summary>Largest norm of the gradient. The default is 12.</summary>
    public double ClipNorm { get; init; } = 12;

    /// <summary>Whether the loss is taken at every decoder level. The default is true.</summary>
    public bool DeepSupervision { get; init; } = true;

    /// <summary>What the network's outputs stand for. The default is classes.</summary>
    public SegmentationTarget Target { get; init; } = new();

    /// <summary>Whether the Dice sums run over the batch. The default is false; plans may say otherwise.</summary>
    public bool BatchDice { get; init; }

    /// <summary>Random batches per validation. The default is 50.</summary>
    public int ValidationSteps { get; init; } = 50;

    /// <summary>The same options with as many validation batches as nnU-Net's proportion of 50 to 250 steps asks for, at least one.</summary>
    /// <param name="stepsPerEpoch">Optimizer steps of an epoch.</param>
    public SegmentationOptions ValidatedFor(int stepsPerEpoch) =>
        this with { ValidationSteps = Math.Max(1, (int)(ValidationSteps * (long)stepsPerEpoch / new TrainerOptions().StepsPerEpoch)) };

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var problem in Network.Problems().Concat(Patches.Problems()).Concat(Augmentation.Problems()).Concat(Optimizer.Problems()))
        {
            yield return problem;
        }

        if (Enumerable.Range(0, Math.Min(3, Patches.PatchSize.Count)).Any(axis => Patches.PatchSize[axis] % Network.TotalStride(axis) != 0))
        {
            yield return $"patchSize must be a multiple of the network's strides, {string.Join(", ", Enumerable.Range(0, 3).Select(Network.TotalStride))}.";
        }

        if (ValidationSteps < 1 || !(ClipNorm > 0))
        {
            yield return $"validationSteps and clipNorm must be positive, not {ValidationSteps} and {ClipNorm}.";
        }
    }
}

/// <summary>Trains a U-Net on patches with Dice and cross-entropy; validates by the pseudo Dice of random patches.</summary>
/// <remarks>nnU-Net v2's trainer: Isensee et al., Nat Methods 2021.</remarks>
public sealed class SegmentationTask : TrainingTask
{
    private readonly SegmentationOptions options;
    private readonly UNet network;
    private readonly Device device;
    private readonly PatchSampler training;
    private readonly PatchSampler validation;

    /// <summary>Creates the task with a network of its own.</summary>
    /// <param name="name">A name for progress and logs, such as "train baseline".</param>
    /// <param name="options">How to train.</param>
    /// <param name="trainingCases">Cases to learn from.</param>
    /// <param name="validationCases">Cases to validate on; the training cases where there are none.</param>
    /// <param name="start">The device and the generator of the first weights.</param>
    /// <exception cref="OptionsException">The options have problems.</exception>
    public SegmentationTask(string name, SegmentationOptions options, CaseCache trainingCases, CaseCache validationCases, (Device Device, Generator Generator) start)
    {
        OptionsException.ThrowIfAny("training", options.Problems());
        (Name, this.options, device) = (name, options, start.Device);
        network = new UNet(options.Network, start.Generator);
        network.to(device);
        training = new PatchSampler(trainingCases, options.Patches, options.Augmentation);
        validation = new PatchSampler(validationCases.Count > 0 ? validationCases : trainingCases, options.Patches, augmentation: null);
        Modules = [new TrainedModule("network", network, options.Optimizer, options.ClipNorm)];
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TrainedModule> Modules { get; }

    /// <inheritdoc/>
    public override double ScoreMemory => 0.9;

    /// <inheritdoc/>
    public override bool BearsMixedPrecision => true;

    /// <inheritdoc/>
    public override Batch NextBatch(Random random) => training.Sample(random).To(device);

    /// <inheritdoc/>
    public override StepLoss Loss(int module, Batch batch)
    {
        var total = options.DeepSupervision
            ? DeepSupervision.Compute(network.ForwardAllLevels(batch.Image), batch.Label!, (logits, label) => options.Target.Loss(logits, label, options.BatchDice))
            : options.Target.Loss(network.forward(batch.Image), batch.Label!, options.BatchDice);
        return new StepLoss(total, []);
    }

    /// <summary>
    /// Pseudo Dice: per foreground class or region 2TP / (2TP + FP + FN) with counts over all random patches, mean over the classes that occur; NaN
    /// where none does.
    /// </summary>
    public override Validation Validate(Random random, CancellationToken cancellation)
    {
        using var outer = NewDisposeScope();
        var (common, total) = (zeros([1], ScalarType.Int64, device), zeros([1], ScalarType.Int64, device));
        for (var step = 0; step < options.ValidationSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var batch = validation.Sample(random).To(device);
            var overlap = options.Target.Overlap(network.forward(batch.Image), batch.Label!);
            (common, total) = ((common + overlap.Common).MoveToOuterDisposeScope(), (total + overlap.Sum).MoveToOuterDisposeScope());
        }

        var dice = common.cpu().data<long>().Zip(total.cpu().data<long>(), (c, t) => (double)c / t).Where(double.IsFinite).ToList();
        var score = dice.Count == 0 ? double.NaN : dice.Average();
        return new Validation(score, new Dictionary<string, double> { ["pseudoDice"] = score });
    }
}
