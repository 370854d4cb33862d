using MetSeg.Imaging;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using Xunit;

namespace MetSeg.Tests.Preprocessing;

public class PreprocessorTests
{
    private static readonly Phantom phantom = Phantom.On(Phantom.GridOf("RAS"));

    [Theory]
    [InlineData("RAS", 0)]
    [InlineData("LPS", 0)]
    [InlineData("SPL", 0)]
    [InlineData("ASR", 20)]
    public void A_label_map_comes_back_as_it_went_at_equal_spacing(string orientation, double degrees)
    {
        var scan = Phantom.On(Phantom.GridOf(orientation, degrees));

        var preprocessed = Preprocess(scan, TestPlans.Small);
        var back = Back(preprocessed);

        Assert.Equal(scan.Image.Grid, back.Grid);
        Assert.Equal("RAS", preprocessed.Label!.Grid.Orientation);
        Assert.Equal(scan.Label.Labels, back.Labels);
    }

    [Theory]
    [InlineData("RAS", 0)]
    [InlineData("LPS", 15)]
    public void A_label_map_keeps_its_shape_through_twice_as_coarse_voxels(string orientation, double degrees)
    {
        var scan = Phantom.On(Phantom.GridOf(orientation, degrees));

        var preprocessed = Preprocess(scan, TestPlans.Small with { Spacing = [2, 2, 2] });
        var back = Back(preprocessed);

        Assert.InRange(Dice(scan.Label, back), 0.85, 1);
        Assert.InRange(preprocessed.Geometry.Preprocessed.Spacing.X, 1.8, 2.2);
    }

    [Fact]
    public void What_reaches_the_edge_of_the_crop_comes_back_to_its_edge()
    {
        var preprocessed = Preprocess(phantom, TestPlans.Small with { Spacing = [2, 2, 2] });
        var (box, grid) = (preprocessed.Geometry.Crop, preprocessed.Geometry.Preprocessed);

        var everywhere = new Volume(grid, [.. Enumerable.Repeat(20f, grid.Size.Count)]);
        var back = Export(everywhere, preprocessed.Geometry);

        Assert.Equal(box.Size.Count, back.Segment().Labels.Labels.Count(label => label == 1));
        Assert.Equal(1, back.Probability(0)[box.X, box.Y, box.Z], tolerance: 1e-6f);
        Assert.Equal(0, back.Probability(0)[box.X - 1, box.Y, box.Z]);
    }

    [Fact]
    public void Every_orientation_gives_the_same_input()
    {
        var expected = Preprocess(phantom, TestPlans.Small);

        var flipped = Preprocess(Phantom.On(new Grid(new Size(24, 22, 26), new Affine(-1, 0, 0, 53, 0, -1, 0, 1, 0, 0, 1, 5))), TestPlans.Small);

        Assert.Equal(expected.Geometry.Preprocessed.Size, flipped.Geometry.Preprocessed.Size);
        Assert.Equal(expected.Channels[0].Voxels, flipped.Channels[0].Voxels);
        Assert.Equal(expected.ForegroundLocations[1], flipped.ForegroundLocations[1]);
    }

    [Fact]
    public void The_image_is_cropped_and_has_mean_0_and_deviation_1()
    {
        var image = Preprocess(phantom, TestPlans.Small).Channels[0];

        var mean = image.Voxels.Average(value => (double)value);
        Assert.True(image.Grid.Size.Count < phantom.Image.Grid.Size.Count / 2);
        Assert.Equal(0, mean, tolerance: 1e-5);
        Assert.Equal(1, image.Voxels.Average(value => (value - mean) * (value - mean)), tolerance: 1e-5);
    }

    [Fact]
    public void Within_the_mask_the_outside_is_0_and_is_recorded()
    {
        var masked = Preprocess(phantom, TestPlans.Small with { UseMaskForNormalization = [true] });

        var (image, inside) = (masked.Channels[0].Voxels, masked.Inside!.Labels);
        Assert.Contains((byte)0, inside);
        Assert.All(image.Where((_, i) => inside[i] == 0), value => Assert.Equal(0, value));
        Assert.Equal(0, image.Where((_, i) => inside[i] == 1).Average(value => (double)value), tolerance: 1e-5);
        Assert.Null(Preprocess(phantom, TestPlans.Small).Inside);
    }

    [Fact]
    public void Labels_outside_the_nonzero_region_count_as_inside()
    {
        byte[] labels = [.. phantom.Label.Labels];
        var corner = Preprocess(phantom, TestPlans.Small).Geometry.Crop;
        labels[phantom.Label.Grid.Size.Index(corner.X, corner.Y, corner.Z)] = 1;

        var masked = Preprocess(
            phantom with { Label = new LabelMap(phantom.Label.Grid, labels) }, TestPlans.Small with { UseMaskForNormalization = [true] });

        Assert.Equal(0, phantom.Image[corner.X, corner.Y, corner.Z]);
        Assert.Equal(1, masked.Inside![0, 0, 0]);
    }

    [Fact]
    public void A_negative_background_is_cropped_like_zero() => Assert.Equal(
        Preprocess(phantom, TestPlans.Small).Geometry.Crop,
        Preprocess(Phantom.On(phantom.Image.Grid, background: -0.7f), TestPlans.Small).Geometry.Crop);

    [Fact]
    public void The_coarsest_axis_becomes_the_tensors_first()
    {
        var plans = TestPlans.Small with { TransposeForward = [2, 0, 1], Spacing = [2, 1, 1] };

        var preprocessed = Preprocess(phantom, plans);

        // New x, y, z are the old y, z, x; and only the old x is resampled.
        Assert.Equal("ASR", preprocessed.Geometry.Preprocessed.Orientation);
        Assert.Equal([18, 18, 9], preprocessed.Channels[0].Grid.Size.ToArray());
        var back = Back(preprocessed);
        Assert.InRange(Dice(phantom.Label, back), 0.9, 1);
    }

    [Theory]
    [InlineData("SimpleITKIO", new[] { 0, 1, 2 }, "PIR")]
    [InlineData("SimpleITKIO", new[] { 1, 0, 2 }, "PRI")]
    [InlineData("NibabelIO", new[] { 0, 1, 2 }, "PIR")]
    [InlineData("NibabelIOWithReorient", new[] { 0, 1, 2 }, "RAS")]
    [InlineData("SimpleITKIOWithReorient", new[] { 0, 1, 2 }, "RAS")]
    public void An_image_is_turned_to_RAS_only_where_the_plans_reader_does(string reader, int[] transpose, string expected)
    {
        var grid = new Grid(new Size(8, 9, 10), new Affine(0, 0, 1, -20, -1, 0, 0, 24, 0, -1, 0, 22));
        var image = new Volume(grid, [.. Enumerable.Range(1, grid.Size.Count).Select(value => (float)value)]);
        var plans = TestPlans.Small with { ImageReader = reader, TransposeForward = transpose };

        var preprocessed = Preprocessor.Preprocess([image], null, plans);

        Assert.Equal("PIR", grid.Orientation);
        Assert.Equal(expected, preprocessed.Geometry.Preprocessed.Orientation);
        var restored = Export(preprocessed.Channels[0], preprocessed.Geometry).Probability(0);
        Assert.All(restored.Voxels.Zip(restored.Voxels.Skip(1)), pair => Assert.True(pair.First < pair.Second));     // as in the image
    }

    [Fact]
    public void All_foreground_voxels_are_listed_where_they_are_few()
    {
        var preprocessed = Preprocess(phantom, TestPlans.Small);

        var places = preprocessed.ForegroundLocations[1];
        Assert.Equal(preprocessed.Label!.Labels.Count(label => label == 1), places.Length);
        Assert.All(places, place => Assert.Equal(1, preprocessed.Label.Labels[place]));
    }

    [Fact]
    public void Ten_thousand_foreground_voxels_are_chosen_by_the_seed_where_they_are_many()
    {
        var grid = Grid.Axial(new Size(30, 30, 30), new Spacing(1, 1, 1));
        var image = new Volume(grid, [.. Enumerable.Range(1, grid.Size.Count).Select(value => (float)value)]);
        var label = new LabelMap(grid, [.. Enumerable.Range(0, grid.Size.Count).Select(i => (byte)(i % 2))]);
        int[] Places(long seed) => Preprocessor.Preprocess([image], label, TestPlans.Small, seed).ForegroundLocations[1];

        var places = Places(1);

        Assert.Equal(10_000, places.Distinct().Count());
        Assert.All(places, place => Assert.Equal(1, place % 2));
        Assert.InRange(places.Average(), 13_000, 14_000);
        Assert.Equal(places, Places(1));
        Assert.NotEqual(places, Places(2));
    }

    [Fact]
    public void A_scan_without_label_map_has_no_locations()
    {
        var preprocessed = Preprocessor.Preprocess([phantom.Image], label: null, TestPlans.Small);

        Assert.Null(preprocessed.Label);
        Assert.Empty(preprocessed.ForegroundLocations);
    }

    [Fact]
    public void Channels_and_labels_must_share_a_grid()
    {
        var elsewhere = Phantom.On(Phantom.GridOf("RAS", degrees: 3));
        var two = TestPlans.Small with { ChannelNames = ["T1", "T1CE"] };

        Assert.Throws<GridMismatchException>(() => Preprocessor.Preprocess([phantom.Image], elsewhere.Label, TestPlans.Small));
        Assert.Throws<GridMismatchException>(() => Preprocessor.Preprocess([phantom.Image, elsewhere.Image], null, two));
    }

    [Fact]
    public void Grids_that_differ_by_rounding_count_as_one()
    {
        var shifted = new Grid(phantom.Label.Grid.Size, new Affine(1, 0, 0, 0.05, 0, 1, 0, 0, 0, 0, 1, 0).After(phantom.Label.Grid.ToWorld));

        var preprocessed = Preprocessor.Preprocess([phantom.Image], new LabelMap(shifted, [.. phantom.Label.Labels]), TestPlans.Small);

        Assert.Equal(preprocessed.Channels[0].Grid, preprocessed.Label!.Grid);
        Assert.Equal(Preprocess(phantom, TestPlans.Small).Label!.Labels, preprocessed.Label.Labels);
    }

    [Fact]
    public void Plans_that_cannot_be_followed_are_refused()
    {
        MetSegException Refusal(Plans plans) => Assert.Throws<MetSegException>(() => Preprocess(phantom, plans));

        Assert.Contains("2 (T1, T1CE)", Refusal(TestPlans.Small with { ChannelNames = ["T1", "T1CE"] }).Message);
        Assert.Contains("coarser", Refusal(TestPlans.Small with { Spacing = [0.001, 0.001, 0.001] }).Message);
    }

    [Fact]
    public void A_real_scan_with_negative_background_is_cropped_to_its_brain_and_its_labels_come_back()
    {
        var folder = SharedData.PathOf("data/brats-sample/brats_2013_pat0001_1");
        var scan = new Phantom(
            NiftiReader.ReadVolume(Path.Combine(folder, "t1c.nii.gz")), NiftiReader.ReadLabelMap(Path.Combine(folder, "seg.nii.gz")));
        var brain = NiftiReader.ReadVolume(Path.Combine(folder, "mask.nii.gz"));

        var preprocessed = Preprocess(scan, TestPlans.Small);

        Assert.Equal(NonzeroRegion.Find([Orientation.ToRas(brain)]).Box, preprocessed.Geometry.Crop);
        var back = Back(preprocessed);
        Assert.True(scan.Label.Map(label => (byte)(label != 0 ? 1 : 0)).Labels.AsSpan().SequenceEqual(back.Labels.AsSpan()));
    }

    private static PreprocessedCase Preprocess(Phantom scan, Plans plans) => Preprocessor.Preprocess([scan.Image], scan.Label, plans);

    /// <summary>The labels, as a network would give them, on the scan's grid.</summary>
    private static LabelMap Back(PreprocessedCase one)
    {
        var label = one.Label!;
        return Export(new Volume(label.Grid, [.. label.Labels.Select(value => value == 0 ? -1f : 1f)]), one.Geometry).Segment().Labels;
    }

    /// <summary>The way back of one region's logits.</summary>
    private static LogitExport Export(Volume logits, CaseGeometry geometry) =>
        new(_ => logits.Voxels.AsSpan(), geometry, geometry.Preprocessed.Spacing, new LogitDecoding([1], hasRegions: true));

    private static double Dice(LabelMap a, LabelMap b)
    {
        var common = a.Labels.Where((label, i) => label == 1 && b.Labels[i] == 1).Count();
        return 2.0 * common / (a.Labels.Count(label => label == 1) + b.Labels.Count(label => label == 1));
    }
}
