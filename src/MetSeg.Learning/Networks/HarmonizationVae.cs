using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>
/// 3-D variational autoencoder with skip connections: [N, 1, Z, Y, X] in [−1, 1] to the same. Encoder blocks: convolution of stride 2,
/// norm, ReLU, residual block, self-attention in the last two; two layers to μ and log σ²; mirrored decoder of transposed
/// convolutions that joins the encoder's features; 1³ convolution, tanh. What varies is in <see cref="VaeOptions"/>.
/// </summary>
/// <remarks>Paper P1 (arXiv 2604.00397), section on the VAE. At 128³ a block's features are 64³, 32³, 16³ and 8³ large.</remarks>
public sealed class HarmonizationVae : nn.Module<Tensor, Tensor>
{
    private readonly VaeOptions options;
    private readonly ModuleList<Sequential> encoders = new();
    private readonly ModuleList<Sequential> decoders = new();
    private readonly nn.Module<Tensor, Tensor> mean;
    private readonly nn.Module<Tensor, Tensor> logVariance;
    private readonly nn.Module<Tensor, Tensor> expand;
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

        var lastFeatures = options.LastFeatures ?? features[0] / 2;
        for (var b = features.Count - 1; b >= 0; b--)
        {
            var channels = b < options.SkipCount ? 2 * features[b] : features[b];
            decoders.Add(Decoder(channels, b == 0 ? lastFeatures : features[b - 1], options, residual: b > 0 || options.LastResidual));
        }

        var flat = features[^1] * options.BottleneckSize.Aggregate(1L, (product, side) => product * side);
        mean = ToLatent(flat);
        logVariance = ToLatent(flat);
        expand = options.LatentForm == LatentForm.Vector ? nn.Linear(options.Latent, flat) : nn.Conv3d(options.Latent, features[^1], 1L);
        head = nn.Conv3d(lastFeatures, 1, 1L);
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

        var bottleneck = options.LatentForm == LatentForm.Vector ? current.flatten(1) : current;
        var spread = logVariance.forward(bottleneck);
        return new LatentCode(
            mean.forward(bottleneck).MoveToOuterDisposeScope(),
            (options.LogVarianceLimit is { } limit ? spread.clamp(-limit, limit) : spread).MoveToOuterDisposeScope(),
            [.. levels.Take(options.SkipCount).Select(level => level.MoveToOuterDisposeScope())]);
    }

    /// <summary>Decodes latent codes to [N, 1, Z, Y, X] in [−1, 1].</summary>
    /// <param name="latent">Of the form of <see cref="LatentCode.Mean"/>.</param>
    /// <param name="skips">Those of <see cref="Encode"/>.</param>
    public Tensor Decode(Tensor latent, IReadOnlyList<Tensor> skips)
    {
        using var scope = NewDisposeScope();
        var expanded = expand.forward(latent);
        var current = options.LatentForm == LatentForm.Spatial
            ? expanded
            : expanded.reshape([latent.shape[0], options.Features[^1], .. options.BottleneckSize]);
        for (var b = decoders.Count - 1; b >= 0; b--)
        {
            current = decoders[decoders.Count - 1 - b].forward(b < skips.Count ? cat([current, skips[b]], 1) : current);
        }

        return head.forward(current).tanh().MoveToOuterDisposeScope();
    }

    private nn.Module<Tensor, Tensor> ToLatent(long flat) =>
        options.LatentForm == LatentForm.Vector ? nn.Linear(flat, options.Latent) : nn.Conv3d(options.Features[^1], options.Latent, 1L);

    private static Sequential Encoder(int channels, int features, VaeOptions options, bool attention)
    {
        List<(string, nn.Module<Tensor, Tensor>)> layers =
        [
            ("conv", nn.Conv3d(channels, features, options.Kernel, stride: 2, padding: 1)),
            ("norm", Norm(options.EncoderNorm, features)),
            ("activation", nn.ReLU()),
            ("residual", new ResidualBlock(features, options.Dropout, options.EncoderNorm)),
        ];
        if (attention)
        {
            layers.Add(("attention", new SelfAttention(features)));
        }

        return nn.Sequential([.. layers]);
    }

    private static Sequential Decoder(int channels, int features, VaeOptions options, bool residual)
    {
        List<(string, nn.Module<Tensor, Tensor>)> layers =
        [
            ("conv", nn.ConvTranspose3d(channels, features, options.Kernel, stride: 2, padding: 1, output_padding: 4 - options.Kernel)),
            ("norm", nn.BatchNorm3d(features)),
            ("activation", nn.ReLU()),
        ];
        if (residual)
        {
            layers.Add(("residual", new ResidualBlock(features, options.Dropout, EncoderNorm.Batch)));
        }

        return nn.Sequential([.. layers]);
    }

    private static nn.Module<Tensor, Tensor> Norm(EncoderNorm norm, int features) =>
        norm == EncoderNorm.Batch ? nn.BatchNorm3d(features) : nn.InstanceNorm3d(features, affine: true);

    /// <summary>Two 3³ convolutions with a norm, dropout of whole channels between, added to the input, ReLU.</summary>
    private sealed class ResidualBlock : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential branch;

        public ResidualBlock(int features, double dropout, EncoderNorm norm)
            : base(nameof(ResidualBlock))
        {
            branch = nn.Sequential(
                ("conv1", nn.Conv3d(features, features, 3L, padding: 1L)),
                ("norm1", Norm(norm, features)),
                ("activation", nn.ReLU()),
                ("dropout", nn.Dropout3d(dropout)),
                ("conv2", nn.Conv3d(features, features, 3L, padding: 1L)),
                ("norm2", Norm(norm, features)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return (input + branch.forward(input)).relu().MoveToOuterDisposeScope();
        }
    }
}
