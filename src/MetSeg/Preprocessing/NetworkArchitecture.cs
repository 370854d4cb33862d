namespace MetSeg.Preprocessing;

/// <summary>The networks that plans can ask for, by the names of their Python classes.</summary>
public enum NetworkArchitecture
{
    /// <summary>Two convolutions a stage, each followed by instance normalization and leaky ReLU.</summary>
    PlainConvUNet,

    /// <summary>A stem and residual blocks in the encoder, one convolution a stage in the decoder.</summary>
    ResidualEncoderUNet,
}

/// <summary>How deep nnU-Net makes its networks.</summary>
public static class NetworkDepth
{
    private const int ConvolutionsPerStage = 2;

    private static readonly int[] residualBlocks = [1, 3, 4, 6];

    /// <summary>Convolutions (plain) or residual blocks of an encoder stage: 2, or 1, 3, 4, 6, 6, ….</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="stage">The stage, 0 the highest resolution.</param>
    public static int EncoderBlocks(this NetworkArchitecture architecture, int stage) => architecture == NetworkArchitecture.PlainConvUNet
        ? ConvolutionsPerStage
        : residualBlocks[Math.Min(stage, residualBlocks.Length - 1)];

    /// <summary>Convolutions of every decoder stage: 2 (plain) or 1.</summary>
    public static int DecoderConvolutions(this NetworkArchitecture architecture) =>
        architecture == NetworkArchitecture.PlainConvUNet ? ConvolutionsPerStage : 1;
}
