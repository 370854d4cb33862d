using Xunit;

namespace MetSeg.Tests;

public class GridTests
{
    [Fact]
    public void Spacing_is_the_length_of_the_columns()
    {
        var grid = new Grid(new Size(2, 3, 4), new Affine(0, -2, 0, 5, 3, 0, 0, 6, 0, 0, 0.5, 7));

        Assert.Equal(new Spacing(3, 2, 0.5), grid.Spacing);
        Assert.Equal("ALS", grid.Orientation);
    }

    [Fact]
    public void Inverse_undoes_the_map()
    {
        var affine = new Affine(0.9, 0.1, -0.2, 5, -0.1, 1.1, 0.05, -6, 0.2, 0, 2, 7);

        var (x, y, z) = affine.After(affine.Inverse()).Apply(1, 2, 3);

        Assert.Equal(1, x, tolerance: 1e-12);
        Assert.Equal(2, y, tolerance: 1e-12);
        Assert.Equal(3, z, tolerance: 1e-12);
    }

    [Fact]
    public void Grids_differ_when_a_far_corner_moves_beyond_the_tolerance()
    {
        var grid = Grid.Axial(new Size(100, 100, 100), new Spacing(1, 1, 1));

        Assert.True(grid.IsSameAs(Grid.Axial(grid.Size, new Spacing(1 + 1e-6, 1, 1))));
        Assert.False(grid.IsSameAs(Grid.Axial(grid.Size, new Spacing(1.001, 1, 1))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Spacing_must_be_positive_and_finite(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Spacing(1, value, 1));
}
