namespace MetSeg.Learning.Networks;

/// <summary>What form the latent code of a <see cref="HarmonizationVae"/> has.</summary>
public enum LatentForm
{
    /// <summary>One vector a scan, by linear layers from the flattened bottleneck: paper P1's, with 201 M weights at 128³ and 512 units.</summary>
    Vector,

    /// <summary>Channels at every position of the bottleneck, by 1³ convolutions: some thousand weights, and any size of input.</summary>
    Spatial,
}

/// <summary>Which encoder blocks hand their features to the decoder.</summary>
public enum VaeSkips
{
    /// <summary>None: everything passes through the latent code.</summary>
    None,

    /// <summary>All blocks but the last, joined after the decoder stage of their resolution: paper P1's released code.</summary>
    Upper,

    /// <summary>Every block; the last is joined at the bottleneck. Another reading of paper P1's "from each encoder block".</summary>
    All,
}

/// <summary>Over what an encoder's features are normalized.</summary>
public enum EncoderNorm
{
    /// <summary>Over all scans of a batch while training, by running means in use: paper P1's.</summary>
    Batch,

    /// <summary>
    /// Over each scan alone, the same in training and in use: a scan's gain and, but for its border, offset do not get past the first layer.
    /// </summary>
    /// <remarks>Ulyanov et al., arXiv 1607.08022; Pan et al., ECCV 2018 (IBN-Net) for its invariance to appearance.</remarks>
    Instance,
}

/// <summary>What varies between harmonizing autoencoders. The defaults are paper P1's.</summary>
/// <remarks>Paper P1 (arXiv 2604.00397) and its released code (BigMewin/BM, utils/vae_mmd_model.py), where "released" is said.</remarks>
public sealed record VaeOptions
{
    /// <summary>Voxels of the input along z, y, x; each a multiple of 2^blocks. The default is 128, 128, 128.</summary>
    public IReadOnlyList<int> InputSize { get; init; } = [128, 128, 128];

    /// <summary>Features of each encoder block; every block halves the size. The default is 32, 64, 128, 256.</summary>
    public IReadOnlyList<int> Features { get; init; } = [32, 64, 128, 256];

    /// <summary>Side of the kernel of the strided and transposed convolutions. The default is 4, the paper's; the released code has 3.</summary>
    public int Kernel { get; init; } = 4;

    /// <summary>Whether the last two encoder blocks end with self-attention. The default is true, the paper's; the released code has none.</summary>
    public bool Attention { get; init; } = true;

    /// <summary>Over what the encoder's features are normalized; the decoder's are over the batch. The default is the batch, the paper's.</summary>
    public EncoderNorm EncoderNorm { get; init; }

    /// <summary>Which encoder blocks hand their features to the decoder. The default is all but the last, as in the released code.</summary>
    public VaeSkips Skips { get; init; } = VaeSkips.Upper;

    /// <summary>Features of the last decoder stage. The default, null, is half the first block's: the released code's 16 at 32.</summary>
    public int? LastFeatures { get; init; }

    /// <summary>Whether the last decoder stage has a residual block, as a mirrored encoder would. The default is false, as in the released code.</summary>
    public bool LastResidual { get; init; }

    /// <summary>Form of the latent code. The default is a vector, the paper's.</summary>
    public LatentForm LatentForm { get; init; }

    /// <summary>Length of the latent vector, or channels at each position of a spatial code. The default is 512.</summary>
    public int Latent { get; init; } = 512;

    /// <summary>log σ² is kept within ± this; null leaves it free, as the released code does. The default is 10: σ from 0.007 to 148.</summary>
    public double? LogVarianceLimit { get; init; } = 10;

    /// <summary>Share of channels dropped in residual blocks while training. The default is 0.1.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Voxels of the bottleneck along z, y, x.</summary>
    internal IReadOnlyList<long> BottleneckSize => [.. InputSize.Select(side => (long)side >> Features.Count)];

    /// <summary>Length of the vector that describes a scan's latent code, see <see cref="LatentCode.Vector"/>.</summary>
    internal int DescriptionLength => LatentForm == LatentForm.Vector ? Latent : 2 * Latent;

    /// <summary>Number of encoder blocks whose features the decoder joins.</summary>
    internal int SkipCount => Skips switch { VaeSkips.None => 0, VaeSkips.Upper => Features.Count - 1, _ => Features.Count };

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Features.Count < 2 || Features.Any(count => count < 2))
        {
            yield return "vae.features must list at least 2 blocks of at least 2 features.";
        }

        var multiple = 1 << Features.Count;
        if (InputSize.Count != 3 || InputSize.Any(side => side < multiple || side % multiple != 0))
        {
            yield return $"vae.inputSize must be three multiples of {multiple}, not {string.Join(", ", InputSize)}.";
        }

        if (Latent < 1 || Dropout is not (>= 0 and < 1))
        {
            yield return $"vae.latent must be positive and vae.dropout in [0, 1), not {Latent} and {Dropout}.";
        }

        if (EncoderNorm == EncoderNorm.Instance && Features.Count > 0 && BottleneckSize.All(side => side < 2))
        {
            yield return $"vae.encoderNorm instance needs more than one voxel at the bottleneck: an input of more than {multiple} voxels along an axis.";
        }

        if (Kernel is not (3 or 4) || LastFeatures < 1 || LogVarianceLimit is { } limit && !(limit > 0))
        {
            yield return "vae.kernel must be 3 or 4; vae.lastFeatures and vae.logVarianceLimit must be positive, or null.";
        }
    }
}
