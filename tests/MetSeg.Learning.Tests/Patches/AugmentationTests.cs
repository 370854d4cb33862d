using MetSeg.Learning.Patches;
using MetSeg.Learning.Tensors;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Patches;

public class AugmentationTests
{
    private static readonly Augmentation identity = new([], 0, 0, 1, 1, 1, false);

    [Fact]
    public void Defaults_are_nnUNets()
    {
        var random = new RandomAugmentation();

        Assert.Equal((0.5, 0.1, 0.15), (random.Mirror, random.Noise, random.Brightness));
        Assert.Equal((0.15, 0.3, 0.1), (random.Contrast, random.Gamma, random.InvertedGamma));
        Assert.Empty(random.Problems());
        Assert.Contains("[0, 1]", Assert.Single(new RandomAugmentation { Noise = double.NaN }.Problems()));
    }

    [Fact]
    public void The_identity_leaves_every_value()
    {
        using var scope = NewDisposeScope();
        var image = Image();

        Assert.Equal(VolumeTensor.ToArray(image), VolumeTensor.ToArray(identity.ApplyToImage(image)));
        Assert.Equal(VolumeTensor.ToArray(image), VolumeTensor.ToArray(identity.ApplyToLabel(image)));
    }

    [Theory]
    [InlineData(new long[] { 1 })]
    [InlineData(new long[] { 2, 3 })]
    [InlineData(new long[] { 1, 2, 3 })]
    public void Mirroring_moves_image_and_label_alike(long[] axes)
    {
        using var scope = NewDisposeScope();
        var image = arange(0, 24, ScalarType.Float32).reshape(1, 2, 3, 4);
        var mirror = identity with { MirrorAxes = axes };

        var (turned, label) = (mirror.ApplyToImage(image), mirror.ApplyToLabel(image.to(ScalarType.Byte)));

        Assert.Equal(VolumeTensor.ToArray(turned), VolumeTensor.ToArray(label));
        Assert.NotEqual(VolumeTensor.ToArray(image), VolumeTensor.ToArray(turned));
        var (z, y, x) = (axes.Contains(1) ? 1 : 0, axes.Contains(2) ? 2 : 0, axes.Contains(3) ? 3 : 0);
        Assert.Equal((12 * z) + (4 * y) + x, turned[0, 0, 0, 0].item<float>());
    }

    [Fact]
    public void Brightness_is_a_factor()
    {
        using var scope = NewDisposeScope();
        var image = tensor(new[] { -2f, 0, 4 }, [1, 1, 1, 3]);

        Assert.Equal([-2.5f, 0f, 5f], VolumeTensor.ToArray((identity with { Brightness = 1.25 }).ApplyToImage(image)));
    }

    [Theory]
    [InlineData(0.75)]
    [InlineData(1.25)]
    public void Contrast_stretches_around_the_mean_and_keeps_the_range(double factor)
    {
        using var scope = NewDisposeScope();

        // Mean 0 in the first channel, 10 in the second: each has its own.
        var image = tensor(new[] { -4f, -1, 1, 4, 6, 9, 11, 14 }, [2, 1, 1, 4]);
        var changed = VolumeTensor.ToArray((identity with { Contrast = factor }).ApplyToImage(image));

        var outer = (float)Math.Min(4, 4 * factor);
        Assert.Equal([-outer, -(float)factor, (float)factor, outer], changed[..4]);
        Assert.Equal([10 - outer, 10 - (float)factor, 10 + (float)factor, 10 + outer], changed[4..]);
    }

    [Theory]
    [InlineData(0.7, false)]
    [InlineData(1.5, false)]
    [InlineData(1.5, true)]
    public void Gamma_bends_but_restores_mean_and_deviation(double gamma, bool inverted)
    {
        using var scope = NewDisposeScope();
        var image = Image();
        var changed = (identity with { Gamma = gamma, InvertForGamma = inverted }).ApplyToImage(image);

        for (var channel = 0; channel < 2; channel++)
        {
            Assert.Equal(image[channel].mean().item<float>(), changed[channel].mean().item<float>(), tolerance: 1e-4f);
            Assert.Equal(image[channel].std().item<float>(), changed[channel].std().item<float>(), tolerance: 1e-4f);
            Assert.Equal(VolumeTensor.ToArray(image[channel].flatten().argsort()), VolumeTensor.ToArray(changed[channel].flatten().argsort()));
        }

        Assert.False(changed.allclose(image, rtol: 1e-2));
    }

    [Fact]
    public void Gamma_of_the_inverted_image_bends_the_other_way()
    {
        using var scope = NewDisposeScope();
        var ramp = arange(0, 11, ScalarType.Float32).reshape(1, 1, 1, 11);
        var plain = (identity with { Gamma = 1.5 }).ApplyToImage(ramp);
        var inverted = (identity with { Gamma = 1.5, InvertForGamma = true }).ApplyToImage(ramp);

        // Convex: the middle lies below the mean of both ends. Concave: above it.
        Assert.True(plain[0, 0, 0, 5].item<float>() < ((plain[0, 0, 0, 0] + plain[0, 0, 0, 10]) / 2).item<float>());
        Assert.True(inverted[0, 0, 0, 5].item<float>() > ((inverted[0, 0, 0, 0] + inverted[0, 0, 0, 10]) / 2).item<float>());
    }

    [Fact]
    public void A_constant_image_stays_finite_and_constant()
    {
        using var scope = NewDisposeScope();
        var changed = VolumeTensor.ToArray(new Augmentation([1], 0, 0, 1, 1.25, 0.7, true).ApplyToImage(full([1, 3, 3, 3], 5f)));

        Assert.All(changed, value => Assert.Equal(5, value, tolerance: 1e-4f));
    }

    [Fact]
    public void Noise_has_its_deviation_and_is_replayed_from_its_seed()
    {
        using var scope = NewDisposeScope();
        float[] Noise(long seed) =>
            VolumeTensor.ToArray((identity with { NoiseDeviation = 0.1, NoiseSeed = seed }).ApplyToImage(zeros(1, 20, 20, 20)));

        Assert.Equal(0.1, Math.Sqrt(Noise(1).Average(value => value * value)), tolerance: 0.005);
        Assert.Equal(0, Noise(1).Average(), tolerance: 0.005f);
        Assert.Equal(Noise(1), Noise(1));
        Assert.NotEqual(Noise(1), Noise(2));
    }

    [Fact]
    public void A_replayed_augmentation_gives_the_same_bytes_and_leaves_its_input()
    {
        using var scope = NewDisposeScope();
        var image = Image();
        var before = VolumeTensor.ToArray(image);
        for (var seed = 0; seed < 20; seed++)
        {
            var change = new RandomAugmentation { Noise = 1, Contrast = 1, Brightness = 1, Gamma = 1 }.Sample(new Random(seed));
            Assert.Equal(VolumeTensor.ToArray(change.ApplyToImage(image)), VolumeTensor.ToArray(change.ApplyToImage(image)));
        }

        Assert.Equal(before, VolumeTensor.ToArray(image));
    }

    [Fact]
    public void Two_thousand_draws_follow_the_probabilities_and_ranges()
    {
        var random = new Random(1);
        var drawn = Enumerable.Range(0, 2000).Select(_ => new RandomAugmentation().Sample(random)).ToList();
        double Share(Func<Augmentation, bool> with) => drawn.Count(with) / 2000.0;

        // Four standard deviations of a share of 2,000 draws are at most 0.045.
        Assert.All(new long[] { 1, 2, 3 }, axis => Assert.Equal(0.5, Share(change => change.MirrorAxes.Contains(axis)), tolerance: 0.045));
        Assert.Equal(0.1, Share(change => change.NoiseDeviation > 0), tolerance: 0.027);
        Assert.Equal(0.15, Share(change => change.Brightness != 1), tolerance: 0.032);
        Assert.Equal(0.15, Share(change => change.Contrast != 1), tolerance: 0.032);
        Assert.Equal(0.1, Share(change => change.InvertForGamma), tolerance: 0.027);
        Assert.Equal(1 - (0.9 * 0.7), Share(change => change.Gamma != 1), tolerance: 0.044);
        Assert.All(drawn, change => Assert.InRange(change.NoiseDeviation, 0, 0.1));
        Assert.All(drawn, change => Assert.InRange(change.Brightness, 0.75, 1.25));
        Assert.All(drawn, change => Assert.InRange(change.Contrast, 0.75, 1.25));
        Assert.All(drawn, change => Assert.InRange(change.Gamma, 0.7, 1.5));
        Assert.Equal(0.5, drawn.Where(change => change.Gamma != 1).Average(change => change.Gamma < 1 ? 1.0 : 0.0), tolerance: 0.08);
    }

    private static Tensor Image()
    {
        using var generator = new Generator(1);
        return rand([2, 5, 6, 7], generator: generator) * 3;
    }
}
