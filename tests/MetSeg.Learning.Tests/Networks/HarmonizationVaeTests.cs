using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Networks;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Networks;

public class HarmonizationVaeTests
{
    private static readonly VaeOptions small = new() { InputSize = [16, 8, 24], Features = [4, 6, 8], Latent = 5 };

    public static TheoryData<VaeOptions> Variants =>
    [
        small,
        small with { Kernel = 3, Attention = false, LogVarianceLimit = null },
        small with { Skips = VaeSkips.None },
        small with { Skips = VaeSkips.All, LastFeatures = 7, LastResidual = true },
        small with { LatentForm = LatentForm.Spatial, Latent = 3 },
        small with { EncoderNorm = EncoderNorm.Instance },
    ];

    [Fact]
    public void Defaults_are_the_papers()
    {
        var options = new VaeOptions();

        Assert.Equal([128, 128, 128], options.InputSize);
        Assert.Equal([32, 64, 128, 256], options.Features);
        Assert.Equal((512, true, 0.1, 4), (options.Latent, options.Attention, options.Dropout, options.Kernel));
        Assert.Equal((VaeSkips.Upper, LatentForm.Vector, 10.0), (options.Skips, options.LatentForm, options.LogVarianceLimit));
        Assert.Equal(((int?)null, false, EncoderNorm.Batch), (options.LastFeatures, options.LastResidual, options.EncoderNorm));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Reconstructs_the_size_within_the_range_and_the_same_each_time(VaeOptions options)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = new HarmonizationVae(options, generator);
        network.eval();
        var input = rand([3, 1, 16, 8, 24], generator: generator);

        var output = network.forward(input);

        Assert.Equal(input.shape, output.shape);
        Assert.True(output.abs().max().item<float>() <= 1);
        Assert.True(output.equal(network.forward(input)).all().item<bool>(), "inference must be deterministic");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_stage_has_its_shape(VaeOptions options)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = new HarmonizationVae(options, generator);

        var code = network.Encode(rand([3, 1, 16, 8, 24], generator: generator));

        long[][] levels = [[3, 4, 8, 4, 12], [3, 6, 4, 2, 6], [3, 8, 2, 1, 3]];
        Assert.Equal(levels.Take(options.SkipCount), code.Skips.Select(skip => skip.shape));
        Assert.Equal(options.LatentForm == LatentForm.Vector ? [3, 5] : [3, 3, 2, 1, 3], code.Mean.shape);
        Assert.Equal(code.Mean.shape, code.LogVariance.shape);
        Assert.Equal([3, options.DescriptionLength], code.Vector().shape);
        Assert.Equal(levels.Take(options.SkipCount).Select(shape => new[] { 3, 2 * shape[1] }), code.PooledSkips().Select(pooled => pooled.shape));
    }

    [Fact]
    public void The_papers_layers_halve_128_to_8_and_join_the_blocks_on_the_way_back()
    {
        using var generator = new Generator(1);
        using var network = new HarmonizationVae(new VaeOptions { InputSize = [16, 16, 16], Latent = 1 }, generator);
        var shapes = network.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.shape);

        Assert.Equal([[32, 1, 4, 4, 4], [64, 32, 4, 4, 4], [128, 64, 4, 4, 4], [256, 128, 4, 4, 4]],
            Enumerable.Range(0, 4).Select(block => shapes[$"encoders.{block}.conv.weight"]));
        Assert.Equal([[256, 128, 4, 4, 4], [256, 64, 4, 4, 4], [128, 32, 4, 4, 4], [64, 16, 4, 4, 4]],
            Enumerable.Range(0, 4).Select(stage => shapes[$"decoders.{stage}.conv.weight"]));
        Assert.Equal(["encoders.2", "encoders.3"], shapes.Keys.Where(name => name.EndsWith("attention.gamma", StringComparison.Ordinal)).Select(name => name[..10]));
        Assert.DoesNotContain("decoders.3.residual.branch.conv1.weight", shapes.Keys);
        Assert.Equal([1, 16, 1, 1, 1], shapes["head.weight"]);
        Assert.Equal([32, 256, 1, 1, 1], shapes["encoders.3.attention.query.weight"]);
    }

    /// <summary>paper-code.md 2.1: 8.50 M weights in the released convolutions, 12.1 M with kernel 4, 201.5 M in the three linear layers.</summary>
    [Theory]
    [InlineData(3, false, 8.50)]
    [InlineData(4, false, 12.1)]
    public void Counts_of_weights_are_the_papers(int kernel, bool attention, double millions)
    {
        const long Flat = 256, Latent = 512;
        using var generator = new Generator(1);
        using var network = new HarmonizationVae(new VaeOptions { InputSize = [16, 16, 16], Kernel = kernel, Attention = attention }, generator);
        static long Linear(long flat) => (2 * ((flat * Latent) + Latent)) + (Latent * flat) + flat;

        Assert.Equal(millions, (Weights(network) - Linear(Flat)) / 1e6, tolerance: 0.05);
        Assert.Equal(201.5, Linear(256 * 8 * 8 * 8) / 1e6, tolerance: 0.05);
    }

    [Fact]
    public void Ours_has_less_than_ten_million_weights_at_any_size_of_input()
    {
        using var generator = new Generator(1);
        using var small = new HarmonizationVae(VaeMmdOptions.Ours.Vae with { InputSize = [32, 16, 16] }, generator);
        using var larger = new HarmonizationVae(VaeMmdOptions.Ours.Vae with { InputSize = [32, 48, 16] }, generator);

        Assert.InRange(Weights(small), 1_000_000, 10_000_000);
        Assert.Equal(Weights(small), Weights(larger));
    }

    [Fact]
    public void An_encoder_that_normalizes_each_scan_alone_does_not_see_its_gain()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var input = randn([2, 1, 16, 8, 24], generator: generator);
        bool IsTheSame(EncoderNorm norm)
        {
            using var network = new HarmonizationVae(small with { EncoderNorm = norm }, generator);
            network.eval();
            var (plain, strong) = (network.Encode(input), network.Encode(3 * input));
            return strong.Mean.allclose(plain.Mean, rtol: 1e-2, atol: 1e-3) && strong.Skips[0].allclose(plain.Skips[0], rtol: 1e-2, atol: 1e-3);
        }

        Assert.True(IsTheSame(EncoderNorm.Instance));
        Assert.False(IsTheSame(EncoderNorm.Batch));
    }

    [Fact]
    public void Normalizing_each_scan_alone_needs_more_than_one_voxel() => Assert.Contains(
        "vae.encoderNorm", Assert.Single(new VaeOptions { InputSize = [16, 16, 16], EncoderNorm = EncoderNorm.Instance }.Problems()));

    [Fact]
    public void Without_skips_the_latent_code_decides_the_output()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = new HarmonizationVae(small with { Skips = VaeSkips.None }, generator);
        network.eval();
        var latent = zeros(2, 5);
        latent[1] = ones(5);

        var output = network.Decode(latent, []);

        Assert.False(output[0].allclose(output[1]));
        Assert.True(output[0].allclose(network.Decode(zeros(1, 5), [])[0], rtol: 1e-3, atol: 1e-5));
    }

    [Fact]
    public void The_log_variance_is_kept_within_its_limit()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var free = new HarmonizationVae(small with { LogVarianceLimit = null }, generator);
        using var kept = new HarmonizationVae(small with { LogVarianceLimit = 0.001 }, generator);
        var input = rand([2, 1, 16, 8, 24], generator: generator);

        Assert.True(free.Encode(input).LogVariance.abs().max().item<float>() > 0.001);
        Assert.True(kept.Encode(input).LogVariance.abs().max().item<float>() <= 0.001f);
    }

    [Fact]
    public void Channel_statistics_by_hand()
    {
        using var scope = NewDisposeScope();

        // Channel 0 holds 1 and 3: mean 2, deviation 1; channel 1 holds 5 and 5: deviation √1e-5.
        var statistics = ChannelStatistics.Of(tensor(new[] { 1f, 3, 5, 5 }, [1, 2, 1, 1, 2])).data<float>().ToArray();

        Assert.Equal([2, 5], statistics[..2]);
        Assert.Equal(1, statistics[2], tolerance: 1e-5f);
        Assert.Equal(0.00316f, statistics[3], tolerance: 1e-4f);
    }

    [Fact]
    public void Attention_begins_as_the_identity()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var input = rand([2, 8, 3, 4, 5], generator: generator);
        using var layer = new SelfAttention(8);

        Assert.True(layer.forward(input).allclose(input));
    }

    [Fact]
    public void Attention_looks_at_all_positions_once_it_has_a_weight()
    {
        using var scope = NewDisposeScope();
        using var layer = new SelfAttention(8);
        using (no_grad())
        {
            layer.named_parameters().Single(pair => pair.name == "gamma").parameter.fill_(1);
        }

        var input = zeros([1, 8, 2, 2, 2]);
        var moved = input.clone();
        moved[0, 0, 1, 1, 1] = 1;

        Assert.False((layer.forward(moved) - layer.forward(input))[0, TensorIndex.Colon, 0, 0, 0].allclose(zeros(8), atol: 1e-6));
    }

    [Fact]
    public void An_input_that_cannot_be_halved_often_enough_is_refused() =>
        Assert.Contains("multiples of 16", Assert.Single(new VaeOptions { InputSize = [128, 120, 128] }.Problems()));

    [Fact]
    public void The_discriminator_scores_patches_with_the_released_number_of_weights()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = new Discriminator([4, 8], generator);
        using var released = new Discriminator([32, 64, 128, 256], generator);

        Assert.Equal([2, 1, 2, 2, 2], network.forward(rand([2, 1, 16, 16, 16], generator: generator)).shape);
        Assert.Equal(2.77, Weights(released) / 1e6, tolerance: 0.005);
    }

    private static long Weights(nn.Module network) => network.parameters().Sum(parameter => parameter.numel());
}
