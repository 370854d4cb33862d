using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>
/// The way up: a transposed convolution (kernel = stride) per level, concatenation with the encoder's features, convolution blocks, and a
/// 1×1×1 head.
/// </summary>
/// <remarks>UNetDecoder of nnU-Net v2, with its module names: transpconvs.I, stages.I.convs.J, seg_layers.I, 0 the lowest resolution.</remarks>
internal sealed class Decoder : nn.Module<IReadOnlyList<Tensor>, Tensor>
{
    private readonly ModuleList<ConvStage> stages = new();

    [ComponentName(Name = "transpconvs")]
    private readonly ModuleList<ConvTranspose3d> transposed = new();

    [ComponentName(Name = "seg_layers")]
    private readonly ModuleList<Conv3d> heads = new();

    public Decoder(UNetOptions options)
        : base(nameof(Decoder))
    {
        var features = options.Features;
        for (var s = features.Count - 2; s >= 0; s--)
        {
            var stride = ConvBlock.Triple(options.Strides[s + 1]);
            transposed.Add(nn.ConvTranspose3d(features[s + 1], features[s], stride, stride: stride));
            stages.Add(new ConvStage((2 * features[s], features[s]), options.Kernels[s], [1, 1, 1], options.ConvolutionsOf(features.Count - 2 - s)));
            heads.Add(nn.Conv3d(features[s], options.Classes, 1L));
        }

        RegisterComponents();
    }

    /// <summary>Logits at the input's resolution.</summary>
    public override Tensor forward(IReadOnlyList<Tensor> features)
    {
        using var scope = NewDisposeScope();
        var current = features[^1];
        for (var level = 0; level < stages.Count; level++)
        {
            current = Up(current, features, level);
        }

        return heads[^1].forward(current).MoveToOuterDisposeScope();
    }

    /// <summary>Logits of every level, highest resolution first.</summary>
    public IReadOnlyList<Tensor> ForwardAllLevels(IReadOnlyList<Tensor> features)
    {
        using var scope = NewDisposeScope();
        var (current, logits) = (features[^1], new List<Tensor>());
        for (var level = 0; level < stages.Count; level++)
        {
            current = Up(current, features, level);
            logits.Insert(0, heads[level].forward(current));
        }

        return [.. logits.Select(tensor => tensor.MoveToOuterDisposeScope())];
    }

    private Tensor Up(Tensor current, IReadOnlyList<Tensor> features, int level)
    {
        using var scope = NewDisposeScope();
        return stages[level].forward(cat([transposed[level].forward(current), features[^(level + 2)]], 1)).MoveToOuterDisposeScope();
    }
}
