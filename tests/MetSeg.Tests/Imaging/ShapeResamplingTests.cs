using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class ShapeResamplingTests
{
    private static readonly Spacing millimeter = new(1, 1, 1);

    [Fact]
    public void Twice_as_many_voxels_lie_at_quarters_and_the_ends_hold_their_value()
    {
        // Centers of 4 voxels on 2: -0.25, 0.25, 0.75, 1.25.
        var volume = new Volume(Grid.Axial(new Size(2, 1, 1), millimeter), [10, 20]);

        var finer = To(volume.Grid, 0.5, 1, 1).Apply(volume);

        Assert.Equal([10, 12.5f, 17.5f, 20], finer.Voxels);
        Assert.Equal(0.5, finer.Grid.Spacing.X, tolerance: 1e-12);
        Assert.Equal(-0.25, finer.Grid.ToWorld.Apply(0, 0, 0).X, tolerance: 1e-12);
    }

    [Fact]
    public void Half_as_many_voxels_average_pairs_along_every_axis()
    {
        var volume = new Volume(Grid.Axial(new Size(2, 2, 2), millimeter), [1, 2, 3, 4, 5, 6, 7, 8]);

        Assert.Equal(4.5f, Assert.Single(To(volume.Grid, 2, 2, 2).Apply(volume).Voxels));
    }

    [Fact]
    public void The_same_size_returns_the_same_image()
    {
        var volume = new Volume(Grid.Axial(new Size(2, 1, 1), millimeter), [10, 20]);

        Assert.Same(volume, To(volume.Grid, 1, 1, 1).Apply(volume));
    }

    [Fact]
    public void A_label_is_kept_where_its_share_reaches_a_half()
    {
        // Pairs: half label 1; half 1 and half 2, of which the higher is written last; nothing; all label 2.
        var map = new LabelMap(Grid.Axial(new Size(8, 1, 1), millimeter), [0, 1, 1, 2, 0, 0, 2, 2]);

        Assert.Equal([1, 2, 0, 2], To(map.Grid, 2, 1, 1).Apply(map).Labels);
    }

    [Fact]
    public void A_small_lesion_vanishes_only_below_half_a_voxel()
    {
        byte[] labels = new byte[64];
        (labels[21], labels[22], labels[25], labels[26]) = (1, 1, 1, 1);
        var map = new LabelMap(Grid.Axial(new Size(4, 4, 4), millimeter), labels);

        Assert.DoesNotContain((byte)1, To(map.Grid, 2, 2, 2).Apply(map).Labels);
        Assert.Equal(4, To(map.Grid, 1, 1, 2).Apply(map).Labels.Count(label => label == 1));
    }

    [Fact]
    public void A_coarse_axis_takes_the_nearest_slice()
    {
        var volume = new Volume(Grid.Axial(new Size(1, 1, 2), new Spacing(1, 1, 4)), [10, 20]);

        var finer = To(volume.Grid, 1, 1, 2).Apply(volume);

        Assert.Equal([10, 10, 20, 20], finer.Voxels);
    }

    [Theory]
    [InlineData(1, 1, 3, 1, 1, 1, null)]        // three times is not more than three times
    [InlineData(1, 1, 3.1, 1, 1, 1, 2)]
    [InlineData(4, 1, 1, 1, 1, 9, 0)]           // the present spacing decides before the wanted one
    [InlineData(1, 1, 1, 1, 5, 1, 1)]
    [InlineData(1, 4, 4, 1, 1, 1, null)]        // two axes tie
    public void One_axis_is_apart_where_it_alone_is_coarsest(double x, double y, double z, double toX, double toY, double toZ, int? axis) =>
        Assert.Equal(axis, ShapeResampling.SeparateAxis(new Spacing(x, y, z), new Spacing(toX, toY, toZ)));

    [Fact]
    public void More_voxels_than_fit_are_refused() => Assert.Contains(
        "coarser", Assert.Throws<MetSegException>(() => To(Grid.Axial(new Size(99, 99, 99), millimeter), 0.01, 0.01, 0.01)).Message);

    private static ShapeResampling To(Grid grid, double x, double y, double z) => new(grid, new Spacing(x, y, z));
}
