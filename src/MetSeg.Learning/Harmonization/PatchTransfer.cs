using MetSeg.Learning.Networks;
using MetSeg.Learning.Patches;
using MetSeg.Learning.Tensors;
using static TorchSharp.torch;

namespace MetSeg.Learning.Harmonization;

/// <summary>Reconstructs a volume at its own resolution: overlapping patches, blended with Gaussian weights as a sliding window's tiles are.</summary>
internal static class PatchTransfer
{
    private const double Step = 0.5;
    private const int PatchesAtOnce = 2;

    /// <summary>Reconstructs a volume.</summary>
    /// <param name="vae">The autoencoder.</param>
    /// <param name="volume">Intensities in [−1, 1]; where it is smaller than a patch, it goes on with the value at its edge.</param>
    /// <param name="whole">The code of the whole volume, resized to a patch.</param>
    /// <param name="patch">Voxels of a patch along z, y, x.</param>
    /// <returns>The reconstruction on the volume's grid.</returns>
    public static Volume Reconstruct(HarmonizationVae vae, Volume volume, LatentCode whole, IReadOnlyList<int> patch)
    {
        using var scope = NewDisposeScope();
        var size = volume.Grid.Size;
        var weights = VolumeTensor.ToArray(Tiles.GaussianWeights(patch));
        var (sum, weightSum) = (new float[size.Count], new float[size.Count]);
        foreach (var starts in Places(size, patch).Chunk(PatchesAtOnce))
        {
            using var chunkScope = NewDisposeScope();
            var tiles = starts.Select(start => tensor(Tiles.Cut(volume.Voxels, size, start, patch), [1, 1, patch[0], patch[1], patch[2]])).ToList();
            var image = cat(tiles.Count == 1 ? SingleSample.Double(tiles[0]) : tiles, 0).to(whole.Mean.device);
            var code = PatchCode.Join(vae.Encode(image), whole);
            var decoded = vae.Decode(code.Mean, code.Skips);
            for (var i = 0; i < starts.Length; i++)
            {
                Add(VolumeTensor.ToArray(decoded[i]), weights, (size, starts[i], patch), (sum, weightSum));
            }
        }

        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] /= weightSum[i];
        }

        return new Volume(volume.Grid, sum);
    }

    /// <summary>First voxels of the patches; of an axis shorter than a patch, so that the volume lies in its middle.</summary>
    private static IEnumerable<(int Z, int Y, int X)> Places(Size size, IReadOnlyList<int> patch)
    {
        int[] lengths = [size.Z, size.Y, size.X];
        var starts = lengths.Select((length, axis) => length < patch[axis] ? [(length - patch[axis]) / 2] : Tiles.Starts(length, patch[axis], Step)).ToArray();
        return from z in starts[0] from y in starts[1] from x in starts[2] select (z, y, x);
    }

    private static void Add(
        float[] decoded, float[] weights, (Size Size, (int Z, int Y, int X) Start, IReadOnlyList<int> Patch) place, (float[] Values, float[] Weights) sum)
    {
        var (size, start, patch) = place;
        Parallel.For(Math.Max(0, -start.Z), Math.Min(patch[0], size.Z - start.Z), k =>
        {
            for (var j = Math.Max(0, -start.Y); j < Math.Min(patch[1], size.Y - start.Y); j++)
            {
                var (from, to) = (((k * patch[1]) + j) * patch[2], (((start.Z + k) * size.Y) + start.Y + j) * size.X);
                for (var i = Math.Max(0, -start.X); i < Math.Min(patch[2], size.X - start.X); i++)
                {
                    sum.Values[to + start.X + i] += weights[from + i] * decoded[from + i];
                    sum.Weights[to + start.X + i] += weights[from + i];
                }
            }
        });
    }
}
