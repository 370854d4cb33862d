using MetSeg.Learning.Patches;
using MetSeg.Learning.Tensors;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Patches;

/// <summary>What patches hold besides image and label: masks, unlabelled voxels, slices and the first stage of a cascade.</summary>
public class PatchContentTests
{
    private static readonly Size size = new(9, 8, 7);
    private static readonly Grid grid = Grid.Axial(size, new Spacing(1, 1, 1));
    private static readonly RandomAugmentation strong = new() { Noise = 1, Brightness = 1, Rotation = 1, Scaling = 1, Mirror = 0.5 };

    [Fact]
    public void Outside_the_mask_masked_channels_stay_zero_whatever_is_done_to_the_patch()
    {
        var label = Labels(i => i % size.X < 4 ? TrainingCase.Outside : (byte)1);
        var image = Image(i => i % size.X < 4 ? 0 : 5);
        var masked = new TrainingCase("m", 0, [image, image], label, new Dictionary<int, IReadOnlyList<int>>()) { MaskedChannels = [true, false] };
        var sampler = new PatchSampler(new CaseCache(_ => masked, 1, long.MaxValue), new PatchOptions { PatchSize = [8, 8, 12], BatchSize = 2 }, strong);
        var zeros = 0L;
        for (var seed = 0; seed < 6; seed++)
        {
            using var scope = NewDisposeScope();
            using var batch = sampler.Sample(new Random(seed));
            var outside = batch.Label!.eq(0);

            Assert.InRange(batch.Label.max().item<long>(), 0, 1);
            Assert.Equal(0, batch.Image.narrow(1, 0, 1).masked_select(outside).count_nonzero().item<long>());
            Assert.NotEqual(0, batch.Image.narrow(1, 1, 1).masked_select(outside).count_nonzero().item<long>());
            zeros += outside.sum().item<long>();
        }

        Assert.NotEqual(0, zeros);
    }

    [Fact]
    public void Where_voxels_are_ignored_free_patches_are_centered_on_labelled_ones()
    {
        var voxel = size.Index(6, 5, 2);
        var sparse = new TrainingCase("s", 0, [Image(i => i == voxel ? 1 : 0)], Labels(_ => 2), new Dictionary<int, IReadOnlyList<int>> { [0] = [voxel] });
        var sampler = new PatchSampler(new CaseCache(_ => sparse, 1, long.MaxValue), new PatchOptions { PatchSize = [3, 3, 3], BatchSize = 3 }, augmentation: null);

        using var batch = sampler.Sample(new Random(1));

        Assert.Equal(3, batch.Image.sum().item<float>());
        Assert.Equal([1, 1, 1], VolumeTensor.ToArray(batch.Image[0, 0, 1, 1, 1].reshape(1)).Concat(VolumeTensor.ToArray(batch.Image[.., 0, 1, 1, 1])).Skip(1));
    }

    [Fact]
    public void Patches_of_slices_hold_one_whole_slice_each_and_turn_in_their_plane()
    {
        var numbered = new TrainingCase("n", 0, [Image(i => i / (size.X * size.Y))], Labels(_ => 0), new Dictionary<int, IReadOnlyList<int>>());
        var options = new PatchOptions { PatchSize = [1, 8, 8], BatchSize = 2 };
        var slices = new HashSet<float>();
        for (var seed = 0; seed < 40; seed++)
        {
            using var batch = new PatchSampler(new CaseCache(_ => numbered, 1, long.MaxValue), options, new RandomAugmentation
            {
                Noise = 0, Blur = 0, Brightness = 0, Contrast = 0, LowResolution = 0, Gamma = 0, InvertedGamma = 0, Rotation = 1, Scaling = 0,
            }).Sample(new Random(seed));
            var center = VolumeTensor.ToArray(batch.Image[.., 0, 0, 3, 3]);
            slices.UnionWith(center.Select(value => MathF.Round(value, 3)));
        }

        Assert.Equal([0, 1, 2, 3, 4, 5, 6], slices.Order());
    }

    [Theory]
    [InlineData(new[] { 1, 320, 256 }, 180, new[] { 1, 376, 376 })]
    [InlineData(new[] { 1, 512, 256 }, 15, new[] { 1, 659, 301 })]
    [InlineData(new[] { 28, 192, 256 }, 180, new[] { 28, 301, 301 })]
    public void Long_slices_are_turned_by_15_degrees_only(int[] patch, double angle, int[] initial)
    {
        Assert.Equal(angle, InitialPatch.PlaneAngle(patch));
        Assert.Equal(initial, InitialPatch.For(patch));
    }

    [Fact]
    public void A_cascades_first_stage_becomes_channels_that_move_with_the_image()
    {
        byte LabelOf(int i) => (byte)(i % 3);
        var cascade = new TrainingCase("c", 0, [Image(i => 100 + LabelOf(i))], Labels(_ => 0), new Dictionary<int, IReadOnlyList<int>>()) { Previous = Labels(LabelOf) };
        var options = new PatchOptions { PatchSize = [4, 4, 4], BatchSize = 2, PreviousClasses = 2 };
        var mirrored = new RandomAugmentation
        {
            Noise = 0, Blur = 0, Brightness = 0, Contrast = 0, LowResolution = 0, Gamma = 0, InvertedGamma = 0, Rotation = 0, Scaling = 0, Mirror = 0.5,
            PreviousStage = new PreviousStageNoise { Morphology = 0, Removal = 0 },
        };
        for (var seed = 0; seed < 8; seed++)
        {
            using var scope = NewDisposeScope();
            using var batch = new PatchSampler(new CaseCache(_ => cascade, 1, long.MaxValue), options, mirrored).Sample(new Random(seed));

            Assert.Equal([2, 3, 4, 4, 4], batch.Image.shape);
            var expected = batch.Image.narrow(1, 0, 1);
            Assert.Equal(VolumeTensor.ToArray(expected.eq(101)), VolumeTensor.ToArray(batch.Image.narrow(1, 1, 1)));
            Assert.Equal(VolumeTensor.ToArray(expected.eq(102)), VolumeTensor.ToArray(batch.Image.narrow(1, 2, 1)));
        }
    }

    [Fact]
    public void Noise_on_the_first_stage_changes_its_classes_keeps_them_apart_and_repeats()
    {
        var cube = new Size(20, 20, 20);
        byte[] Ball() => [.. Enumerable.Range(0, cube.Count).Select(i =>
            Math.Pow((i % 20) - 9, 2) + Math.Pow((i / 20 % 20) - 9, 2) + Math.Pow((i / 400) - 9, 2) is var d && d < 16 ? (byte)2 : d < 36 ? (byte)1 : (byte)0)];
        var always = new PreviousStageNoise { Morphology = 1, Removal = 0 };
        var changed = 0;
        for (var seed = 0; seed < 12; seed++)
        {
            var (first, second) = (Ball(), Ball());
            always.Apply(first, cube, 2, new Random(seed));
            always.Apply(second, cube, 2, new Random(seed));

            Assert.Equal(first, second);
            Assert.All(first, label => Assert.InRange(label, 0, 2));
            changed += first.SequenceEqual(Ball()) ? 0 : 1;
        }

        Assert.InRange(changed, 6, 12);
    }

    [Fact]
    public void Only_small_components_of_the_first_stage_are_removed()
    {
        var line = new Size(10, 1, 1);
        var removal = new PreviousStageNoise { Morphology = 0, Removal = 1 };
        var results = new HashSet<string>();
        for (var seed = 0; seed < 30; seed++)
        {
            byte[] labels = [1, 0, 1, 1, 1, 0, 0, 1, 0, 0];
            removal.Apply(labels, line, 1, new Random(seed));
            results.Add(string.Join("", labels));
        }

        // One voxel of ten is less than 15 %, three are not; each label takes part half of the time.
        Assert.Equal(["0011100100", "1011100000", "1011100100"], results.Order(StringComparer.Ordinal));
    }

    private static Volume Image(Func<int, float> value) => new(grid, [.. Enumerable.Range(0, size.Count).Select(value)]);

    private static LabelMap Labels(Func<int, byte> value) => new(grid, [.. Enumerable.Range(0, size.Count).Select(value)]);
}
