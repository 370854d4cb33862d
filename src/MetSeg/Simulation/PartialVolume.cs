using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MetSeg.Simulation;

/// <summary>From a fine grid to the voxels of a coarse one with the same outer corner and directions.</summary>
internal static class PartialVolume
{
    /// <summary>
    /// For each coarse sample its first fine sample and the weights from there on, which sum to 1. Fine samples that straddle a border
    /// count by their shares; what lies beyond the fine grid does not count.
    /// </summary>
    public static (int First, float[] Weights)[] Overlaps(int fineCount, int coarseCount, double ratio) =>
        [.. Enumerable.Range(0, coarseCount).Select(i =>
        {
            var (start, end) = (Math.Min(i * ratio, fineCount - 1e-3), Math.Min((i + 1) * ratio, fineCount));
            var (first, last) = ((int)(start + 1e-6), (int)Math.Ceiling(end - 1e-6));
            var overlaps = Enumerable.Range(first, last - first).Select(k => Math.Min(end, k + 1) - Math.Max(start, k)).ToArray();
            return (first, overlaps.Select(overlap => (float)(overlap / overlaps.Sum())).ToArray());
        })];

    /// <summary>Which share of each coarse voxel has a label other than 0.</summary>
    public static float[] Shares(LabelMap fine, Grid grid) => Shares(fine, grid, 1, byte.MaxValue);

    /// <summary>Which share of each coarse voxel has a label in a range, both ends included.</summary>
    public static float[] Shares(LabelMap fine, Grid grid, byte low, byte high)
    {
        var (from, to, ratios) = (fine.Grid.Size, grid.Size, Ratios(fine.Grid, grid));
        var alongX = Overlaps(from.X, to.X, ratios.X);
        var alongY = Overlaps(from.Y, to.Y, ratios.Y);
        var alongZ = Overlaps(from.Z, to.Z, ratios.Z);
        var labels = ImmutableCollectionsMarshal.AsArray(fine.Labels)!;
        var shares = new float[to.Count];
        Parallel.For(0, to.Z, () => new float[(from.X * from.Y) + (from.X * to.Y)], (z, _, work) =>
        {
            var slice = work.AsSpan(0, from.X * from.Y);
            var rows = work.AsSpan(from.X * from.Y);
            var (first, weights) = alongZ[z];
            if (labels.AsSpan(from.X * from.Y * first, from.X * from.Y * weights.Length).IndexOfAnyInRange(low, high) < 0)
            {
                return work;
            }

            work.AsSpan().Clear();
            for (var k = 0; k < weights.Length; k++)
            {
                AddInRange(labels.AsSpan(from.X * from.Y * (first + k), from.X * from.Y), low, high, weights[k], slice);
            }

            Rows(slice, from.X, alongY, rows);
            Columns(rows, from.X, alongX, shares.AsSpan(to.X * to.Y * z, to.X * to.Y));
            return work;
        }, _ => { });
        return shares;
    }

    /// <summary>Fine voxels per coarse one along each axis.</summary>
    public static (double X, double Y, double Z) Ratios(Grid fine, Grid coarse) =>
        (coarse.Spacing.X / fine.Spacing.X, coarse.Spacing.Y / fine.Spacing.Y, coarse.Spacing.Z / fine.Spacing.Z);

    /// <summary>Adds weighted sums of rows to the rows of a target that is cleared.</summary>
    public static void Rows(ReadOnlySpan<float> source, int width, (int First, float[] Weights)[] shares, Span<float> target)
    {
        for (var y = 0; y < shares.Length; y++)
        {
            var row = target.Slice(width * y, width);
            var (first, weights) = shares[y];
            for (var k = 0; k < weights.Length; k++)
            {
                var from = source.Slice(width * (first + k), width);
                TensorPrimitives.MultiplyAdd(from, weights[k], row, row);
            }
        }
    }

    /// <summary>Weighted sums within each row.</summary>
    public static void Columns(ReadOnlySpan<float> source, int width, (int First, float[] Weights)[] shares, Span<float> target)
    {
        for (var y = 0; y < target.Length / shares.Length; y++)
        {
            var row = source.Slice(width * y, width);
            for (var x = 0; x < shares.Length; x++)
            {
                var (first, weights) = shares[x];
                var sum = 0f;
                for (var k = 0; k < weights.Length; k++)
                {
                    sum += weights[k] * row[first + k];
                }

                target[x + (shares.Length * y)] = sum;
            }
        }
    }

    private static void AddInRange(ReadOnlySpan<byte> labels, byte low, byte high, float weight, Span<float> sums)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            sums[i] += labels[i] >= low && labels[i] <= high ? weight : 0;
        }
    }
}
