using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>Convolution blocks one after the other, the first with the stage's stride.</summary>
/// <remarks>nnU-Net's StackedConvBlocks; its blocks are named convs.I.</remarks>
internal sealed class ConvStage : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Sequential convs;

    public ConvStage((int From, int To) features, int[] kernel, int[] stride, int count)
        : base(nameof(ConvStage))
    {
        convs = nn.Sequential([.. Enumerable.Range(0, count).Select(i => (
            $"{i}", (nn.Module<Tensor, Tensor>)new ConvBlock(i == 0 ? features.From : features.To, features.To, kernel, i == 0 ? stride : [1, 1, 1])))]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => convs.forward(input);
}
