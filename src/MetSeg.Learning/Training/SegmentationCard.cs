using System.Text.Json.Serialization;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Patches;
using MetSeg.Preprocessing;

namespace MetSeg.Learning.Training;

/// <summary>Where a model comes from that was trained by nnU-Net.</summary>
/// <param name="Trainer">Name of the trainer's class, such as nnUNetTrainer.</param>
/// <param name="Configuration">The configuration of the plans, such as 3d_fullres.</param>
/// <param name="Checkpoint">Name of the file that it was read from.</param>
/// <param name="Digest">SHA-256 of that file.</param>
/// <param name="Epochs">Epochs that it was trained for.</param>
public sealed record ModelOrigin(string Trainer, string Configuration, string Checkpoint, string Digest, int Epochs);

/// <summary>What a fold's folder says of its model, in model.json: how it was trained and which cases it has seen.</summary>
/// <param name="Fold">The fold's name: a number, or "all".</param>
/// <param name="Options">How it was trained.</param>
/// <param name="Trainer">How long it was trained.</param>
/// <param name="TrainingCases">Cases it learnt from.</param>
/// <param name="ValidationCases">Cases that chose its best weights.</param>
/// <param name="PlansDigest">Digest of the plans that the cases were preprocessed with.</param>
/// <param name="Harmonizer">SHA-256 over the harmonizer's files, or null where the scans were not harmonized.</param>
/// <param name="Initialization">SHA-256 of the weights that it started from, or null where it started from random ones.</param>
public sealed record SegmentationCard(
    string Fold,
    SegmentationOptions Options,
    TrainerOptions Trainer,
    IReadOnlyList<string> TrainingCases,
    IReadOnlyList<string> ValidationCases,
    string PlansDigest,
    string? Harmonizer,
    string? Initialization)
{
    /// <summary>Name of the file in a fold's folder.</summary>
    public const string FileName = "model.json";

    /// <summary>Name of the folder in the run of a cascade's second stage that holds the first.</summary>
    public const string PreviousFolder = "previous";

    /// <summary>Name of the plans in a run's folder.</summary>
    public const string PlansFile = "plans.json";

    /// <summary>Name of the folder in a run that holds the harmonizer, where the model has one.</summary>
    public const string HarmonizerFolder = "harmonizer";

    /// <summary>
    /// The axes (0, 1, 2 of the image tensor) along which the model saw mirrored images, so that inference may mirror them; null for all three.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? MirroringAxes { get; init; }

    /// <summary>SHA-256 of the first stage's weights, where this is the second of a cascade; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Previous { get; init; }

    /// <summary>Where the model comes from; null where it was trained here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelOrigin? Origin { get; init; }

    /// <summary>The options that follow from plans: network, patch and batch.</summary>
    public static SegmentationOptions FromPlans(Plans plans) => new()
    {
        Network = new UNetOptions
        {
            Channels = plans.InputChannels,
            Classes = plans.Labels.Outputs,
            Features = plans.FeaturesPerStage,
            Strides = plans.NetworkStrides,
            Kernels = plans.NetworkKernels,
            Architecture = plans.Architecture,
            EncoderBlocks = plans.ConvPerStage,
            DecoderConvolutions = plans.ConvPerStageDecoder,
        },
        Patches = new PatchOptions { PatchSize = plans.NetworkPatch, BatchSize = plans.BatchSize, PreviousClasses = plans.InputChannels - plans.ChannelNames.Count },
        Target = SegmentationTarget.Of(plans.Labels),
        BatchDice = plans.BatchDice,
    };
}
