using MetSeg.Files;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Inference;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Tensors;
using MetSeg.Learning.Training;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Harmonization;

public sealed class TransferTests : IDisposable
{
    private static readonly int[] patch = [8, 8, 8];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<TransferMode, LatentForm> Ways => new(
        from mode in Enum.GetValues<TransferMode>() from form in Enum.GetValues<LatentForm>() select (mode, form));

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_way_gives_the_same_each_time_and_leaves_the_background_alone(TransferMode mode, LatentForm form)
    {
        using var harmonizer = Train(mode, form);
        var ball = ToyCases.Ball(50).Channels[0];
        var cut = new Volume(ball.Grid, [.. ball.Voxels.Select((value, i) => i % ball.Grid.Size.X < 4 ? -9f : value)]);

        var harmonized = harmonizer.Apply(cut);

        Assert.Same(cut.Grid, harmonized.Grid);
        Assert.Equal(harmonized.Voxels, harmonizer.Apply(cut).Voxels);
        Assert.All(cut.Voxels.Zip(harmonized.Voxels).Where(pair => pair.First == -9), pair => Assert.Equal(-9, pair.Second));
        Assert.True(cut.Voxels.Zip(harmonized.Voxels).Count(pair => pair.First != -9 && pair.First == pair.Second) < 5);
        LiveTensors.AssertNoneLeftBy(() => harmonizer.Apply(cut));
    }

    [Theory]
    [InlineData(TransferMode.Residual)]
    [InlineData(TransferMode.Patches)]
    public void A_constant_volume_stays_as_it_is(TransferMode mode)
    {
        using var harmonizer = Train(mode, LatentForm.Vector);
        var constant = ToyCases.Ball(1).Channels[0].Map(_ => 3);

        Assert.Equal(constant.Voxels, harmonizer.Apply(constant).Voxels);
    }

    [Fact]
    public void Residual_transfer_keeps_the_detail_that_resizing_loses()
    {
        using var whole = Train(TransferMode.Volume, LatentForm.Vector);
        using var residual = Train(TransferMode.Residual, LatentForm.Vector);
        var noise = new Random(1);
        var fine = Checkerboard(new Size(32, 32, 32)).Map(value => value + (0.01f * noise.NextSingle()));   // no value is so frequent as to be background

        Assert.InRange(Contrast(residual.Apply(fine)), 0.95, 1.05);
        Assert.InRange(Contrast(whole.Apply(fine)), -0.3, 0.3);
    }

    [Fact]
    public void Residual_transfer_adds_the_enlarged_change()
    {
        var volume = Checkerboard(new Size(16, 16, 16)).Map(value => 3 + value);
        var (input, frame) = IntensityFrame.Enter(volume, patch, IntensityRange.Original);

        var raised = frame.AddChange(volume, input, input.Map(value => value + 0.5f));

        // The scan's range is from 2 to 4, so a half in [−1, 1] is a half of it.
        Assert.All(volume.Voxels.Zip(raised.Voxels), pair => Assert.Equal(pair.First + 0.5, pair.Second, tolerance: 1e-5));
    }

    [Theory]
    [InlineData(IntensityRange.Resized)]
    [InlineData(IntensityRange.Percentiles)]
    public void A_scan_at_its_own_resolution_leaves_the_unit_range_as_it_entered(IntensityRange range)
    {
        var volume = ToyCases.Ball(3).Channels[0];
        var (_, frame) = IntensityFrame.Enter(volume, patch, range);
        var unit = frame.ToUnit(volume);

        Assert.Equal((-1, 1), (unit.Voxels.Min(), unit.Voxels.Max()));
        Assert.All(volume.Voxels.Zip(frame.FromUnit(unit, volume).Voxels), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5f));
    }

    [Theory]
    [InlineData(LatentForm.Vector)]
    [InlineData(LatentForm.Spatial)]
    public void Patches_are_blended_as_a_sliding_window_does(LatentForm form)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(3);
        using var vae = new HarmonizationVae(Options(TransferMode.Patches, form).Vae, generator);
        vae.eval();
        var volume = Noise(new Size(14, 11, 9));
        var code = vae.Encode(VolumeTensor.FromVolumes([Noise(new Size(8, 8, 8))]));
        Tensor Network(Tensor image)
        {
            var joined = PatchCode.Join(vae.Encode(image), code);
            return vae.Decode(joined.Mean, joined.Skips);
        }

        var window = SlidingWindow.Run(VolumeTensor.FromVolumes([volume]), Network, patch, new SlidingWindowOptions { Mirroring = false }, CancellationToken.None);
        var blended = PatchTransfer.Reconstruct(vae, volume, code, patch);

        Assert.All(VolumeTensor.ToArray(window).Zip(blended.Voxels), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-4f));
    }

    [Theory]
    [InlineData(LatentForm.Vector)]
    [InlineData(LatentForm.Spatial)]
    public void A_patch_has_the_look_of_its_whole_scan_and_skips_of_its_own(LatentForm form)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var vae = new HarmonizationVae(Options(TransferMode.Patches, form).Vae, generator);
        vae.eval();
        Tensor[] images = [randn([2, 1, 8, 8, 8], generator: generator), randn([2, 1, 8, 8, 8], generator: generator)];

        var code = PatchCode.Encode(vae, cat([images[0], images[1]], 1));
        var (own, whole) = (vae.Encode(images[0]), vae.Encode(images[1]));

        Assert.True(code.Skips[0].allclose(own.Skips[0], atol: 1e-6));
        if (form == LatentForm.Vector)
        {
            Assert.True(code.Mean.allclose(whole.Mean, atol: 1e-5));
            return;
        }

        var (length, vector) = (code.Mean.shape[1], code.Vector());
        Assert.True(vector.narrow(1, 0, length).allclose(whole.Vector().narrow(1, 0, length), atol: 1e-5));
        Assert.True(vector.narrow(1, length, length).allclose(own.Vector().narrow(1, length, length), atol: 1e-5));
    }

    [Fact]
    public void Patches_are_learnt_from_beside_their_whole_scans()
    {
        using var generator = new Generator(1);
        using var task = new HarmonizationTask(Options(TransferMode.Patches, LatentForm.Vector), NativeSamples(), [], (CPU, generator));

        using var batch = task.NextBatch(new Random(1));

        Assert.Equal([4, 2, 8, 8, 8], batch.Image.shape);
        Assert.True(double.IsFinite(task.Loss(0, batch).Total.item<float>()));
        Assert.False(batch.Image.select(1, 0).allclose(batch.Image.select(1, 1)));
    }

    [Fact]
    public void A_drawn_patch_is_cut_from_the_scan_with_its_lesions()
    {
        using var scope = NewDisposeScope();
        var sample = NativeSamples()[0] with { Lesions = ToyCases.Ball(0).Label };

        var drawn = DrawnSample.Of(sample, asksForLesions: true, new Random(5));

        var (image, lesions) = (VolumeTensor.ToArray(drawn.Image[0, 0]), VolumeTensor.ToArray(drawn.Lesions!));
        Assert.All(image, value => Assert.Contains(value, sample.Native!.Voxels));
        Assert.Contains(1, lesions);
        Assert.True(image.Zip(lesions).Where(pair => pair.Second == 1).Average(pair => pair.First) > image.Average() + 0.3);
    }

    [Fact]
    public void A_sampled_code_is_for_whole_volumes_alone() => Assert.Contains(
        "sampleInUse", Assert.Single((VaeMmdOptions.Released with { Transfer = TransferMode.Residual }).Problems()));

    private static VaeMmdOptions Options(TransferMode mode, LatentForm form) => ToyCases.Harmonization with
    {
        Vae = new VaeOptions { InputSize = patch, Features = [4, 8], Latent = 3, LatentForm = form }, Transfer = mode,
    };

    private static List<HarmonizationSample> NativeSamples() =>
        [.. Enumerable.Range(0, 4).Select(i =>
        {
            var (input, frame) = IntensityFrame.Enter(ToyCases.Ball(i, i % 2).Channels[0], patch);
            return new HarmonizationSample(i % 2, input) { Native = frame.ToUnit(ToyCases.Ball(i, i % 2).Channels[0]) };
        })];

    private VaeHarmonizer Train(TransferMode mode, LatentForm form)
    {
        var place = folder.At($"{mode}{form}");
        Directory.CreateDirectory(place);
        var options = Options(mode, form);
        using var generator = new Generator(11);
        using var task = new HarmonizationTask(options, mode == TransferMode.Patches ? NativeSamples() : ToyCases.Samples(4), [], (CPU, generator));
        new Trainer(task, new TrainerOptions { Epochs = 1, StepsPerEpoch = 3 }, place, null).Run();
        JsonFile.Write(Path.Combine(place, HarmonizerCard.FileName), new HarmonizerCard(options, 1, 3, 1, ["a", "b"], [], [], "none"), JsonFile.OwnStyle);
        return VaeHarmonizer.Load(place, Checkpoint.Best, CPU);
    }

    /// <summary>1 and −1 by turns.</summary>
    private static Volume Checkerboard(Size size) => new(
        Grid.Axial(size, new Spacing(1, 1, 1)), [.. Enumerable.Range(0, size.Count).Select(i => Sign(i, size))]);

    private static float Sign(int i, Size size) => (((i % size.X) + (i / size.X % size.Y) + (i / (size.X * size.Y))) & 1) == 0 ? 1 : -1;

    /// <summary>How much of the checkerboard a volume shows: 1 for all of it.</summary>
    private static double Contrast(Volume volume) => volume.Voxels.Select((value, i) => value * Sign(i, volume.Grid.Size)).Average();

    private static Volume Noise(Size size)
    {
        var random = new Random(size.X);
        return new Volume(Grid.Axial(size, new Spacing(1, 1, 1)), [.. Enumerable.Range(0, size.Count).Select(_ => (float)((2 * random.NextDouble()) - 1))]);
    }
}
