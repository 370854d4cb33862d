using MetSeg.Learning.Patches;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Patches;

public class TilesTests
{
    [Theory]
    [InlineData(110, 64, 0.5, new[] { 0, 23, 46 })]
    [InlineData(64, 64, 0.5, new[] { 0 })]
    [InlineData(40, 64, 0.5, new[] { 0 })]
    [InlineData(65, 64, 1.0, new[] { 0, 1 })]
    [InlineData(4, 1, 0.5, new[] { 0, 1, 2, 3 })]
    [InlineData(5, 2, 0.1, new[] { 0, 1, 2, 3 })]
    public void Starts_as_nnUNet_does(int length, int tile, double step, int[] expected) =>
        Assert.Equal(expected, Tiles.Starts(length, tile, step));

    [Fact]
    public void Weights_peak_at_the_center_and_are_never_zero()
    {
        using var scope = NewDisposeScope();
        var weights = Tiles.GaussianWeights([16, 8, 4]);

        Assert.Equal(1, weights[0, 0, 8, 4, 2].item<float>());
        Assert.Equal(Math.Exp(-0.5), weights[0, 0, 10, 4, 2].item<float>(), tolerance: 1e-6);
        Assert.True(weights.min().item<float>() > 0);
    }

    [Fact]
    public void A_tile_that_reaches_beyond_the_image_goes_on_with_the_value_at_its_edge()
    {
        var size = new Size(3, 2, 1);
        System.Collections.Immutable.ImmutableArray<int> voxels = [1, 2, 3, 4, 5, 6];

        Assert.Equal([2, 3, 3, 5, 6, 6], Tiles.Cut(voxels, size, (0, 0, 1), [1, 2, 3]));
        Assert.Equal([1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2], Tiles.Cut(voxels, size, (-1, -1, -1), [2, 2, 3]));
    }
}
