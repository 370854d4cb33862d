using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>What varies between U-Nets. Per-stage lists run from the highest resolution to the bottleneck; sizes are in z, y, x order.</summary>
public sealed record UNetOptions
{
    /// <summary>Image channels in. The default is 1.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Classes out, background included. The default is 2.</summary>
    public int Classes { get; init; } = 2;

    /// <summary>Features of each stage. The default is 32, 64, 128, 256, 320, 320.</summary>
    public IReadOnlyList<int> Features { get; init; } = [32, 64, 128, 256, 320, 320];

    /// <summary>Stride with which each stage begins. The default is 1, then 2.</summary>
    public IReadOnlyList<int[]> Strides { get; init; } = [[1, 1, 1], [2, 2, 2], [2, 2, 2], [2, 2, 2], [2, 2, 2], [2, 2, 2]];

    /// <summary>Kernel of each stage. The default is 3 everywhere.</summary>
    public IReadOnlyList<int[]> Kernels { get; init; } = [[3, 3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3]];

    /// <summary>Convolutions per stage of the encoder. The default is 2.</summary>
    public int EncoderConvolutions { get; init; } = 2;

    /// <summary>Convolutions per stage of the decoder. The default is 2.</summary>
    public int DecoderConvolutions { get; init; } = 2;

    /// <summary>How many times shorter the bottleneck is than the input along an axis: 0 z, 1 y, 2 x.</summary>
    public int TotalStride(int axis) => Strides.Aggregate(1, (product, stride) => product * Math.Max(1, stride.ElementAtOrDefault(axis)));

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Channels < 1 || Classes < 2)
        {
            yield return $"A U-Net needs at least 1 channel and 2 classes, not {Channels} and {Classes}.";
        }

        if (Features.Any(count => count < 1) || EncoderConvolutions < 1 || DecoderConvolutions < 1)
        {
            yield return "A U-Net needs at least 1 feature and 1 convolution at every stage.";
        }

        if (Features.Count < 2 || Strides.Count != Features.Count || Kernels.Count != Features.Count)
        {
            yield return $"A U-Net needs features, strides and kernels for the same number (at least 2) of stages, not {Features.Count}, {Strides.Count}, {Kernels.Count}.";
        }

        if (Strides.Concat(Kernels).Any(triple => triple.Length != 3 || triple.Any(value => value < 1)))
        {
            yield return "Strides and kernels are three positive numbers per stage, along z, y, x.";
        }
    }
}

/// <summary>
/// nnU-Net's plain 3-D U-Net: [N, C, Z, Y, X] to logits [N, K, Z, Y, X]. Encoder stages of convolution blocks, the first with the stage's
/// stride; decoder levels of transposed convolution (kernel = stride), concatenation with the skip, convolution blocks; a 1×1×1 head per level.
/// </summary>
/// <remarks>Isensee et al., Nat Methods 2021;18:203–211; PlainConvUNet of nnU-Net v2.</remarks>
public sealed class UNet : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<Sequential> stages = new();
    private readonly ModuleList<ConvTranspose3d> transposed = new();
    private readonly ModuleList<Sequential> decoders = new();
    private readonly ModuleList<Conv3d> heads = new();

    /// <summary>Creates the network with weights drawn from <paramref name="generator"/>.</summary>
    /// <exception cref="OptionsException">The options have problems.</exception>
    public UNet(UNetOptions options, Generator generator)
        : base(nameof(UNet))
    {
        OptionsException.ThrowIfAny("network", options.Problems());
        var features = options.Features;
        var channels = options.Channels;
        for (var s = 0; s < features.Count; s++)
        {
            stages.Add(Blocks(channels, features[s], options.Kernels[s], options.Strides[s], options.EncoderConvolutions));
            channels = features[s];
        }

        for (var s = features.Count - 2; s >= 0; s--)
        {
            var stride = ConvBlock.Triple(options.Strides[s + 1]);
            transposed.Add(nn.ConvTranspose3d(features[s + 1], features[s], stride, stride: stride));
            decoders.Add(Blocks(2 * features[s], features[s], options.Kernels[s], [1, 1, 1], options.DecoderConvolutions));
            heads.Add(nn.Conv3d(features[s], options.Classes, 1L));
        }

        RegisterComponents();
        Initialization.KaimingNormal(this, generator);
    }

    /// <summary>Logits at the input's resolution.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return heads[^1].forward(Decode(input)[^1]).MoveToOuterDisposeScope();
    }

    /// <summary>Logits of every decoder level, highest resolution first, for deep supervision.</summary>
    public IReadOnlyList<Tensor> ForwardAllLevels(Tensor input)
    {
        using var scope = NewDisposeScope();
        var levels = Decode(input);
        return [.. Enumerable.Range(0, levels.Count).Reverse().Select(level => heads[level].forward(levels[level]).MoveToOuterDisposeScope())];
    }

    private List<Tensor> Decode(Tensor input)
    {
        var skips = new List<Tensor> { input };
        foreach (var stage in stages)
        {
            skips.Add(stage.forward(skips[^1]));
        }

        var levels = new List<Tensor>();
        var current = skips[^1];
        for (var level = 0; level < decoders.Count; level++)
        {
            current = decoders[level].forward(cat([transposed[level].forward(current), skips[^(level + 2)]], 1));
            levels.Add(current);
        }

        return levels;
    }

    private static Sequential Blocks(int channels, int features, int[] kernel, int[] stride, int count) =>
        nn.Sequential([.. Enumerable.Range(0, count).Select(i =>
            ($"{i}", (nn.Module<Tensor, Tensor>)new ConvBlock(i == 0 ? channels : features, features, kernel, i == 0 ? stride : [1, 1, 1])))]);
}
