using MetSeg.Preprocessing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>The way down: [N, C, Z, Y, X] to the features of every stage, highest resolution first.</summary>
/// <remarks>PlainConvEncoder and ResidualEncoder of nnU-Net v2, with their module names: stem.convs.0, stages.S.0.convs.I, stages.S.blocks.B.</remarks>
internal sealed class Encoder : nn.Module<Tensor, IReadOnlyList<Tensor>>
{
    private readonly ConvStage? stem;
    private readonly ModuleList<nn.Module<Tensor, Tensor>> stages = new();

    public Encoder(UNetOptions options)
        : base(nameof(Encoder))
    {
        var features = options.Features;
        var isPlain = options.Architecture == NetworkArchitecture.PlainConvUNet;
        stem = isPlain ? null : new ConvStage((options.Channels, features[0]), options.Kernels[0], [1, 1, 1], 1);
        for (var s = 0; s < features.Count; s++)
        {
            var from = s > 0 ? features[s - 1] : isPlain ? options.Channels : features[0];
            var (kernel, stride, count) = (options.Kernels[s], options.Strides[s], options.BlocksOf(s));
            stages.Add(isPlain
                ? nn.Sequential(("0", new ConvStage((from, features[s]), kernel, stride, count)))
                : new ResidualStage((from, features[s]), kernel, stride, count));
        }

        RegisterComponents();
    }

    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var current = stem?.forward(input) ?? input;
        var all = new List<Tensor>(stages.Count);
        foreach (var stage in stages)
        {
            current = stage.forward(current);
            all.Add(current);
        }

        return [.. all.Select(features => features.MoveToOuterDisposeScope())];
    }
}
