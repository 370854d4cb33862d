using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>
/// nnU-Net's 3-D U-Nets, plain or with a residual encoder: [N, C, Z, Y, X] to logits [N, K, Z, Y, X], of 32 bits also where precision
/// is mixed. Modules and weights have nnU-Net's names, so that its checkpoints fit.
/// </summary>
/// <remarks>
/// Isensee et al., Nat Methods 2021;18:203–211 and nnU-Net Revisited, MICCAI 2024; PlainConvUNet and ResidualEncoderUNet of nnU-Net v2.
/// </remarks>
public sealed class UNet : nn.Module<Tensor, Tensor>
{
    private readonly Encoder encoder;
    private readonly Decoder decoder;

    /// <summary>Creates the network with weights drawn from <paramref name="generator"/>; residual blocks begin as their shortcuts.</summary>
    /// <exception cref="OptionsException">The options have problems.</exception>
    public UNet(UNetOptions options, Generator generator)
        : base(nameof(UNet))
    {
        OptionsException.ThrowIfAny("network", options.Problems());
        encoder = new Encoder(options);
        decoder = new Decoder(options);
        RegisterComponents();
        Initialization.KaimingNormal(this, generator);
        foreach (var block in modules().OfType<ResidualBlock>())
        {
            block.BeginAsShortcut();
        }
    }

    /// <summary>Logits at the input's resolution.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Wide(decoder.forward(encoder.forward(input))).MoveToOuterDisposeScope();
    }

    /// <summary>Logits of every decoder level, highest resolution first, for deep supervision.</summary>
    public IReadOnlyList<Tensor> ForwardAllLevels(Tensor input)
    {
        using var scope = NewDisposeScope();
        return [.. decoder.ForwardAllLevels(encoder.forward(input)).Select(logits => Wide(logits).MoveToOuterDisposeScope())];
    }

    /// <summary>Logits of 16 bits (mixed precision) with 32, for losses and sums.</summary>
    private static Tensor Wide(Tensor logits) => logits.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? logits.to(ScalarType.Float32) : logits;
}
