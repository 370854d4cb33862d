using MetSeg.Preprocessing;

namespace MetSeg.Tests.Preprocessing;

internal static class TestPlans
{
    /// <summary>Plans for one z-scored channel at 1 mm and a network of two stages.</summary>
    public static Plans Small { get; } = new()
    {
        DatasetName = "Dataset001_Test",
        ChannelNames = ["T1CE"],
        Labels = LabelScheme.Plain([new("background", 0), new("metastasis", 1)]),
        OriginalMedianSpacing = [1, 1, 1],
        OriginalMedianShape = [16, 16, 16],
        TransposeForward = [0, 1, 2],
        ForegroundIntensities = [new IntensityProperties(9, 5, 5, 1, 2, 8, 2)],
        Spacing = [1, 1, 1],
        MedianShape = [16, 16, 16.5],
        PatchSize = [16, 16, 16],
        BatchSize = 2,
        NormalizationSchemes = [Normalization.ZScoreNormalization],
        UseMaskForNormalization = [false],
        Strides = [[1, 1, 1], [2, 2, 2]],
        KernelSizes = [[3, 3, 3], [3, 3, 3]],
        FeaturesPerStage = [8, 16],
        ConvPerStage = [2, 2],
        ConvPerStageDecoder = [2],
    };
}
