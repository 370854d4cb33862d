using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>Residual blocks one after the other, the first with the stage's stride.</summary>
/// <remarks>nnU-Net's StackedResidualBlocks; its blocks are named blocks.B.</remarks>
internal sealed class ResidualStage : nn.Module<Tensor, Tensor>
{
    private readonly Sequential blocks;

    public ResidualStage((int From, int To) features, int[] kernel, int[] stride, int count)
        : base(nameof(ResidualStage))
    {
        blocks = nn.Sequential([.. Enumerable.Range(0, count).Select(i => (
            $"{i}", (nn.Module<Tensor, Tensor>)new ResidualBlock((i == 0 ? features.From : features.To, features.To), kernel, i == 0 ? stride : [1, 1, 1])))]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => blocks.forward(input);
}

/// <summary>
/// Two convolutions beside a shortcut: average pooling where the stride is not 1, then a projection where the features change. Leaky ReLU
/// follows the sum.
/// </summary>
/// <remarks>nnU-Net's BasicBlockD (He et al., Bag of tricks, CVPR 2019, "ResNet-D").</remarks>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly ConvBlock conv1;
    private readonly ConvBlock conv2;
    private readonly Sequential? skip;

    public ResidualBlock((int From, int To) features, int[] kernel, int[] stride)
        : base(nameof(ResidualBlock))
    {
        conv1 = new ConvBlock(features.From, features.To, kernel, stride);
        conv2 = new ConvBlock(features.To, features.To, kernel, [1, 1, 1], isActivated: false);
        var shortcut = new List<nn.Module<Tensor, Tensor>>();
        if (stride.Any(step => step > 1))
        {
            var pool = ConvBlock.Triple(stride);
            shortcut.Add(nn.AvgPool3d(pool, pool));
        }

        if (features.From != features.To)
        {
            shortcut.Add(ConvBlock.Projection(features.From, features.To));
        }

        skip = shortcut.Count == 0 ? null : nn.Sequential([.. shortcut.Select((module, i) => ($"{i}", module))]);
        RegisterComponents();
    }

    /// <summary>Lets the block begin as its shortcut.</summary>
    public void BeginAsShortcut() => conv2.BeginAtZero();

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var branch = conv2.forward(conv1.forward(input));
        return ConvBlock.Activate(branch + (skip is null ? input : skip.forward(input))).MoveToOuterDisposeScope();
    }
}
