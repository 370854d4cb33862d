using System.Collections.Immutable;
using static TorchSharp.torch;

namespace MetSeg.Learning.Patches;

/// <summary>Overlapping tiles that cover a volume, and the weights with which what a network makes of them is blended.</summary>
/// <remarks>nnU-Net v2's predictor: tiles at half a tile's distance, Gaussian of σ = tile / 8.</remarks>
public static class Tiles
{
    /// <summary>
    /// First voxels of the tiles along one axis: as few as cover the axis with steps of at most <paramref name="step"/>·tile, but of a voxel,
    /// evenly spread and rounded. 110 voxels with tiles of 64 and step 0.5 start at 0, 23, 46; tiles of one voxel (slices) at every voxel.
    /// </summary>
    public static int[] Starts(int length, int tile, double step)
    {
        if (length <= tile)
        {
            return [0];
        }

        var count = (int)Math.Ceiling((length - tile) / Math.Max(1, tile * step)) + 1;
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

    /// <summary>Cuts a tile out of an image; what lies beyond the image has the value at its edge.</summary>
    /// <param name="voxels">The image, x fastest.</param>
    /// <param name="size">Its size.</param>
    /// <param name="start">The tile's first voxel along z, y, x; may be negative.</param>
    /// <param name="tile">The tile's size along z, y, x.</param>
    /// <returns>The tile, x fastest.</returns>
    public static T[] Cut<T>(ImmutableArray<T> voxels, Size size, (int Z, int Y, int X) start, IReadOnlyList<int> tile)
    {
        var cut = new T[tile[0] * tile[1] * tile[2]];
        Parallel.For(0, tile[0], k =>
        {
            var z = Math.Clamp(start.Z + k, 0, size.Z - 1);
            for (var j = 0; j < tile[1]; j++)
            {
                var row = size.Index(0, Math.Clamp(start.Y + j, 0, size.Y - 1), z);
                for (var i = 0; i < tile[2]; i++)
                {
                    cut[(((k * tile[1]) + j) * tile[2]) + i] = voxels[row + Math.Clamp(start.X + i, 0, size.X - 1)];
                }
            }
        });
        return cut;
    }
}
