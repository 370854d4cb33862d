using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class ResamplerTests
{
    [Fact]
    public void Doubling_the_voxels_keeps_the_corners()
    {
        var source = Row(0, 4, 8);

        var grid = Resampler.Resize(source.Grid, new Size(6, 1, 1));
        var result = Resampler.Resample(source, grid);

        // Positions -0.25, 0.25, 0.75, 1.25, 1.75, 2.25; the first and last take the edge.
        Assert.Equal([0, 1, 3, 5, 7, 8], result.Voxels);
        Assert.Equal(0.5, grid.Spacing.X);
        Assert.Equal(-0.25, grid.ToWorld[0, 3]);
    }

    [Fact]
    public void Halving_takes_the_middle_of_two_voxels()
    {
        var source = Row(0, 4, 8, 100);

        Assert.Equal([2, 54], Resampler.Resample(source, Resampler.Resize(source.Grid, new Size(2, 1, 1))).Voxels);
    }

    [Fact]
    public void Beyond_half_a_voxel_is_outside()
    {
        var source = Row(5, 6);
        var grid = new Grid(new Size(7, 1, 1), Affine.Scaling(new Spacing(0.5, 1, 1), originX: -1));

        Assert.Equal([-9, 5, 5, 5.5f, 6, 6, -9], Resampler.Resample(source, grid, outside: -9).Voxels);
        Assert.Equal([-9, 5, 5, 6, 6, 6, -9], Resampler.Resample(source, grid, Interpolation.Nearest, outside: -9).Voxels);
    }

    [Fact]
    public void Labels_are_never_mixed_and_background_lies_outside()
    {
        var labels = new LabelMap(Grid.Axial(new Size(2, 1, 1), new Spacing(1, 1, 1)), [3, 7]);
        var grid = new Grid(new Size(7, 1, 1), Affine.Scaling(new Spacing(0.5, 1, 1), originX: -1));

        Assert.Equal(new byte[] { 0, 3, 3, 7, 7, 7, 0 }, Resampler.Resample(labels, grid).Labels);
    }

    [Fact]
    public void Axes_in_another_order_change_nothing()
    {
        var source = Noise(Grid.Axial(new Size(4, 5, 6), new Spacing(1, 2, 3)));
        var grid = Resampler.Regrid(source.Grid, new Spacing(1.3, 1.3, 1.3));
        var direct = Resampler.Resample(source, grid);

        var turned = Resampler.Resample(Orientation.To(source, "IPL"), Orientation.To(grid, "ASL"));

        AssertClose(direct.Voxels.AsSpan(), Orientation.ToRas(turned).Voxels.AsSpan());
    }

    [Fact]
    public void An_equal_grid_gives_the_same_instance()
    {
        var source = Row(1, 2);

        Assert.Same(source, Resampler.Resample(source, Grid.Axial(new Size(2, 1, 1), new Spacing(1, 1, 1))));
    }

    [Fact]
    public void Neighbors_without_weight_play_no_part()
    {
        var source = Row(float.NaN, 1, float.PositiveInfinity, 2);
        var grid = new Grid(new Size(4, 1, 1), new Affine(1, 0, 0, 1e-9, 0, 1, 0, 0, 0, 0, 1, 0));

        Assert.Equal([float.NaN, 1, float.PositiveInfinity, 2], Resampler.Resample(source, grid).Voxels);
    }

    [Fact]
    public void Linear_functions_of_the_world_survive_any_rotation()
    {
        var random = new Random(3);
        for (var round = 0; round < 30; round++)
        {
            var target = RandomGrid.Create(random);
            var source = Grid.Axial(new Size(40, 40, 40), new Spacing(1, 1, 1));
            target = new Grid(target.Size, Affine.Scaling(new Spacing(1, 1, 1), 20, 20, 20).After(Centered(target)));
            float Value(double x, double y, double z) => (float)((2 * x) - (3 * y) + (0.5 * z) + 1);

            var result = Resampler.Resample(Sample(source, Value), target);

            AssertClose(Sample(target, Value).Voxels.AsSpan(), result.Voxels.AsSpan(), 1e-4f);
        }
    }

    [Theory]
    [InlineData(5, 1.0, 2.0, 2)] // 2.5 goes to the even side
    [InlineData(7, 1.0, 2.0, 4)] // so does 3.5
    [InlineData(3, 1.0, 10.0, 1)] // at least one
    [InlineData(240, 0.9, 1.0, 216)]
    public void Regrid_counts_voxels_as_nnU_Net_does(int size, double spacing, double newSpacing, int expected)
    {
        var grid = Resampler.Regrid(Grid.Axial(new Size(size, 1, 1), new Spacing(spacing, 1, 1)), new Spacing(newSpacing, 1, 1));

        Assert.Equal(expected, grid.Size.X);
        Assert.Equal(size * spacing / expected, grid.Spacing.X, tolerance: 1e-12);
    }

    [Fact]
    public void A_cubic_spline_passes_through_the_voxels_and_keeps_constants()
    {
        var source = Noise(Grid.Axial(new Size(6, 5, 4), new Spacing(1, 1, 1)));
        var turned = new Grid(new Size(4, 4, 3), new Affine(0.9, 0.1, 0, 0.5, -0.1, 0.9, 0.05, 0.6, 0, -0.05, 0.8, 0.3));

        var shifted = new Grid(new Size(3, 3, 2), Affine.Scaling(new Spacing(2, 2, 2)));
        var constant = source.Map(_ => 7);

        var result = Resampler.Resample(source, shifted, Interpolation.Cubic);
        Assert.Equal(source[4, 2, 2], result[2, 1, 1], 1e-6f);
        Assert.Equal(source[0, 4, 0], result[0, 2, 0], 1e-6f);
        Assert.All(Resampler.Resample(constant, turned, Interpolation.Cubic).Voxels, value => Assert.Equal(7, value));
    }

    [Fact]
    public void A_cubic_spline_oversteps_no_value_of_the_source_and_knows_its_outside()
    {
        var edge = Row(0, 0, 0, 0, 10, 10, 10, 10);
        var grid = new Grid(new Size(40, 1, 1), Affine.Scaling(new Spacing(0.25, 1, 1), originX: -1));

        var result = Resampler.Resample(edge, grid, Interpolation.Cubic, outside: -9);

        Assert.Equal([-9, -9], result.Voxels[..2]);
        Assert.All(result.Voxels[2..34], value => Assert.InRange(value, 0, 10));
        Assert.Equal(-9, result.Voxels[^1]);
        Assert.Equal(5, result[18, 0, 0], 1e-5f);
    }

    [Fact]
    public void Turned_and_parallel_grids_give_the_same_spline()
    {
        var source = Noise(Grid.Axial(new Size(9, 8, 7), new Spacing(1, 1, 1)));
        var parallel = Resampler.Regrid(source.Grid, new Spacing(0.7, 1.4, 0.9));
        double[] rows = parallel.ToWorld.ToArray();
        rows[1] = 1e-5;     // turned, by less than matters
        rows[6] = 1e-5;

        AssertClose(
            Resampler.Resample(source, parallel, Interpolation.Cubic).Voxels.AsSpan(),
            Resampler.Resample(source, new Grid(parallel.Size, new Affine(rows)), Interpolation.Cubic).Voxels.AsSpan(),
            2e-4f);
    }

    [Fact]
    public void Smoothing_first_leaves_no_false_pattern()
    {
        // Stripes of two voxels each, sampled every third: 0, 1, 1, 0, 0, 1 … without smoothing; flat with it.
        var stripes = new Volume(Grid.Axial(new Size(60, 1, 1), new Spacing(1, 1, 1)), [.. Enumerable.Range(0, 60).Select(x => (float)(x / 2 % 2))]);
        var coarse = Resampler.Resize(stripes.Grid, new Size(12, 1, 1));

        double Contrast(Volume volume) => volume.Voxels[2..^2].Max() - volume.Voxels[2..^2].Min();

        Assert.True(Contrast(Resampler.Resample(stripes, coarse)) > 0.9);
        Assert.True(Contrast(Resampler.Resample(stripes, coarse, antiAliasing: true)) < 0.1);
    }

    private static Volume Row(params float[] values) => new(Grid.Axial(new Size(values.Length, 1, 1), new Spacing(1, 1, 1)), values);

    private static Volume Noise(Grid grid)
    {
        var random = new Random(1);
        return new Volume(grid, [.. Enumerable.Range(0, grid.Size.Count).Select(_ => (float)random.NextDouble())]);
    }

    private static Volume Sample(Grid grid, Func<double, double, double, float> function)
    {
        var values = new float[grid.Size.Count];
        for (var (i, size) = (0, grid.Size); i < values.Length; i++)
        {
            var (x, y, z) = grid.ToWorld.Apply(i % size.X, i / size.X % size.Y, i / size.X / size.Y);
            values[i] = function(x, y, z);
        }

        return new Volume(grid, values);
    }

    /// <summary>The grid's affine with its first voxel at the world's origin; at most four steps of 5 mm away from it, once halved.</summary>
    private static Affine Centered(Grid grid)
    {
        var rows = grid.ToWorld.ToArray();
        (rows[3], rows[7], rows[11]) = (0, 0, 0);
        return new Affine(Array.ConvertAll(rows, value => value / 4));
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance = 2e-6f)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
