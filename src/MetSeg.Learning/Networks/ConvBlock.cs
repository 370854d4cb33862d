using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>Convolution, instance normalization and, but at the end of a residual branch, leaky ReLU: [N, C, Z, Y, X] to [N, F, Z/s, Y/s, X/s].</summary>
/// <remarks>nnU-Net's ConvDropoutNormReLU: InstanceNorm (ε 1e-5, affine), LeakyReLU 0.01; padding keeps the size at stride 1.</remarks>
public sealed class ConvBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv3d conv;
    private readonly InstanceNorm3d norm;
    private readonly bool isActivated;

    /// <summary>Creates the block.</summary>
    /// <param name="channels">Channels in.</param>
    /// <param name="features">Channels out.</param>
    /// <param name="kernel">Kernel size along z, y, x; odd.</param>
    /// <param name="stride">Stride along z, y, x.</param>
    /// <param name="isActivated">Whether leaky ReLU follows.</param>
    public ConvBlock(int channels, int features, int[] kernel, int[] stride, bool isActivated = true)
        : this(nn.Conv3d(channels, features, Triple(kernel), stride: Triple(stride), padding: Triple([.. kernel.Select(k => k / 2)])), features, isActivated)
    {
    }

    private ConvBlock(Conv3d conv, int features, bool isActivated)
        : base(nameof(ConvBlock))
    {
        (this.conv, this.isActivated) = (conv, isActivated);
        norm = nn.InstanceNorm3d(features, affine: true);
        RegisterComponents();
    }

    /// <summary>A projection to other features: 1×1×1 without bias, normalized, not activated.</summary>
    public static ConvBlock Projection(int channels, int features) =>
        new(nn.Conv3d(channels, features, 1L, bias: false), features, isActivated: false);

    /// <summary>Lets the block begin as zero: as the end of a residual branch it first leaves its input as it is.</summary>
    public void BeginAtZero()
    {
        using var noGradient = no_grad();
        norm.weight!.zero_();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var normed = norm.forward(conv.forward(input));
        return (isActivated ? Activate(normed) : normed).MoveToOuterDisposeScope();
    }

    /// <summary>Leaky ReLU of slope 0.01, in place.</summary>
    internal static Tensor Activate(Tensor features) => nn.functional.leaky_relu(features, 0.01, inplace: true);

    internal static (long, long, long) Triple(int[] values) => (values[0], values[1], values[2]);
}
