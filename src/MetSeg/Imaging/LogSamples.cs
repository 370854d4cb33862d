using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// The logarithms of an image's positive intensities inside a mask at every n-th voxel, row by row. Voxels are passed over and not averaged:
/// a mean of gray and white matter would be a tissue of its own in the histogram.
/// </summary>
internal sealed class LogSamples
{
    private const int FewestPerAxis = 8;
    private const int Enough = 1000;

    private LogSamples(int[][] voxels, int[] rowStarts, int[] columns, float[] logs)
    {
        (Voxels, RowStarts, Columns, Logs) = (voxels, rowStarts, columns, logs);
        Size = new Size(voxels[0].Length, voxels[1].Length, voxels[2].Length);
    }

    /// <summary>The x, the y and the z of the voxels that are looked at.</summary>
    public int[][] Voxels { get; }

    /// <summary>How many these are.</summary>
    public Size Size { get; }

    /// <summary>Place of the first sample of each row y + Y·z, y and z counted in <see cref="Voxels"/>; one more than there are rows.</summary>
    public int[] RowStarts { get; }

    /// <summary>Place in <see cref="Voxels"/> of each sample's x.</summary>
    public int[] Columns { get; }

    /// <summary>Natural logarithm of each sample.</summary>
    public float[] Logs { get; }

    /// <summary>Number of samples.</summary>
    public int Count => Logs.Length;

    /// <summary>Samples an image.</summary>
    /// <param name="volume">The image; what is not positive and finite is passed over.</param>
    /// <param name="mask">The mask on the same grid.</param>
    /// <param name="step">
    /// Take one voxel in this many along the axis with the smallest voxels, along the others in steps of about as many mm. Less where that would
    /// leave an axis fewer than 8 voxels, or give fewer than 1000 samples in all.
    /// </param>
    public static LogSamples Take(Volume volume, LabelMap mask, int step)
    {
        var samples = TakeEvery(volume, mask, step);
        while (samples.Count < Enough && step > 1)
        {
            step /= 2;
            samples = TakeEvery(volume, mask, step);
        }

        return samples;
    }

    private static LogSamples TakeEvery(Volume volume, LabelMap mask, int step)
    {
        var voxels = VoxelsAlongAxes(volume.Grid, step);
        var (rows, slices) = (voxels[1].Length, new (List<int> Columns, List<float> Logs)[voxels[2].Length]);
        var rowStarts = new int[(rows * slices.Length) + 1];
        Parallel.For(0, slices.Length, z =>
        {
            slices[z] = ([], []);
            for (var y = 0; y < rows; y++)
            {
                TakeRow(volume, mask, (voxels[0], volume.Grid.Size.Index(0, voxels[1][y], voxels[2][z])), slices[z]);
                rowStarts[y + (rows * z) + 1] = slices[z].Logs.Count;
            }
        });
        for (var (z, before) = (0, 0); z < slices.Length; before += slices[z].Logs.Count, z++)
        {
            foreach (ref var start in rowStarts.AsSpan((rows * z) + 1, rows))
            {
                start += before;
            }
        }

        return new LogSamples(voxels, rowStarts, [.. slices.SelectMany(slice => slice.Columns)], [.. slices.SelectMany(slice => slice.Logs)]);
    }

    private static int[][] VoxelsAlongAxes(Grid grid, int step)
    {
        var (counts, spacing) = (grid.Size.ToArray(), grid.Spacing.ToArray());
        var stepMm = step * spacing.Min();
        return [.. Enumerable.Range(0, 3).Select(axis =>
        {
            var own = (int)Math.Clamp(Math.Round(stepMm / spacing[axis]), 1, Math.Max(counts[axis] / FewestPerAxis, 1));
            return Enumerable.Range(0, counts[axis]).Where(voxel => voxel % own == own / 2).ToArray();
        })];
    }

    private static void TakeRow(Volume volume, LabelMap mask, (int[] Columns, int Start) row, (List<int> Columns, List<float> Logs) samples)
    {
        var voxels = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        var labels = ImmutableCollectionsMarshal.AsArray(mask.Labels)!;
        for (var x = 0; x < row.Columns.Length; x++)
        {
            var place = row.Start + row.Columns[x];
            if (labels[place] != 0 && voxels[place] > 0 && float.IsFinite(voxels[place]))
            {
                samples.Columns.Add(x);
                samples.Logs.Add(MathF.Log(voxels[place]));
            }
        }
    }
}
