using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>Convolution, instance normalization, leaky ReLU: [N, C, Z, Y, X] to [N, F, Z/s, Y/s, X/s].</summary>
/// <remarks>nnU-Net's conv-norm-nonlin block: bias, InstanceNorm (ε 1e-5, affine), LeakyReLU 0.01; padding keeps the size at stride 1.</remarks>
public sealed class ConvBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv3d conv;
    private readonly InstanceNorm3d norm;
    private readonly LeakyReLU activation;

    /// <summary>Creates the block.</summary>
    /// <param name="channels">Channels in.</param>
    /// <param name="features">Channels out.</param>
    /// <param name="kernel">Kernel size along z, y, x; odd.</param>
    /// <param name="stride">Stride along z, y, x.</param>
    public ConvBlock(int channels, int features, int[] kernel, int[] stride)
        : base(nameof(ConvBlock))
    {
        conv = nn.Conv3d(channels, features, Triple(kernel), stride: Triple(stride), padding: Triple([.. kernel.Select(k => k / 2)]));
        norm = nn.InstanceNorm3d(features, affine: true);
        activation = nn.LeakyReLU(0.01, inplace: true);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return activation.forward(norm.forward(conv.forward(input))).MoveToOuterDisposeScope();
    }

    internal static (long, long, long) Triple(int[] values) => (values[0], values[1], values[2]);
}
