using MetSeg.Imaging;

namespace MetSeg.Reports;

/// <summary>What a slice picture is about.</summary>
/// <param name="Point">The voxel that its slices pass through.</param>
/// <param name="Box">The box around the lesion.</param>
internal sealed record SliceFocus(SlicePoint Point, VoxelBox Box)
{
    private const float HeadShare = 0.1f;
    private const double MarginMm = 4;

    /// <summary>The largest lesion (26-connected) and its voxel nearest to its centroid; null where there is no lesion.</summary>
    public static SliceFocus? OnLargestLesion(LabelMap? map)
    {
        var components = map is null ? null : Components.Find(map);
        if (components is null || components.Count == 0)
        {
            return null;
        }

        var largest = components.Items.MaxBy(component => component.Voxels)!;
        var (nearest, nearestDistance) = (new SlicePoint(0, 0, 0), double.PositiveInfinity);
        foreach (var run in components.Runs)
        {
            if (run.Component == largest.Id)
            {
                var (z, y) = Math.DivRem(run.Row, components.Size.Y);
                var x = (int)Math.Clamp(Math.Round(largest.CentroidX), run.X, run.X + run.Length - 1);
                var distance = Math.Pow(x - largest.CentroidX, 2) + Math.Pow(y - largest.CentroidY, 2) + Math.Pow(z - largest.CentroidZ, 2);
                (nearest, nearestDistance) = distance < nearestDistance ? (new SlicePoint(x, y, z), distance) : (nearest, nearestDistance);
            }
        }

        return new SliceFocus(nearest, largest.Box);
    }

    /// <summary>
    /// The smallest box, with a margin of 4 mm, around the voxels that are brighter than a tenth of the window; the whole grid where there
    /// is none.
    /// </summary>
    public static VoxelBox Head(Volume image, IntensityWindow window)
    {
        var (size, spacing) = (image.Grid.Size, image.Grid.Spacing);
        var threshold = window.Black + (HeadShare * (window.White - window.Black));
        var box = VoxelBox.Empty;
        for (var row = 0; row < size.Y * size.Z; row++)
        {
            var line = image.Voxels.AsSpan(row * size.X, size.X);
            var (z, y) = Math.DivRem(row, size.Y);
            var first = 0;
            while (first < size.X && !(line[first] > threshold))
            {
                first++;
            }

            var last = size.X - 1;
            while (last > first && !(line[last] > threshold))
            {
                last--;
            }

            if (first < size.X)
            {
                box = box.Around(new VoxelBox(first, y, z, last + 1, y + 1, z + 1));
            }
        }

        return box.IsEmpty ? new VoxelBox(0, 0, 0, size.X, size.Y, size.Z) : Widen(box, size, spacing);
    }

    /// <summary>The box of one voxel.</summary>
    public static VoxelBox BoxOf(SlicePoint point) => new(point.X, point.Y, point.Z, point.X + 1, point.Y + 1, point.Z + 1);

    /// <summary>The voxel in the middle of a box.</summary>
    public static SlicePoint MiddleOf(VoxelBox box) => new((box.MinX + box.EndX) / 2, (box.MinY + box.EndY) / 2, (box.MinZ + box.EndZ) / 2);

    private static VoxelBox Widen(VoxelBox box, Size size, Spacing spacing)
    {
        var (x, y, z) = ((int)Math.Ceiling(MarginMm / spacing.X), (int)Math.Ceiling(MarginMm / spacing.Y), (int)Math.Ceiling(MarginMm / spacing.Z));
        return new VoxelBox(
            Math.Max(0, box.MinX - x), Math.Max(0, box.MinY - y), Math.Max(0, box.MinZ - z),
            Math.Min(size.X, box.EndX + x), Math.Min(size.Y, box.EndY + y), Math.Min(size.Z, box.EndZ + z));
    }
}
