using System.Text.Json.Serialization;
using MetSeg.Learning.Tensors;
using static TorchSharp.torch;

namespace MetSeg.Learning.Inference;

/// <summary>How a volume is cut into overlapping tiles for a network, and how their results are blended.</summary>
public sealed record SlidingWindowOptions
{
    /// <summary>Step between tiles as a share of the tile. The default is 0.5.</summary>
    public double Step { get; init; } = 0.5;

    /// <summary>Whether the mean over all flips of <see cref="Axes"/> is taken: eight passes for three axes. The default is true.</summary>
    public bool Mirroring { get; init; } = true;

    /// <summary>The axes that mirroring flips: those that the model saw mirrored. The default is all; it is the model's, so no file names it.</summary>
    [JsonIgnore]
    public MirroringAxes Axes { get; init; } = MirroringAxes.All;

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Step is not (> 0 and <= 1))
        {
            yield return $"step must be above 0 and at most 1, not {Step}.";
        }
    }
}

/// <summary>Axes of an image tensor, counted behind sample and channel.</summary>
[Flags]
public enum MirroringAxes
{
    /// <summary>No axis.</summary>
    None = 0,

    /// <summary>The first: z, unless the plans reorder the axes.</summary>
    First = 1,

    /// <summary>The second: y, unless the plans reorder the axes.</summary>
    Second = 2,

    /// <summary>The third: x, unless the plans reorder the axes.</summary>
    Third = 4,

    /// <summary>All three.</summary>
    All = First | Second | Third,
}

/// <summary>Runs a network over a volume tile by tile and blends the logits with Gaussian weights.</summary>
/// <remarks>nnU-Net v2's predictor: tiles at half a tile's distance, Gaussian of σ = tile / 8, mirroring.</remarks>
public static class SlidingWindow
{
    private const int PassesAtOnce = 4;

    /// <summary>
    /// First voxels of the tiles along one axis: as few as cover the axis with steps of at most <paramref name="step"/>·tile, evenly spread
    /// and rounded. 110 voxels with tiles of 64 and step 0.5 start at 0, 23, 46.
    /// </summary>
    public static int[] Starts(int length, int tile, double step)
    {
        if (length <= tile)
        {
            return [0];
        }

        var count = (int)Math.Ceiling((length - tile) / (tile * step)) + 1;
        return [.. Enumerable.Range(0, count).Select(i => (int)Math.Round((double)i * (length - tile) / (count - 1), MidpointRounding.ToEven))];
    }

    /// <summary>
    /// Weights of a tile [1, 1, Z, Y, X]: a Gaussian of σ = tile/8 around voxel tile/2 (integer division) with maximum 1; zeros, beyond 4σ
    /// along an axis, become the smallest weight above zero.
    /// </summary>
    public static Tensor GaussianWeights(IReadOnlyList<int> tile)
    {
        using var scope = NewDisposeScope();
        var axes = tile.Select(length => tensor(
            [.. Enumerable.Range(0, length).Select(i =>
            {
                var distance = (i - (length / 2)) / (length / 8.0);
                return Math.Abs(distance) > 4 ? 0f : (float)Math.Exp(-0.5 * distance * distance);
            })])).ToList();
        var weights = axes[0].reshape(-1, 1, 1) * axes[1].reshape(1, -1, 1) * axes[2].reshape(1, 1, -1);
        var smallest = weights.masked_select(weights > 0).min();
        return weights.maximum(smallest).reshape(1, 1, tile[0], tile[1], tile[2]).MoveToOuterDisposeScope();
    }

    /// <summary>Blended logits of a volume.</summary>
    /// <param name="image">[1, C, Z, Y, X] on the network's device; padded with 0 where it is smaller than a tile.</param>
    /// <param name="network">Takes [N, C, z, y, x] to logits [N, K, z, y, x]; samples of a batch must not influence each other.</param>
    /// <param name="tile">Tile size along z, y, x.</param>
    /// <param name="options">Step and mirroring.</param>
    /// <param name="cancellation">Checked before each batch of tiles.</param>
    /// <returns>[1, K, Z, Y, X] on the image's device.</returns>
    public static Tensor Run(Tensor image, Func<Tensor, Tensor> network, IReadOnlyList<int> tile, SlidingWindowOptions options, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = inference_mode();
        var before = new int[3];
        var padded = Pad(image, tile, before);
        var weights = GaussianWeights(tile).to(image.device);
        var sum = default(Tensor);
        var weightSum = zeros([1, 1, .. padded.shape[2..]], device: image.device);
        var starts = Enumerable.Range(0, 3).Select(axis => Starts((int)padded.shape[axis + 2], tile[axis], options.Step)).ToArray();
        var passes = from z in starts[0] from y in starts[1] from x in starts[2] from flip in Flips(options.Mirroring ? options.Axes : MirroringAxes.None) select new Pass((z, y, x), flip);
        foreach (var batch in passes.Chunk(PassesAtOnce))
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
        }

        var blended = sum! / weightSum;
        for (var axis = 0; axis < 3; axis++)
        {
            blended = blended.narrow(axis + 2, before[axis], image.shape[axis + 2]);
        }

        return blended.contiguous().MoveToOuterDisposeScope();
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

    /// <summary>The passes' tiles as one batch. A lone tile is doubled: see <see cref="SingleSample"/>.</summary>
    private static Tensor Stack(Tensor padded, Pass[] batch, IReadOnlyList<int> tile)
    {
        var tiles = batch.Select(pass => Tile(padded, pass.Start, tile)).Zip(batch, (cut, pass) => pass.Flip.Length == 0 ? cut : cut.flip(pass.Flip)).ToList();
        return cat(tiles.Count == 1 ? SingleSample.Double(tiles[0]) : tiles, 0);
    }

    /// <summary>One run of the network: a tile, looked at straight or flipped along some axes.</summary>
    private sealed record Pass((int Z, int Y, int X) Start, long[] Flip);
}
