using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class LesionContrastTests
{
    private static readonly Grid line = Grid.Axial(new Size(15, 1, 1), new Spacing(1, 1, 1));

    [Fact]
    public void Defaults_are_three_millimeters_and_a_gap_of_one_voxel()
    {
        var options = new LesionContrastOptions();

        Assert.Equal((3, 1, 26), (options.ShellMm, options.GapVoxels, options.Connectivity));
        Assert.Empty(options.Problems());
    }

    /// <summary>Lesion at 7 and 8; gap at 6 and 9; shell at 4, 5, 10, 11 with 1, 3, 2, 2: mean 2, standard deviation √(2/3).</summary>
    [Fact]
    public void Hand_calculation_along_a_line()
    {
        float[] image = [9, 9, 9, 9, 1, 3, 50, 6, 10, 50, 2, 2, 9, 9, 9];

        var value = Assert.Single(Measure(image, 7, 8));

        Assert.Equal((1, 0.002, 4), (value.Lesion, value.VolumeCm3, value.ShellVoxels));
        Assert.Equal((8 - 2) / Math.Sqrt(2 / 3.0), value.ContrastToNoise, tolerance: 1e-12);
        Assert.Equal((10 - 2) / Math.Sqrt(2 / 3.0), value.PeakContrast, tolerance: 1e-12);
        Assert.Null(value.Undefined);
    }

    [Fact]
    public void Background_and_other_lesions_with_their_gap_are_no_shell()
    {
        float[] image = [1, 2, 3, 9, 8, 0, 4, 5, 9, 1, 7, 7, 7, 7, 7];

        var values = Measure(image, 3, 8);      // shell of 3: 0 and 1 (2, 4 gap; 5 background, 6 within reach); of 8: 5 is 0, 6, 10, 11

        Assert.Equal([3, 3], values.Select(value => value.ShellVoxels));
        Assert.Equal((9 - ((1 + 2 + 4) / 3.0)) / Deviation(1, 2, 4), values[0].ContrastToNoise, tolerance: 1e-12);
        Assert.Equal((9 - ((4 + 7 + 7) / 3.0)) / Deviation(4, 7, 7), values[1].ContrastToNoise, tolerance: 1e-12);
    }

    [Fact]
    public void A_brain_mask_replaces_the_nonzero_voxels()
    {
        float[] image = [-1, -1, 0, 1, 2, 3, 4, 20, 4, 3, 5, 1, 0, -1, -1];
        byte[] brain = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0];

        var value = Assert.Single(LesionContrast.Measure(new Volume(line, image), Mask(7), new LabelMap(line, brain)));

        Assert.Equal(2, value.ShellVoxels);
        Assert.Equal((20 - 4) / Math.Sqrt(2), value.ContrastToNoise, tolerance: 1e-12);
    }

    [Fact]
    public void Neither_scale_nor_offset_matters_within_a_given_brain()
    {
        var random = new Random(1);
        var (image, lesions) = Ball(random);
        var brain = lesions.Map(_ => 1);

        var here = LesionContrast.Measure(image, lesions, brain)[0];
        var there = LesionContrast.Measure(image.Map(value => (3 * value) - 70), lesions, brain)[0];

        Assert.Equal(here.ContrastToNoise, there.ContrastToNoise, tolerance: 1e-4 * here.ContrastToNoise);
        Assert.Equal(here.ShellVoxels, there.ShellVoxels);
    }

    /// <summary>In voxels of 1 × 2 × 3 mm the shell of one voxel holds what is within 3 mm, but not the 26 neighbors.</summary>
    [Fact]
    public void The_shell_is_measured_in_millimeters()
    {
        var lesion = Masks.Of((6, 4, 3));
        var image = new Volume(Masks.Grid, [.. Enumerable.Range(1, Masks.Grid.Size.Count).Select(i => (float)i)]);
        var expected = 0;
        for (var dx = -3; dx <= 3; dx++)
        {
            for (var dy = -1; dy <= 1; dy++)
            {
                expected += (dx * dx) + (4 * dy * dy) <= 9 && Math.Abs(dx) > 1 ? 1 : 0;
            }
        }

        Assert.Equal(expected, Assert.Single(LesionContrast.Measure(image, lesion)).ShellVoxels);
    }

    /// <summary>In voxels of 2 mm the 26 neighbors hold all within 3 mm: the shell is what lies within 4 mm, the two places along each axis.</summary>
    [Fact]
    public void Large_voxels_widen_the_shell()
    {
        var grid = Grid.Axial(new Size(7, 7, 7), new Spacing(2, 2, 2));
        var mask = new byte[343];
        mask[grid.Size.Index(3, 3, 3)] = 1;
        var image = new Volume(grid, [.. Enumerable.Range(1, 343).Select(i => (float)i)]);

        Assert.Equal(6, Assert.Single(LesionContrast.Measure(image, new LabelMap(grid, mask))).ShellVoxels);
    }

    [Theory]
    [InlineData(new[] { 0f, 0, 0, 0, 0, 0, 5, 9, 5, 0, 0, 0, 0, 0, 0 }, "empty")]
    [InlineData(new[] { 0f, 0, 0, 0, 0, 4, 5, 9, 5, 0, 0, 0, 0, 0, 0 }, "empty")]
    [InlineData(new[] { 4f, 4, 4, 4, 4, 4, 5, 9, 5, 4, 4, 4, 4, 4, 4 }, "constant")]
    [InlineData(new[] { 4f, 3, 4, 3, 4, 3, 5, float.NaN, 5, 4, 4, 3, 4, 4, 4 }, "finite")]
    public void What_is_undefined_has_a_reason(float[] image, string reason)
    {
        var value = Assert.Single(Measure(image, 7));

        Assert.Contains(reason, value.Undefined);
        Assert.True(double.IsNaN(value.ContrastToNoise) && double.IsNaN(value.PeakContrast));
    }

    [Fact]
    public void No_lesion_gives_no_value_and_a_dark_one_a_negative_value()
    {
        Assert.Empty(Measure([1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6]));
        Assert.True(Measure([5, 6, 5, 6, 5, 6, 4, 1, 4, 5, 6, 5, 6, 5, 6], 7)[0].ContrastToNoise < 0);
    }

    [Fact]
    public void Other_grids_and_senseless_options_are_refused()
    {
        var image = new Volume(line, new float[15]);
        var elsewhere = new LabelMap(Grid.Axial(line.Size, new Spacing(2, 1, 1)), new byte[15]);

        Assert.Throws<GridMismatchException>(() => LesionContrast.Measure(image, elsewhere));
        Assert.Throws<GridMismatchException>(() => LesionContrast.Measure(image, Mask(7), elsewhere));
        var message = Assert.Throws<OptionsException>(() => LesionContrast.Measure(
            image, Mask(7), null, new LesionContrastOptions { ShellMm = 0, GapVoxels = -1, Connectivity = 8 })).Message;
        Assert.All(["shellMm", "gapVoxels", "connectivity"], name => Assert.Contains(name, message));
    }

    [Fact]
    public void Smoothing_lowers_the_contrast_of_a_small_lesion()
    {
        var (image, lesions) = Ball(new Random(2));
        var smooth = MetSeg.Imaging.GaussianFilter.Smooth(image, 2);

        Assert.True(LesionContrast.Measure(smooth, lesions)[0].PeakContrast < LesionContrast.Measure(image, lesions)[0].PeakContrast);
    }

    private static IReadOnlyList<LesionContrastValue> Measure(float[] image, params int[] lesion) =>
        LesionContrast.Measure(new Volume(line, image), Mask(lesion));

    private static LabelMap Mask(params int[] lesion) => new(line, [.. Enumerable.Range(0, 15).Select(i => lesion.Contains(i) ? (byte)1 : (byte)0)]);

    private static double Deviation(params double[] values) =>
        Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));

    /// <summary>A bright ball of radius 2 voxels in noise.</summary>
    private static (Volume Image, LabelMap Lesions) Ball(Random random)
    {
        var grid = Grid.Axial(new Size(20, 20, 20), new Spacing(1, 1, 1));
        var (image, lesion) = (new float[8000], new byte[8000]);
        for (var i = 0; i < image.Length; i++)
        {
            var (x, y, z) = (i % 20, i / 20 % 20, i / 400);
            lesion[i] = ((x - 10) * (x - 10)) + ((y - 9) * (y - 9)) + ((z - 10) * (z - 10)) <= 4 ? (byte)1 : (byte)0;
            image[i] = (float)(100 + (20 * random.NextDouble()) + (80 * lesion[i]));
        }

        return (new Volume(grid, image), new LabelMap(grid, lesion));
    }
}
