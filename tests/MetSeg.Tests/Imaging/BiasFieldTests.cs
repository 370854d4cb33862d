using MetSeg.Imaging;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class BiasFieldTests
{
    private static readonly Grid headGrid = Grid.Axial(new Size(80, 96, 64), new Spacing(2, 2, 2));
    private static readonly BiasedPhantom head = new(headGrid);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Finds_a_field_of_40_percent(bool giveMask)
    {
        var field = Estimate(head.Image, giveMask ? head.Mask : null);

        Assert.InRange(BiasedPhantom.Correlation(field.ToVolume(), head.Field, head.Mask), 0.98, 1);
        var before = BiasedPhantom.Variation(head.Image, head.Tissues, 3);
        var after = BiasedPhantom.Variation(field.Correct(head.Image), head.Tissues, 3);
        Assert.True(after < before / 4, $"variation in white matter {before:0.000}, then {after:0.000}");
    }

    [Theory]
    [InlineData(96, 96, 24, 1.0, 1.0, 6.0)]
    [InlineData(100, 90, 5, 0.9, 0.9, 5.0)]
    [InlineData(120, 110, 1, 1.0, 1.0, 4.0)]
    public void Works_on_thick_slices_thin_slabs_and_single_slices(int x, int y, int z, double spacingX, double spacingY, double spacingZ)
    {
        var slab = new BiasedPhantom(Grid.Axial(new Size(x, y, z), new Spacing(spacingX, spacingY, spacingZ)));

        var field = Estimate(slab.Image, slab.Mask);

        Assert.InRange(BiasedPhantom.Correlation(field.ToVolume(), slab.Field, slab.Mask), 0.95, 1);
    }

    [Fact]
    public void An_image_without_field_stays_nearly_as_it_is()
    {
        var even = new BiasedPhantom(headGrid, amplitude: 0);

        var field = Estimate(even.Image, even.Mask).ToVolume();

        Assert.InRange(BiasedPhantom.Variation(field, even.Mask, 1), 0, 0.02);
    }

    [Fact]
    public void The_field_has_mean_1_within_the_mask_and_the_image_is_divided_by_it()
    {
        var field = Estimate(head.Image, head.Mask);
        var (values, corrected) = (field.ToVolume(), field.Correct(head.Image));

        Assert.Equal(1, values.Voxels.Where((_, i) => head.Mask.Labels[i] != 0).Average(value => (double)value), tolerance: 1e-6);
        Assert.All(Enumerable.Range(0, 1000).Select(i => i * 491 % headGrid.Size.Count), i =>
            Assert.Equal(head.Image.Voxels[i] / values.Voxels[i], corrected.Voxels[i], tolerance: 1e-3f));
    }

    [Fact]
    public void The_unit_of_the_intensities_does_not_matter()
    {
        var thousandfold = Estimate(head.Image.Map(value => value * 1024), head.Mask).ToVolume();

        Assert.InRange(BiasedPhantom.Correlation(Estimate(head.Image, head.Mask).ToVolume(), thousandfold, head.Mask), 0.9999, 1);
    }

    [Fact]
    public void The_same_image_gives_the_same_bytes() =>
        Assert.True(Estimate(head.Image).ToVolume().Voxels.AsSpan().SequenceEqual(Estimate(head.Image).ToVolume().Voxels.AsSpan()));

    [Fact]
    public void A_constant_image_has_the_field_1()
    {
        var constant = BiasedPhantom.Fill(headGrid, _ => 7);

        var field = Estimate(constant);

        Assert.DoesNotContain(field.ToVolume().Voxels, value => value != 1);
        Assert.True(constant.Voxels.AsSpan().SequenceEqual(field.Correct(constant).Voxels.AsSpan()));
    }

    [Fact]
    public void Voxels_that_have_no_logarithm_play_no_part()
    {
        var spoiled = head.Image.Voxels.ToArray();
        for (var i = 0; i < spoiled.Length; i += 7)
        {
            spoiled[i] = (i % 4) switch { 0 => 0, 1 => -5, 2 => float.NaN, _ => float.PositiveInfinity };
        }

        var field = Estimate(new Volume(headGrid, spoiled), head.Mask).ToVolume();

        Assert.InRange(BiasedPhantom.Correlation(field, head.Field, head.Mask), 0.98, 1);
    }

    [Fact]
    public void A_single_voxel_is_enough_and_none_is_refused_in_one_line()
    {
        var one = new byte[headGrid.Size.Count];
        one[headGrid.Size.Index(40, 48, 20)] = 1;

        Assert.Equal(1, Estimate(head.Image, new LabelMap(headGrid, one)).ToVolume()[40, 48, 20], tolerance: 1e-6);
        var empty = Assert.Throws<MetSegException>(() => Estimate(head.Image, new LabelMap(headGrid, new byte[one.Length])));
        Assert.DoesNotContain('\n', empty.Message);
        Assert.Throws<MetSegException>(() => Estimate(head.Image.Map(value => -value), head.Mask));
    }

    [Fact]
    public void Other_grids_and_impossible_options_are_refused()
    {
        var elsewhere = new Volume(Grid.Axial(headGrid.Size, new Spacing(2, 2, 3)), [.. head.Image.Voxels]);

        Assert.Throws<GridMismatchException>(() => Estimate(elsewhere, head.Mask));
        Assert.Throws<GridMismatchException>(() => Estimate(head.Image).Correct(elsewhere));
        Assert.Throws<OptionsException>(() => Estimate(head.Image, options: new BiasFieldOptions { Levels = 0 }));
    }

    [Fact]
    public void Progress_reaches_its_total_and_cancellation_stops_it()
    {
        using var source = new CancellationTokenSource();
        var reports = new List<Progress>();
        BiasField.Estimate(head.Image, progress: new Listener(reports.Add), cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(reports[^1].Total, reports[^1].Done);
        Assert.Equal(reports.Select(report => report.Done).Order(), reports.Select(report => report.Done));
        Assert.Throws<OperationCanceledException>(() =>
            BiasField.Estimate(head.Image, progress: new Listener(_ => source.Cancel()), cancellation: source.Token));
    }

    /// <summary>The head has a field of its own, so it is estimated with and without one more: the ratio is the one more.</summary>
    [Fact]
    public void Recovers_a_known_field_on_a_real_head()
    {
        var whole = NiftiReader.ReadVolume(SharedData.PathOf("data/heads/mr_gd_skullstripped.nii.gz"));
        var image = Resampler.Resample(whole, Resampler.Regrid(whole.Grid, new Spacing(2, 2, 2)), Interpolation.Nearest);
        var (size, mask) = (image.Grid.Size, Foreground.FindNonzero(image));
        var known = BiasedPhantom.Fill(image.Grid, i =>
        {
            var (x, y, z) = (2f * (i % size.X) / size.X, 2f * (i / size.X % size.Y) / size.Y, 2f * (i / size.X / size.Y) / size.Z);
            return 1 + (0.4f * MathF.Sin(1.5f * (x + y - z - 1)) * MathF.Cos(y - 1));
        });
        var own = Estimate(image, mask).ToVolume();

        var both = Estimate(BiasedPhantom.Fill(image.Grid, i => image.Voxels[i] * known.Voxels[i]), mask).ToVolume();

        var recovered = BiasedPhantom.Fill(image.Grid, i => both.Voxels[i] / own.Voxels[i]);
        Assert.InRange(BiasedPhantom.Correlation(recovered, known, mask), 0.99, 1);
        Assert.InRange(BiasedPhantom.Variation(BiasedPhantom.Fill(image.Grid, i => recovered.Voxels[i] / known.Voxels[i]), mask, 1), 0, 0.02);
    }

    private static BiasField Estimate(Volume image, LabelMap? mask = null, BiasFieldOptions? options = null) =>
        BiasField.Estimate(image, mask, options, cancellation: TestContext.Current.CancellationToken);

    private sealed class Listener(Action<Progress> listen) : IProgress<Progress>
    {
        public void Report(Progress value) => listen(value);
    }
}
