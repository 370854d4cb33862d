using System.Runtime.InteropServices;

namespace MetSeg.Simulation;

/// <summary>What a scanner does to detail finer than its voxels: the mean over each voxel of a coarser grid.</summary>
internal static class PartialVolume
{
    /// <summary>Means of a fine image over the voxels of a coarse grid with the same outer corner and directions.</summary>
    /// <remarks>Fine voxels that straddle a border count by their shares; what lies beyond the fine grid does not count.</remarks>
    public static Volume Average(Volume fine, Grid coarse)
    {
        var (size, from, to) = (fine.Grid.Size.ToArray(), fine.Grid.Spacing.ToArray(), coarse.Spacing.ToArray());
        var values = ImmutableCollectionsMarshal.AsArray(fine.Voxels)!;
        for (var axis = 2; axis >= 0; axis--)
        {
            var count = coarse.Size.ToArray()[axis];
            values = Along(values, size, axis, Shares(size[axis], count, to[axis] / from[axis]));
            size[axis] = count;
        }

        return new Volume(coarse, values);
    }

    /// <summary>For each coarse voxel its first fine voxel and the weights from there on, which sum to 1.</summary>
    private static (int First, float[] Weights)[] Shares(int fineCount, int coarseCount, double ratio) =>
        [.. Enumerable.Range(0, coarseCount).Select(i =>
        {
            var (start, end) = (Math.Min(i * ratio, fineCount - 1e-3), Math.Min((i + 1) * ratio, fineCount));
            var (first, last) = ((int)(start + 1e-6), (int)Math.Ceiling(end - 1e-6));
            var overlaps = Enumerable.Range(first, last - first).Select(k => Math.Min(end, k + 1) - Math.Max(start, k)).ToArray();
            return (first, overlaps.Select(overlap => (float)(overlap / overlaps.Sum())).ToArray());
        })];

    private static float[] Along(float[] source, int[] size, int axis, (int First, float[] Weights)[] shares)
    {
        var inner = size.Take(axis).Aggregate(1, (product, count) => product * count);
        var outer = size.Skip(axis + 1).Aggregate(1, (product, count) => product * count);
        var target = new float[inner * shares.Length * outer];
        Parallel.For(0, outer, block =>
        {
            for (var i = 0; i < shares.Length; i++)
            {
                var row = target.AsSpan(inner * (i + (shares.Length * block)), inner);
                var (first, weights) = shares[i];
                for (var k = 0; k < weights.Length; k++)
                {
                    var from = source.AsSpan(inner * (first + k + (size[axis] * block)), inner);
                    for (var x = 0; x < inner; x++)
                    {
                        row[x] += weights[k] * from[x];
                    }
                }
            }
        });
        return target;
    }
}
