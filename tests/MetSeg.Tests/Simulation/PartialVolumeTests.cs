using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

public class PartialVolumeTests
{
    [Fact]
    public void Averages_whole_voxels_and_shares_of_voxels()
    {
        // Along x two by two; along z slices of 1.5 voxels: (1 + 0.5·2)/1.5 and (0.5·2 + 3)/1.5 of the z values 0, 10, 20.
        var fine = new Volume(Grid.Axial(new Size(2, 1, 3), new Spacing(1, 1, 1)), [0, 2, 10, 12, 20, 22]);

        var coarse = PartialVolume.Average(fine, Grid.Axial(new Size(1, 1, 2), new Spacing(2, 1, 1.5)));

        Assert.Equal(1 + (0.5 * 10 / 1.5), coarse.Voxels[0], tolerance: 1e-5);
        Assert.Equal(1 + (((0.5 * 10) + 20) / 1.5), coarse.Voxels[1], tolerance: 1e-5);
    }

    [Fact]
    public void Keeps_a_constant_where_the_fine_grid_ends_early()
    {
        var fine = new Volume(Grid.Axial(new Size(3, 3, 3), new Spacing(1, 1, 1)), [.. Enumerable.Repeat(5f, 27)]);

        var coarse = PartialVolume.Average(fine, Grid.Axial(new Size(2, 2, 2), new Spacing(2, 2, 2)));

        Assert.All(coarse.Voxels, value => Assert.Equal(5, value, tolerance: 1e-5));
    }
}
