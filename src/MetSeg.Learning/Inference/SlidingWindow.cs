using MetSeg.Learning.Patches;
using MetSeg.Learning.Tensors;
using static TorchSharp.torch;

namespace MetSeg.Learning.Inference;

/// <summary>Runs a network over a volume tile by tile and blends the logits with Gaussian weights.</summary>
/// <remarks>
/// nnU-Net v2's predictor: tiles at half a tile's distance, Gaussian of σ = tile / 8, mirroring. Unlike there, tiles in which every channel has
/// one value throughout, such as the zeros of a masked background, are not looked at: there is nothing to find.
/// </remarks>
public static class SlidingWindow
{
    /// <summary>How far the logits of classes that are not there, where no tile was looked at, lie below the background's.</summary>
    public const float NothingThere = -20;

    private const int MostPassesAtOnce = 4;

    /// <summary>Voxels of the tiles that are looked at together: 128³ tiles alone, which keeps nnU-Net's networks at about 3 GB.</summary>
    private const int VoxelsAtOnce = 1 << 20;

    /// <summary>Z·Y of tiles that libtorch would take to a slow kernel if they were alone, in a network that begins with 16 features: see <see cref="SingleSample"/>.</summary>
    private const int SmallPlane = 20_480 / 16;

    /// <summary>Blended logits of a volume.</summary>
    /// <param name="image">[1, C, Z, Y, X] on the network's device; padded with 0 where it is smaller than a tile.</param>
    /// <param name="network">Takes [N, C, z, y, x] to logits [N, K, z, y, x]; samples of a batch must not influence each other.</param>
    /// <param name="tile">Tile size along z, y, x; 1 along z for slices.</param>
    /// <param name="options">Step, mirroring, and what the outputs are.</param>
    /// <param name="cancellation">Checked before each batch of tiles.</param>
    /// <returns>
    /// [1, K, Z, Y, X] on the image's device. Voxels that lie in empty tiles only are background: <see cref="NothingThere"/> for every other class.
    /// </returns>
    public static Tensor Run(Tensor image, Func<Tensor, Tensor> network, IReadOnlyList<int> tile, SlidingWindowOptions options, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = inference_mode();
        var before = new int[3];
        var padded = Pad(image, tile, before);
        var weights = Tiles.GaussianWeights(tile).to(image.device);
        var sum = default(Tensor);
        var weightSum = zeros([1, 1, .. padded.shape[2..]], device: image.device);
        var passes = Passes(padded, tile, options);
        var done = 0;
        foreach (var batch in passes.Chunk(Math.Clamp(VoxelsAtOnce / (tile[0] * tile[1] * tile[2]), 1, MostPassesAtOnce)))
        {
            cancellation.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var logits = network(Stack(padded, batch, tile));
            sum ??= zeros([1, logits.shape[1], .. padded.shape[2..]], device: image.device).MoveToOuterDisposeScope();
            for (var i = 0; i < batch.Length; i++)
            {
                var own = logits.narrow(0, i, 1);
                Tile(sum, batch[i].Start, tile).add_((batch[i].Flip.Length == 0 ? own : own.flip(batch[i].Flip)) * weights);
                Tile(weightSum, batch[i].Start, tile).add_(weights);
            }

            options.Progress?.Report((done += batch.Length, passes.Count));
        }

        var blended = Divide(sum!, weightSum, options.HasRegions);
        for (var axis = 0; axis < 3; axis++)
        {
            blended = blended.narrow(axis + 2, before[axis], image.shape[axis + 2]);
        }

        return blended.contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>All flips of the tiles that are not empty; of the first one, where all are.</summary>
    private static List<Pass> Passes(Tensor padded, IReadOnlyList<int> tile, SlidingWindowOptions options)
    {
        var starts = Enumerable.Range(0, 3).Select(axis => Tiles.Starts((int)padded.shape[axis + 2], tile[axis], options.Step)).ToArray();
        var tiles = (from z in starts[0] from y in starts[1] from x in starts[2] select (z, y, x)).ToList();
        var seen = tiles.Where(start => !IsEmpty(Tile(padded, start, tile))).ToList();
        var flips = Flips(options.Mirroring ? options.Axes : MirroringAxes.None).ToList();
        return [.. from start in seen.Count > 0 ? seen : tiles[..1] from flip in flips select new Pass(start, flip)];
    }

    /// <summary>Whether every channel has one value throughout.</summary>
    private static bool IsEmpty(Tensor tile)
    {
        using var scope = NewDisposeScope();
        return tile.amax([2, 3, 4]).eq(tile.amin([2, 3, 4])).all().item<bool>();
    }

    /// <summary>The mean, in place; where nothing was summed up, the background.</summary>
    private static Tensor Divide(Tensor sum, Tensor weightSum, bool hasRegions)
    {
        var unseen = weightSum.eq(0);
        sum.div_(weightSum.masked_fill_(unseen, 1)).masked_fill_(unseen, NothingThere);
        if (!hasRegions)
        {
            sum.narrow(1, 0, 1).masked_fill_(unseen, 0);
        }

        return sum;
    }

    private static Tensor Pad(Tensor image, IReadOnlyList<int> tile, int[] before)
    {
        var padding = new long[6];
        for (var axis = 0; axis < 3; axis++)
        {
            var missing = Math.Max(0, tile[axis] - (int)image.shape[axis + 2]);
            before[axis] = missing / 2;
            (padding[2 * (2 - axis)], padding[(2 * (2 - axis)) + 1]) = (before[axis], missing - before[axis]);
        }

        return padding.All(side => side == 0) ? image : nn.functional.pad(image, padding);
    }

    private static Tensor Tile(Tensor volume, (int Z, int Y, int X) start, IReadOnlyList<int> tile) =>
        volume.narrow(2, start.Z, tile[0]).narrow(3, start.Y, tile[1]).narrow(4, start.X, tile[2]);

    /// <summary>Every set of the axes, the empty one first.</summary>
    private static IEnumerable<long[]> Flips(MirroringAxes axes) => Enumerable.Range(0, 1 + (int)MirroringAxes.All)
        .Where(subset => (subset & ~(int)axes) == 0)
        .Select(subset => (long[])[.. new long[] { 2, 3, 4 }.Where(axis => (subset & (1 << ((int)axis - 2))) != 0)]);

    /// <summary>The passes' tiles as one batch. A lone small tile is doubled: see <see cref="SingleSample"/>.</summary>
    private static Tensor Stack(Tensor padded, Pass[] batch, IReadOnlyList<int> tile)
    {
        var tiles = batch.Select(pass => Tile(padded, pass.Start, tile)).Zip(batch, (cut, pass) => pass.Flip.Length == 0 ? cut : cut.flip(pass.Flip)).ToList();
        return cat(tiles.Count == 1 && tile[0] * tile[1] <= SmallPlane ? SingleSample.Double(tiles[0]) : tiles, 0);
    }

    /// <summary>One run of the network: a tile, looked at straight or flipped along some axes.</summary>
    private sealed record Pass((int Z, int Y, int X) Start, long[] Flip);
}
