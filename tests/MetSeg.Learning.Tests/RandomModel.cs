using MetSeg.Learning.Networks;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests;

/// <summary>A run with one fold whose small network has random weights: for what does not depend on how good a model is.</summary>
internal static class RandomModel
{
    /// <summary>Plans for one z-scored channel at 2 mm and a network of two stages.</summary>
    /// <param name="labels">Names of the labels 0, 1, ….</param>
    public static Plans Small(params string[] labels) => new()
    {
        DatasetName = "Dataset001_Random",
        ChannelNames = ["T1CE"],
        Labels = LabelScheme.Plain(labels.Select((name, value) => KeyValuePair.Create(name, value))),
        OriginalMedianSpacing = [2, 2, 2],
        OriginalMedianShape = [20, 20, 20],
        TransposeForward = [0, 1, 2],
        ForegroundIntensities = [],
        Spacing = [2, 2, 2],
        MedianShape = [20, 20, 20],
        PatchSize = [8, 8, 8],
        BatchSize = 2,
        NormalizationSchemes = [Normalization.ZScoreNormalization],
        UseMaskForNormalization = [false],
        Strides = [[1, 1, 1], [2, 2, 2]],
        KernelSizes = [[3, 3, 3], [3, 3, 3]],
        FeaturesPerStage = [4, 8],
        ConvPerStage = [2, 2],
        ConvPerStageDecoder = [2],
    };

    /// <summary>Writes a run.</summary>
    /// <param name="folder">Its folder, which is returned.</param>
    /// <param name="plans">What its network is like.</param>
    public static string Write(string folder, Plans plans)
    {
        plans.Write(Path.Combine(folder, "plans.json"));
        var card = new SegmentationCard("0", SegmentationCard.FromPlans(plans), new TrainerOptions(), [], [], plans.Digest, null, null);
        Files.JsonFile.Write(Path.Combine(folder, "fold_0", SegmentationCard.FileName), card, Files.JsonFile.OwnStyle);
        using var generator = new Generator(3);
        using var network = new UNet(card.Options.Network, generator);
        Checkpoint.Save(Path.Combine(folder, "fold_0", Checkpoint.Final), [("network", network, null)], new TrainingState(1, double.NaN, double.NaN));
        return folder;
    }
}
