using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class GaussianFilterTests
{
    [Fact]
    public void Spreads_an_impulse_as_the_sampled_kernel_along_each_axis()
    {
        // sigma of 1 voxel: exp(-x²/2) at -4..4 sums to 2.5066207; center 0.398943, neighbor 0.241971 of it.
        var smoothed = GaussianFilter.Smooth(Impulse(new Spacing(2, 3, 4)), 2, 3, 4);

        Assert.Equal(0.3989435 * 0.3989435 * 0.3989435, smoothed[10, 10, 10], tolerance: 1e-6);
        Assert.Equal(0.2419714 * 0.3989435 * 0.3989435, smoothed[11, 10, 10], tolerance: 1e-6);
        Assert.Equal(0.2419714 * 0.3989435 * 0.3989435, smoothed[10, 9, 10], tolerance: 1e-6);
        Assert.Equal(0.2419714 * 0.3989435 * 0.3989435, smoothed[10, 10, 11], tolerance: 1e-6);
        Assert.Equal(1, smoothed.Voxels.Sum(), tolerance: 1e-5);
    }

    [Fact]
    public void Smooths_one_axis_alone_when_the_others_have_width_zero()
    {
        var smoothed = GaussianFilter.Smooth(Impulse(new Spacing(1, 1, 1)), 0, 0, 2);

        Assert.Equal(0, smoothed[11, 10, 10]);
        Assert.Equal(0, smoothed[10, 9, 10]);
        Assert.True(smoothed[10, 10, 12] > 0.1);
    }

    [Fact]
    public void Repeats_the_edge_so_that_a_constant_stays_constant()
    {
        var constant = new Volume(Grid.Axial(new Size(3, 5, 2), new Spacing(1, 1, 1)), [.. Enumerable.Repeat(7f, 30)]);

        Assert.All(GaussianFilter.Smooth(constant, 3).Voxels, value => Assert.Equal(7, value, tolerance: 1e-5));
    }

    [Fact]
    public void Width_zero_changes_nothing() =>
        Assert.Equal(Impulse(new Spacing(1, 1, 1)).Voxels, GaussianFilter.Smooth(Impulse(new Spacing(1, 1, 1)), 0).Voxels);

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Refuses_a_width_that_is_negative_or_undefined(double sigmaMm) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianFilter.Smooth(Impulse(new Spacing(1, 1, 1)), sigmaMm));

    private static Volume Impulse(Spacing spacing)
    {
        var size = new Size(21, 21, 21);
        var voxels = new float[size.Count];
        voxels[size.Index(10, 10, 10)] = 1;
        return new Volume(Grid.Axial(size, spacing), voxels);
    }
}
