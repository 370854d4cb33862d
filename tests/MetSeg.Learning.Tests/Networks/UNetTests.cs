using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using MetSeg.Preprocessing;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Networks;

public class UNetTests
{
    private static readonly UNetOptions small = new()
    {
        Classes = 3,
        Features = [4, 8, 16],
        Strides = [[1, 1, 1], [1, 2, 2], [2, 2, 2]],
        Kernels = [[1, 3, 3], [3, 3, 3], [3, 3, 3]],
    };

    [Fact]
    public void Defaults_are_nnUNets()
    {
        var options = new UNetOptions();

        Assert.Equal([32, 64, 128, 256, 320, 320], options.Features);
        Assert.Equal((NetworkArchitecture.PlainConvUNet, 2, 2), (options.Architecture, options.BlocksOf(3), options.ConvolutionsOf(0)));
        Assert.Equal([1, 3, 4, 6, 6, 6], Enumerable.Range(0, 6).Select((options with { Architecture = NetworkArchitecture.ResidualEncoderUNet }).BlocksOf));
        Assert.Empty(options.Problems());
    }

    [Fact]
    public void The_default_network_has_as_many_weights_as_nnUNets()
    {
        using var generator = new Generator(1);
        using var network = new UNet(new UNetOptions(), generator);

        // Counted by hand from nnU-Net's PlainConvUNet with 6 stages, 1 channel, 2 classes, heads at all 5 levels.
        int[] features = [32, 64, 128, 256, 320, 320];
        long Conv(long from, long to) => (27 * from * to) + to + (2 * to);
        var encoder = features.Select((f, s) => Conv(s == 0 ? 1 : features[s - 1], f) + Conv(f, f)).Sum();
        var decoder = Enumerable.Range(0, 5).Sum(s => (8L * features[s + 1] * features[s]) + features[s] + Conv(2 * features[s], features[s])
            + Conv(features[s], features[s]) + (2 * features[s]) + 2);
        Assert.Equal(encoder + decoder, network.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Weights_have_nnU_Nets_names_and_each_one_name()
    {
        using var generator = new Generator(1);
        using var plain = new UNet(small, generator);
        using var residual = new UNet(small with { Architecture = NetworkArchitecture.ResidualEncoderUNet, EncoderBlocks = [1, 2, 2] }, generator);

        var (names, residualNames) = (plain.state_dict().Keys, residual.state_dict().Keys);

        Assert.Equal(plain.parameters().Count(), names.Count);
        Assert.All(
            new[] { "encoder.stages.1.0.convs.1.conv.weight", "decoder.transpconvs.0.bias", "decoder.stages.1.convs.0.norm.weight", "decoder.seg_layers.1.weight" },
            name => Assert.Contains(name, names));
        Assert.Equal(residual.parameters().Count(), residualNames.Count);
        Assert.All(
            new[] { "encoder.stem.convs.0.conv.weight", "encoder.stages.2.blocks.1.conv2.norm.bias", "encoder.stages.1.blocks.0.skip.1.conv.weight" },
            name => Assert.Contains(name, residualNames));
        Assert.DoesNotContain("encoder.stages.1.blocks.0.skip.1.conv.bias", residualNames);
    }

    [Fact]
    public void Keeps_the_size_and_gives_every_level_highest_first()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = new UNet(small, generator);
        var input = rand([2, 1, 6, 8, 12], generator: generator);

        var levels = network.ForwardAllLevels(input);

        Assert.Equal([2, 3, 6, 8, 12], network.forward(input).shape);
        Assert.Equal([2, 3, 6, 8, 12], levels[0].shape);
        Assert.Equal([2, 3, 6, 4, 6], levels[1].shape);
        Assert.True(levels[0].allclose(network.forward(input)));
    }

    [Fact]
    public void Deep_supervision_teaches_every_weight_but_the_lowest_head()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = new UNet(small, generator);
        var levels = network.ForwardAllLevels(rand([2, 1, 4, 8, 8], generator: generator));

        DeepSupervision.Compute(
            levels, ones([2, 1, 4, 8, 8], ScalarType.Int64), (logits, target) => DiceCrossEntropy.Compute(logits, target)).backward();

        var untaught = network.named_parameters().Where(pair => pair.parameter.grad is null).Select(pair => pair.name);
        Assert.Equal(["decoder.seg_layers.0.bias", "decoder.seg_layers.0.weight"], untaught.Order());
    }

    [Fact]
    public void Cases_of_a_batch_do_not_mix()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = new UNet(small, generator);
        var input = rand([2, 1, 4, 8, 8], generator: generator);

        Assert.True(network.forward(input).narrow(0, 1, 1).allclose(network.forward(input.narrow(0, 1, 1)), rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void The_generator_alone_decides_the_weights()
    {
        using var scope = NewDisposeScope();
        Tensor First(ulong seed)
        {
            using var generator = new Generator(seed);
            return new UNet(small, generator).parameters().First().detach().clone();
        }

        Assert.True(First(3).equal(First(3)).all().item<bool>());
        Assert.False(First(3).equal(First(4)).all().item<bool>());
    }

    [Fact]
    public void Options_that_cannot_work_are_named()
    {
        using var generator = new Generator(1);

        var error = Assert.Throws<OptionsException>(() => new UNet(new UNetOptions { Classes = 0, Features = [4] }, generator));

        Assert.Contains("1 output", error.Message);
        Assert.Contains("stages", error.Message);
    }
}
