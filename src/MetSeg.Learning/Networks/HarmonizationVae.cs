using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>What varies between harmonizing autoencoders. The defaults are paper P1's.</summary>
public sealed record VaeOptions
{
    /// <summary>Voxels of the input along z, y, x; each a multiple of 2^blocks. The default is 128, 128, 128.</summary>
    public IReadOnlyList<int> InputSize { get; init; } = [128, 128, 128];

    /// <summary>Features of each encoder block; every block halves the size. The default is 32, 64, 128, 256.</summary>
    public IReadOnlyList<int> Features { get; init; } = [32, 64, 128, 256];

    /// <summary>Length of the latent code μ. The default is 512.</summary>
    public int Latent { get; init; } = 512;

    /// <summary>Whether the last two encoder blocks end with self-attention. The default is true.</summary>
    public bool Attention { get; init; } = true;

    /// <summary>Share of channels dropped in residual blocks while training. The default is 0.1.</summary>
    public double Dropout { get; init; } = 0.1;

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

        if (Latent < 1 || Dropout is < 0 or >= 1)
        {
            yield return $"vae.latent must be positive and vae.dropout in [0, 1), not {Latent} and {Dropout}.";
        }
    }
}

/// <summary>Latent code of a batch: mean μ and log variance, each [N, L].</summary>
/// <param name="Mean">μ.</param>
/// <param name="LogVariance">log σ², clamped to ±10.</param>
/// <param name="Skips">Encoder features that the decoder joins, highest resolution first.</param>
public sealed record LatentCode(Tensor Mean, Tensor LogVariance, IReadOnlyList<Tensor> Skips);

/// <summary>
/// 3-D variational autoencoder with skip connections: [N, 1, Z, Y, X] in [−1, 1] to the same. Encoder blocks: convolution 4³ stride 2,
/// batch norm, ReLU, residual block, self-attention in the last two; two linear layers to μ and log σ²; mirrored decoder of transposed
/// convolutions that joins the encoder's features at each resolution but the lowest; 1³ convolution, tanh.
/// </summary>
/// <remarks>
/// Paper P1 (arXiv 2604.00397), section on the VAE; kernel 4 and attention as in the text (the released code has kernel 3 and none). The
/// last decoder stage has half the first block's features and no residual block, as in the released code.
/// </remarks>
public sealed class HarmonizationVae : nn.Module<Tensor, Tensor>
{
    private const double LogVarianceLimit = 10;
    private readonly VaeOptions options;
    private readonly ModuleList<Sequential> encoders = new();
    private readonly ModuleList<Sequential> decoders = new();
    private readonly Linear mean;
    private readonly Linear logVariance;
    private readonly Linear expand;
    private readonly Conv3d head;

    /// <summary>Creates the network with weights drawn from <paramref name="generator"/>.</summary>
    /// <exception cref="OptionsException">The options have problems.</exception>
    public HarmonizationVae(VaeOptions options, Generator generator)
        : base(nameof(HarmonizationVae))
    {
        OptionsException.ThrowIfAny("harmonizer", options.Problems());
        this.options = options;
        var features = options.Features;
        for (var b = 0; b < features.Count; b++)
        {
            encoders.Add(Encoder(b == 0 ? 1 : features[b - 1], features[b], options, attention: options.Attention && b >= features.Count - 2));
        }

        for (var b = features.Count - 1; b >= 0; b--)
        {
            decoders.Add(Decoder(b == features.Count - 1 ? features[b] : 2 * features[b], b == 0 ? features[0] / 2 : features[b - 1], options.Dropout, b > 0));
        }

        var flat = BottleneckShape(1).Aggregate(1L, (product, side) => product * side);
        mean = nn.Linear(flat, options.Latent);
        logVariance = nn.Linear(flat, options.Latent);
        expand = nn.Linear(options.Latent, flat);
        head = nn.Conv3d(features[0] / 2, 1, 1L);
        RegisterComponents();
        Initialization.UniformByFan(this, generator);
    }

    /// <summary>Deterministic reconstruction: the decoded μ.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var code = Encode(input);
        return Decode(code.Mean, code.Skips).MoveToOuterDisposeScope();
    }

    /// <summary>The latent code of a batch [N, 1, Z, Y, X].</summary>
    public LatentCode Encode(Tensor input)
    {
        using var scope = NewDisposeScope();
        var levels = new List<Tensor>();
        var current = input;
        foreach (var encoder in encoders)
        {
            current = encoder.forward(current);
            levels.Add(current);
        }

        var flat = current.flatten(1);
        return new LatentCode(
            mean.forward(flat).MoveToOuterDisposeScope(),
            logVariance.forward(flat).clamp(-LogVarianceLimit, LogVarianceLimit).MoveToOuterDisposeScope(),
            [.. levels.Take(levels.Count - 1).Select(level => level.MoveToOuterDisposeScope())]);
    }

    /// <summary>Decodes latent vectors [N, L] with the skips of <see cref="Encode"/> to [N, 1, Z, Y, X] in [−1, 1].</summary>
    public Tensor Decode(Tensor latent, IReadOnlyList<Tensor> skips)
    {
        using var scope = NewDisposeScope();
        var current = expand.forward(latent).reshape(BottleneckShape(latent.shape[0]));
        for (var d = 0; d < decoders.Count; d++)
        {
            current = decoders[d].forward(current);
            if (d < skips.Count)
            {
                current = cat([current, skips[skips.Count - 1 - d]], 1);
            }
        }

        return head.forward(current).tanh().MoveToOuterDisposeScope();
    }

    private long[] BottleneckShape(long count) =>
        [count, options.Features[^1], .. options.InputSize.Select(side => (long)side >> options.Features.Count)];

    private static Sequential Encoder(int channels, int features, VaeOptions options, bool attention)
    {
        List<(string, nn.Module<Tensor, Tensor>)> layers =
        [
            ("conv", nn.Conv3d(channels, features, 4L, stride: 2, padding: 1)),
            ("norm", nn.BatchNorm3d(features)),
            ("activation", nn.ReLU()),
            ("residual", new ResidualBlock(features, options.Dropout)),
        ];
        if (attention)
        {
            layers.Add(("attention", new SelfAttention(features)));
        }

        return nn.Sequential([.. layers]);
    }

    private static Sequential Decoder(int channels, int features, double dropout, bool residual)
    {
        List<(string, nn.Module<Tensor, Tensor>)> layers =
        [
            ("conv", nn.ConvTranspose3d(channels, features, 4L, stride: 2, padding: 1)),
            ("norm", nn.BatchNorm3d(features)),
            ("activation", nn.ReLU()),
        ];
        if (residual)
        {
            layers.Add(("residual", new ResidualBlock(features, dropout)));
        }

        return nn.Sequential([.. layers]);
    }

    /// <summary>Two 3³ convolutions with batch norm, dropout of whole channels between, added to the input, ReLU.</summary>
    private sealed class ResidualBlock : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential branch;

        public ResidualBlock(int features, double dropout)
            : base(nameof(ResidualBlock))
        {
            branch = nn.Sequential(
                ("conv1", nn.Conv3d(features, features, 3L, padding: 1L)),
                ("norm1", nn.BatchNorm3d(features)),
                ("activation", nn.ReLU()),
                ("dropout", nn.Dropout3d(dropout)),
                ("conv2", nn.Conv3d(features, features, 3L, padding: 1L)),
                ("norm2", nn.BatchNorm3d(features)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return (input + branch.forward(input)).relu().MoveToOuterDisposeScope();
        }
    }
}
