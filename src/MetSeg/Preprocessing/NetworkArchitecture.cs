namespace MetSeg.Preprocessing;

/// <summary>The networks that plans can ask for, by the names of their Python classes.</summary>
public enum NetworkArchitecture
{
    /// <summary>Two convolutions a stage, each followed by instance normalization and leaky ReLU.</summary>
    PlainConvUNet,

    /// <summary>A stem and residual blocks in the encoder, one convolution a stage in the decoder.</summary>
    ResidualEncoderUNet,
}
