using MetSeg.Learning.Inference;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Inference;

public class SlidingWindowTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_network_that_looks_at_one_voxel_gives_the_same_tiled_or_whole(bool mirroring)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var image = rand([1, 2, 9, 13, 5], generator: generator);
        Tensor Network(Tensor tile) => cat([tile.sum(1, keepdim: true), tile.narrow(1, 0, 1) * 3], 1);

        var tiled = SlidingWindow.Run(image, Network, [4, 6, 8], new SlidingWindowOptions { Mirroring = mirroring }, CancellationToken.None);

        Assert.Equal([1, 2, 9, 13, 5], tiled.shape);
        Assert.True(tiled.allclose(Network(image), rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void Mirroring_averages_a_network_that_prefers_one_side()
    {
        using var scope = NewDisposeScope();
        var ramp = arange(0, 4, ScalarType.Float32).reshape(1, 1, 1, 1, 4).expand(1, 1, 2, 2, 4);

        var averaged = SlidingWindow.Run(zeros([1, 1, 2, 2, 4]), tile => ramp.expand([tile.shape[0], 1, 2, 2, 4]), [2, 2, 4], new SlidingWindowOptions(), CancellationToken.None);

        Assert.True(averaged.allclose(full_like(averaged, 1.5)));
    }

    [Theory]
    [InlineData(MirroringAxes.All, 8)]
    [InlineData(MirroringAxes.First | MirroringAxes.Third, 4)]
    [InlineData(MirroringAxes.Second, 2)]
    [InlineData(MirroringAxes.None, 1)]
    public void Only_the_models_axes_are_mirrored(MirroringAxes axes, int passes)
    {
        // Voxel (z, y, x) holds 4z + 2y + x; the network adds what it sees in its first corner, so each flip shows another corner.
        using var scope = NewDisposeScope();
        var image = arange(0, 8, ScalarType.Float32).reshape(1, 1, 2, 2, 2);
        var corners = new HashSet<float>();
        Tensor Network(Tensor tiles)
        {
            corners.UnionWith(tiles[TensorIndex.Colon, 0, 0, 0, 0].data<float>().ToArray());
            return tiles;
        }

        SlidingWindow.Run(image, Network, [2, 2, 2], new SlidingWindowOptions { Axes = axes }, CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 8).Where(corner => (corner & ~Reversed((int)axes)) == 0).Select(corner => (float)corner), corners.Order());
        Assert.Equal(passes, corners.Count);
    }

    [Fact]
    public void Slices_are_seen_one_by_one_each_once_from_either_side()
    {
        using var scope = NewDisposeScope();
        var image = arange(0, 5 * 4 * 4, ScalarType.Float32).reshape(1, 1, 5, 4, 4);
        var firsts = new List<float>();
        Tensor Network(Tensor tiles)
        {
            Assert.Equal([1, 1, 4, 4], tiles.shape[1..]);
            firsts.AddRange(tiles.amin([1, 2, 3, 4]).data<float>().ToArray());
            return tiles * 2;
        }

        var logits = SlidingWindow.Run(image, Network, [1, 4, 4], new SlidingWindowOptions { Axes = MirroringAxes.Third }, CancellationToken.None);

        Assert.True(logits.allclose(image * 2));
        Assert.Equal([0, 0, 16, 16, 32, 32, 48, 48, 64, 64], firsts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tiles_of_one_value_are_passed_over_and_become_background(bool hasRegions)
    {
        // Eight tiles of 4 along x at 0, 2, …; the second channel is 7 everywhere, the first differs at x = 9 alone, in the tiles at 6 and 8.
        using var scope = NewDisposeScope();
        var image = cat([zeros([1, 1, 4, 4, 18]), full([1, 1, 4, 4, 18], 7)], 1);
        image[0, 0, 2, 2, 9] = 1;
        var seen = 0;
        Tensor Network(Tensor tiles)
        {
            seen += (int)tiles.shape[0];
            return ones([tiles.shape[0], 3, 4, 4, 4]);
        }

        var options = new SlidingWindowOptions { Mirroring = false, HasRegions = hasRegions };
        var logits = SlidingWindow.Run(image, Network, [4, 4, 4], options, CancellationToken.None);

        Assert.Equal(2, seen);
        Assert.True(logits[0, 0, 0, 0, 6..12].eq(1).all().item<bool>());
        foreach (var empty in new[] { logits.narrow(4, 0, 6), logits.narrow(4, 12, 6) })
        {
            Assert.True(empty[0, 0].eq(hasRegions ? SlidingWindow.NothingThere : 0).all().item<bool>());
            Assert.True(empty[0, 1..].eq(SlidingWindow.NothingThere).all().item<bool>());
        }
    }

    [Fact]
    public void A_volume_of_one_value_is_looked_at_once()
    {
        using var scope = NewDisposeScope();
        var passes = new List<(int Done, int Total)>();
        var options = new SlidingWindowOptions { Axes = MirroringAxes.First | MirroringAxes.Second, Progress = new Passes(passes.Add) };

        var logits = SlidingWindow.Run(ones([1, 1, 8, 8, 8]), tiles => cat([tiles, tiles], 1), [4, 4, 4], options, CancellationToken.None);

        Assert.Equal([1, 2, 8, 8, 8], logits.shape);
        Assert.Equal([(4, 4)], passes);
        Assert.Equal(0, logits[0, 0, 7, 7, 7].item<float>());
        Assert.Equal(SlidingWindow.NothingThere, logits[0, 1, 7, 7, 7].item<float>());
    }

    [Theory]
    [InlineData(16, 4)]
    [InlineData(80, 2)]
    [InlineData(128, 1)]
    public void Large_tiles_are_looked_at_one_at_a_time(int edge, int most)
    {
        using var scope = NewDisposeScope();
        var sizes = new List<long>();
        Tensor Network(Tensor tiles)
        {
            sizes.Add(tiles.shape[0]);
            return tiles;
        }

        SlidingWindow.Run(linspace(0, 1, edge).reshape(1, 1, 1, 1, edge).expand(1, 1, edge, edge, edge), Network, [edge, edge, edge], new SlidingWindowOptions(), CancellationToken.None);

        Assert.Equal(Enumerable.Repeat((long)most, 8 / most), sizes);
    }

    /// <summary>Bits 0, 1, 2 in the order 2, 1, 0: the third axis counts 1 in the image, the first 4.</summary>
    private static int Reversed(int bits) => ((bits & 1) << 2) | (bits & 2) | (bits >> 2);

    [Fact]
    public void Stops_when_asked() =>
        Assert.Throws<OperationCanceledException>(() =>
            SlidingWindow.Run(zeros([1, 1, 2, 2, 4]), tile => tile, [2, 2, 4], new SlidingWindowOptions(), new CancellationToken(canceled: true)));

    private sealed class Passes(Action<(int Done, int Total)> report) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => report(value);
    }
}
