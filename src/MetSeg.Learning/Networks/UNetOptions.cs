using MetSeg.Preprocessing;

namespace MetSeg.Learning.Networks;

/// <summary>What varies between U-Nets. Per-stage lists run from the highest resolution to the bottleneck; sizes are in z, y, x order.</summary>
public sealed record UNetOptions
{
    /// <summary>Plain or residual encoder. The default is plain.</summary>
    public NetworkArchitecture Architecture { get; init; }

    /// <summary>Image channels in. The default is 1.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Channels out: classes, background included, or regions. The default is 2.</summary>
    public int Classes { get; init; } = 2;

    /// <summary>Features of each stage. The default is 32, 64, 128, 256, 320, 320.</summary>
    public IReadOnlyList<int> Features { get; init; } = [32, 64, 128, 256, 320, 320];

    /// <summary>Stride with which each stage begins. The default is 1, then 2.</summary>
    public IReadOnlyList<int[]> Strides { get; init; } = [[1, 1, 1], [2, 2, 2], [2, 2, 2], [2, 2, 2], [2, 2, 2], [2, 2, 2]];

    /// <summary>Kernel of each stage. The default is 3 everywhere.</summary>
    public IReadOnlyList<int[]> Kernels { get; init; } = [[3, 3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3]];

    /// <summary>Convolutions (plain) or blocks (residual) of each encoder stage; null (default) for nnU-Net's: 2, or 1, 3, 4, 6, 6, ….</summary>
    public IReadOnlyList<int>? EncoderBlocks { get; init; }

    /// <summary>Convolutions of each decoder stage, highest resolution last; null (default) for nnU-Net's: 2 (plain) or 1 (residual).</summary>
    public IReadOnlyList<int>? DecoderConvolutions { get; init; }

    /// <summary>Convolutions or blocks of an encoder stage.</summary>
    internal int BlocksOf(int stage) => EncoderBlocks?[stage] ?? Architecture.EncoderBlocks(stage);

    /// <summary>Convolutions of a decoder level, 0 the lowest resolution.</summary>
    internal int ConvolutionsOf(int level) => DecoderConvolutions?[level] ?? Architecture.DecoderConvolutions();

    /// <summary>How many times shorter the bottleneck is than the input along an axis: 0 z, 1 y, 2 x.</summary>
    public int TotalStride(int axis) => Strides.Aggregate(1, (product, stride) => product * Math.Max(1, stride.ElementAtOrDefault(axis)));

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Channels < 1 || Classes < 1)
        {
            yield return $"A U-Net needs at least 1 channel and 1 output, not {Channels} and {Classes}.";
        }

        if (Features.Concat(EncoderBlocks ?? []).Concat(DecoderConvolutions ?? []).Any(count => count < 1))
        {
            yield return "A U-Net needs at least 1 feature and 1 convolution at every stage.";
        }

        var stages = Features.Count;
        if (stages < 2 || Strides.Count != stages || Kernels.Count != stages || (EncoderBlocks?.Count ?? stages) != stages
            || (DecoderConvolutions?.Count ?? (stages - 1)) != stages - 1)
        {
            yield return "A U-Net needs features, strides, kernels and encoder blocks for the same number (at least 2) of stages, decoder convolutions for one fewer: "
                + $"not {stages}, {Strides.Count}, {Kernels.Count}, {EncoderBlocks?.Count ?? stages}, {DecoderConvolutions?.Count ?? (stages - 1)}.";
        }

        if (Strides.Concat(Kernels).Any(triple => triple.Length != 3 || triple.Any(value => value < 1)))
        {
            yield return "Strides and kernels are three positive numbers per stage, along z, y, x.";
        }
    }
}
