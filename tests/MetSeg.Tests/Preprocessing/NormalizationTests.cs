using MetSeg.Preprocessing;
using Xunit;

namespace MetSeg.Tests.Preprocessing;

public class NormalizationTests
{
    private static readonly Grid row = Grid.Axial(new Size(4, 1, 1), new Spacing(1, 1, 1));
    private static readonly Volume ramp = new(row, [0, 2, 4, 6]);      // mean 3, population deviation √5

    [Fact]
    public void Z_score_takes_the_whole_image()
    {
        var scaled = Normalization.ZScoreNormalization.Apply(ramp, inside: null, intensities: null).Voxels;

        Assert.Equal(-3 / Math.Sqrt(5), scaled[0], tolerance: 1e-6);
        Assert.Equal(1 / Math.Sqrt(5), scaled[2], tolerance: 1e-6);
    }

    [Fact]
    public void Z_score_within_a_mask_leaves_the_rest_at_zero()
    {
        var scaled = Normalization.ZScoreNormalization.Apply(ramp, new LabelMap(row, [0, 1, 1, 0]), intensities: null).Voxels;

        Assert.Equal([0, -1, 1, 0], scaled);
    }

    [Fact]
    public void A_constant_image_or_an_empty_mask_becomes_zero()
    {
        Assert.All(Normalization.ZScoreNormalization.Apply(ramp.Map(_ => 7), null, null).Voxels, value => Assert.Equal(0, value));
        Assert.All(Normalization.RescaleTo01Normalization.Apply(ramp.Map(_ => 7), null, null).Voxels, value => Assert.Equal(0, value));
        Assert.All(Normalization.ZScoreNormalization.Apply(ramp, new LabelMap(row, new byte[4]), null).Voxels, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Ct_is_clipped_to_the_percentiles_and_standardized_by_the_data_set()
    {
        var intensities = new IntensityProperties(100, 3, 3, -100, Percentile005: 1, Percentile995: 5, StandardDeviation: 2);

        Assert.Equal([-1, -0.5f, 0.5f, 1], Normalization.CTNormalization.Apply(ramp, null, intensities).Voxels);
    }

    [Fact]
    public void Ct_needs_the_data_sets_intensities() =>
        Assert.Throws<ArgumentException>(() => Normalization.CTNormalization.Apply(ramp, null, intensities: null));

    [Fact]
    public void Rescaling_maps_the_range_to_0_1()
    {
        var scaled = Normalization.RescaleTo01Normalization.Apply(ramp.Map(value => value - 2), null, null).Voxels;

        Assert.Equal([0, 1 / 3f, 2 / 3f, 1], scaled);
    }

    [Fact]
    public void Rgb_is_divided_by_255_and_no_normalization_changes_nothing()
    {
        Assert.Equal(4 / 255f, Normalization.RGBTo01Normalization.Apply(ramp, null, null).Voxels[2]);
        Assert.Throws<ArgumentException>(() => Normalization.RGBTo01Normalization.Apply(ramp.Map(value => value - 1), null, null));
        Assert.Same(ramp, Normalization.NoNormalization.Apply(ramp, null, null));
    }

    [Theory]
    [InlineData("T1CE", Normalization.ZScoreNormalization)]
    [InlineData("zscore", Normalization.ZScoreNormalization)]
    [InlineData("CT", Normalization.CTNormalization)]
    [InlineData("noNorm", Normalization.NoNormalization)]
    [InlineData("rescale_to_0_1", Normalization.RescaleTo01Normalization)]
    [InlineData("RGB_to_0_1", Normalization.RGBTo01Normalization)]
    public void The_channels_name_chooses(string channel, Normalization expected) => Assert.Equal(expected, NormalizationRules.ForChannel(channel));
}
