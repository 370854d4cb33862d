using System.Runtime.InteropServices;

namespace MetSeg.Preprocessing;

/// <summary>Lays the axes of images out in another order, as nnU-Net's transpose_forward asks; voxels stay where they are in the world.</summary>
/// <param name="TransposeForward">Which of the axes z (0), y (1), x (2) becomes the new z, y and x.</param>
internal sealed record AxisOrder(IReadOnlyList<int> TransposeForward)
{
    /// <summary>For each new axis x, y, z the old axis (0 x, 1 y, 2 z) it was.</summary>
    private int[] Sources => [.. Enumerable.Range(0, 3).Select(axis => 2 - TransposeForward[2 - axis])];

    public Volume Apply(Volume volume) => Sources is [0, 1, 2]
        ? volume
        : new Volume(Apply(volume.Grid), Permute(ImmutableCollectionsMarshal.AsArray(volume.Voxels)!, volume.Grid.Size));

    public LabelMap Apply(LabelMap map) => Sources is [0, 1, 2]
        ? map
        : new LabelMap(Apply(map.Grid), Permute(ImmutableCollectionsMarshal.AsArray(map.Labels)!, map.Grid.Size));

    private Grid Apply(Grid grid)
    {
        var (sources, edges) = (Sources, grid.Size.ToArray());
        var rows = new double[12];
        for (var row = 0; row < 3; row++)
        {
            for (var axis = 0; axis < 3; axis++)
            {
                rows[(4 * row) + axis] = grid.ToWorld[row, sources[axis]];
            }

            rows[(4 * row) + 3] = grid.ToWorld[row, 3];
        }

        return new Grid(new Size(edges[sources[0]], edges[sources[1]], edges[sources[2]]), new Affine(rows));
    }

    private T[] Permute<T>(T[] voxels, Size size)
    {
        var (sources, edges) = (Sources, size.ToArray());
        int[] steps = [1, size.X, size.X * size.Y];
        var (stepX, stepY, stepZ) = (steps[sources[0]], steps[sources[1]], steps[sources[2]]);
        var permuted = new T[voxels.Length];
        var target = 0;
        for (var z = 0; z < edges[sources[2]]; z++)
        {
            for (var y = 0; y < edges[sources[1]]; y++)
            {
                var source = (z * stepZ) + (y * stepY);
                for (var x = 0; x < edges[sources[0]]; x++, source += stepX)
                {
                    permuted[target++] = voxels[source];
                }
            }
        }

        return permuted;
    }
}
