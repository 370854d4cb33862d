using MetSeg.Learning.Patches;
using MetSeg.Learning.Tensors;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Patches;

public class AugmentationTests
{
    private static readonly Augmentation identity = new(null, 0, 0, [ChannelAugmentation.Identity, ChannelAugmentation.Identity], []);

    /// <summary>An augmentation that changes every channel's intensities alike.</summary>
    private static Augmentation Intensities(ChannelAugmentation change, int channels = 1) => identity with { Channels = [.. Enumerable.Repeat(change, channels)] };

    [Fact]
    public void Defaults_are_nnUNets()
    {
        var random = new RandomAugmentation();

        Assert.Equal((0.2, 0.2, 0.5), (random.Rotation, random.Scaling, random.Mirror));
        Assert.Equal((0.1, 0.2, 0.15), (random.Noise, random.Blur, random.Brightness));
        Assert.Equal((0.15, 0.25, 0.1, 0.3), (random.Contrast, random.LowResolution, random.InvertedGamma, random.Gamma));
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

        Assert.Equal([-2.5f, 0f, 5f], VolumeTensor.ToArray(Intensities(new() { Brightness = 1.25 }).ApplyToImage(image)));
    }

    [Theory]
    [InlineData(0.75)]
    [InlineData(1.25)]
    public void Contrast_stretches_around_the_mean_and_keeps_the_range(double factor)
    {
        using var scope = NewDisposeScope();

        // Mean 0 in the first channel, 10 in the second: each has its own.
        var image = tensor(new[] { -4f, -1, 1, 4, 6, 9, 11, 14 }, [2, 1, 1, 4]);
        var changed = VolumeTensor.ToArray(Intensities(new() { Contrast = factor }, 2).ApplyToImage(image));

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
        var changed = Intensities(inverted ? new() { InvertedGamma = gamma } : new() { Gamma = gamma }, 2).ApplyToImage(image);

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
        var plain = Intensities(new() { Gamma = 1.5 }).ApplyToImage(ramp);
        var inverted = Intensities(new() { InvertedGamma = 1.5 }).ApplyToImage(ramp);

        // Convex: the middle lies below the mean of both ends. Concave: above it.
        Assert.True(plain[0, 0, 0, 5].item<float>() < ((plain[0, 0, 0, 0] + plain[0, 0, 0, 10]) / 2).item<float>());
        Assert.True(inverted[0, 0, 0, 5].item<float>() > ((inverted[0, 0, 0, 0] + inverted[0, 0, 0, 10]) / 2).item<float>());
    }

    [Fact]
    public void A_constant_image_stays_finite_and_constant()
    {
        using var scope = NewDisposeScope();
        var changed = VolumeTensor.ToArray(new Augmentation(
            null, 0, 0, [new() { Blur = (1, 1, 1), Contrast = 1.25, LowResolution = 0.5, InvertedGamma = 0.7, Gamma = 1.3 }], [1]).ApplyToImage(full([1, 3, 3, 3], 5f)));

        Assert.All(changed, value => Assert.Equal(5, value, tolerance: 1e-4f));
    }

    [Fact]
    public void Noise_has_its_deviation_and_is_replayed_from_its_seed()
    {
        using var scope = NewDisposeScope();
        float[] Noise(long seed) =>
            VolumeTensor.ToArray((Intensities(new()) with { NoiseDeviation = 0.1, NoiseSeed = seed }).ApplyToImage(zeros(1, 20, 20, 20)));

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
            var change = new RandomAugmentation { Noise = 1, Blur = 1, Contrast = 1, Brightness = 1, LowResolution = 1, InvertedGamma = 1, Gamma = 1 }.Sample(new Random(seed), 2);
            Assert.Equal(VolumeTensor.ToArray(change.ApplyToImage(image)), VolumeTensor.ToArray(change.ApplyToImage(image)));
        }

        Assert.Equal(before, VolumeTensor.ToArray(image));
    }

    [Fact]
    public void Two_thousand_draws_follow_the_probabilities_and_ranges()
    {
        var random = new Random(1);
        var drawn = Enumerable.Range(0, 2000).Select(_ => new RandomAugmentation().Sample(random, channels: 1)).ToList();
        double Share(Func<Augmentation, bool> with) => drawn.Count(with) / 2000.0;
        double ShareOf(Func<ChannelAugmentation, bool> with) => drawn.Count(change => with(change.Channels[0])) / 2000.0;

        // Four standard deviations of a share of 2,000 draws are at most 0.045.
        Assert.All(new long[] { 1, 2, 3 }, axis => Assert.Equal(0.5, Share(change => change.MirrorAxes.Contains(axis)), tolerance: 0.045));
        Assert.Equal(0.2, Share(change => change.Spatial is { AngleX: not 0, AngleY: not 0, AngleZ: not 0 }), tolerance: 0.036);
        Assert.Equal(0.2, Share(change => change.Spatial is { Scale: not 1 }), tolerance: 0.036);
        Assert.Equal(0.36, Share(change => change.Spatial is not null), tolerance: 0.043);
        Assert.Equal(0.1, Share(change => change.NoiseDeviation > 0), tolerance: 0.027);
        Assert.Equal(0.1, ShareOf(change => change.Blur is not null), tolerance: 0.027);
        Assert.Equal(0.15, ShareOf(change => change.Brightness != 1), tolerance: 0.032);
        Assert.Equal(0.15, ShareOf(change => change.Contrast != 1), tolerance: 0.032);
        Assert.Equal(0.125, ShareOf(change => change.LowResolution != 1), tolerance: 0.03);
        Assert.Equal(0.1, ShareOf(change => change.InvertedGamma != 1), tolerance: 0.027);
        Assert.Equal(0.3, ShareOf(change => change.Gamma != 1), tolerance: 0.041);
        Assert.All(drawn, change => Assert.InRange(change.NoiseDeviation, 0, 0.1));
        Assert.All(drawn.Select(change => change.Channels[0]), change =>
        {
            Assert.InRange(change.Brightness, 0.75, 1.25);
            Assert.InRange(change.Contrast, 0.75, 1.25);
            Assert.InRange(change.Gamma, 0.7, 1.5);
            Assert.InRange(change.LowResolution, 0.5, 1);
            Assert.InRange(change.Blur?.X ?? 0.5, 0.5, 1);
        });
        Assert.All(drawn.Where(change => change.Spatial is not null), change =>
        {
            Assert.InRange(Math.Abs(change.Spatial!.AngleX), 0, Math.PI / 6);
            Assert.InRange(change.Spatial.Scale, 0.7, 1.4);
            Assert.Equal(change.Spatial.Scale, change.Spatial.ScaleZ);
        });
        Assert.Equal(0.5, drawn.Where(change => change.Channels[0].Gamma != 1).Average(change => change.Channels[0].Gamma < 1 ? 1.0 : 0.0), tolerance: 0.09);
    }

    [Fact]
    public void Thick_slices_are_turned_and_scaled_in_their_plane_alone()
    {
        var random = new Random(1);
        var drawn = Enumerable.Range(0, 200).Select(_ => new RandomAugmentation { Rotation = 1, Scaling = 1 }.Sample(random, 1, planeAngle: 180).Spatial!).ToList();

        Assert.All(drawn, change => Assert.Equal((0, 0, 1), (change.AngleX, change.AngleY, change.ScaleZ)));
        Assert.Contains(drawn, change => Math.Abs(change.AngleZ) > Math.PI / 2);
        Assert.Contains(drawn, change => change.Scale > 1.2);
    }

    [Fact]
    public void Channels_are_blurred_each_by_its_own_chance()
    {
        var random = new Random(1);
        var drawn = Enumerable.Range(0, 400).Select(_ => new RandomAugmentation { Blur = 1 }.Sample(random, channels: 2)).ToList();

        Assert.Equal(0.25, drawn.Count(change => change.Channels.All(channel => channel.Blur is not null)) / 400.0, tolerance: 0.087);
        Assert.Equal(0.25, drawn.Count(change => change.Channels.All(channel => channel.Blur is null)) / 400.0, tolerance: 0.087);
    }

    [Fact]
    public void Blur_is_a_gaussian_and_keeps_the_sum()
    {
        using var scope = NewDisposeScope();
        var impulse = zeros(1, 11, 11, 11);
        impulse[0, 5, 5, 5] = 1;

        var blurred = Intensities(new() { Blur = (0.5, 1, 0.7) }).ApplyToImage(impulse);

        Assert.Equal(1, blurred.sum().item<float>(), tolerance: 1e-5f);
        Assert.Equal(Math.Exp(-0.5), (blurred[0, 5, 6, 5] / blurred[0, 5, 5, 5]).item<float>(), tolerance: 1e-5);
        Assert.Equal(Math.Exp(-2), (blurred[0, 6, 5, 5] / blurred[0, 5, 5, 5]).item<float>(), tolerance: 1e-5);
    }

    [Fact]
    public void A_lower_resolution_keeps_a_ramp_and_loses_stripes()
    {
        using var scope = NewDisposeScope();
        var ramp = arange(0, 16, ScalarType.Float32).reshape(1, 1, 1, 16).expand(1, 8, 8, 16);
        var stripes = (arange(0, 16) % 2).to(ScalarType.Float32).reshape(1, 1, 1, 16).expand(1, 8, 8, 16);
        var half = Intensities(new() { LowResolution = 0.5 });

        // Voxels 1, 3, 5 … are taken and lie at 0.5, 2.5, 4.5 … afterwards.
        var changed = VolumeTensor.ToArray(half.ApplyToImage(ramp)[0, 0, 0]);
        Assert.Equal([3, 3.5f, 4.5f, 5.5f], [(changed[2] + changed[3]) / 2, changed[3], changed[4], changed[5]]);
        Assert.All(VolumeTensor.ToArray(half.ApplyToImage(stripes)), value => Assert.Equal(1, value, tolerance: 1e-6f));
    }

    private static Tensor Image()
    {
        using var generator = new Generator(1);
        return rand([2, 5, 6, 7], generator: generator) * 3;
    }
}
