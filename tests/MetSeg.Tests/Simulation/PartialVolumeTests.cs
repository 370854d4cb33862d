using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

public class PartialVolumeTests
{
    [Fact]
    public void Shares_count_whole_voxels_and_parts_of_voxels()
    {
        // Along x two by two; along z slices of 1.5 voxels: the third fine slice gives half of itself to the first coarse one.
        var fine = new LabelMap(Grid.Axial(new Size(2, 1, 3), new Spacing(1, 1, 1)), [0, 1, 1, 1, 0, 7]);

        var shares = PartialVolume.Shares(fine, Grid.Axial(new Size(1, 1, 2), new Spacing(2, 1, 1.5)));

        Assert.Equal((0.5 + (0.5 * 1)) / 1.5, shares[0], tolerance: 1e-5);
        Assert.Equal(((0.5 * 1) + 0.5) / 1.5, shares[1], tolerance: 1e-5);
        Assert.Equal(0.5 / 1.5, PartialVolume.Shares(fine, Grid.Axial(new Size(1, 1, 2), new Spacing(2, 1, 1.5)), 7, 7)[1], tolerance: 1e-5);
    }

    [Fact]
    public void Keeps_a_constant_where_the_fine_grid_ends_early()
    {
        var fine = new LabelMap(Grid.Axial(new Size(3, 3, 3), new Spacing(1, 1, 1)), [.. Enumerable.Repeat((byte)5, 27)]);

        Assert.All(PartialVolume.Shares(fine, Grid.Axial(new Size(2, 2, 2), new Spacing(2, 2, 2))), share => Assert.Equal(1, share, tolerance: 1e-5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.54)]
    public void The_point_spread_sums_to_one_and_rings_only_without_a_window(double window)
    {
        var weights = PointSpread.Weights(40, 20, 2, new Scanner { KSpaceWindow = window }, shift: 0)[10];

        Assert.Equal(1, weights.Weights.Sum(), tolerance: 1e-5);
        Assert.Equal(window == 1, weights.Weights.Min() < -0.02);
    }

    [Fact]
    public void A_shift_moves_the_point_spread()
    {
        var (still, moved) = (PointSpread.Weights(40, 20, 2, new Scanner(), 0)[10], PointSpread.Weights(40, 20, 2, new Scanner(), 1)[11]);

        Assert.Equal(still.First, moved.First);
        Assert.Equal(still.Weights, moved.Weights);
    }
}
