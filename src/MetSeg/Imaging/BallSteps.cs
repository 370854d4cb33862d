using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>Erosion and dilation of masks by a ball in mm, through exact distances within the part of the grid that matters.</summary>
internal static class BallSteps
{
    /// <summary>Share of a radius by which a distance may exceed it and still count as within: far above rounding, far below a voxel.</summary>
    private const double RadiusTolerance = 1e-6;

    /// <summary>Every voxel within the radius of the foreground.</summary>
    public static LabelMap Dilate(LabelMap mask, double radiusMm)
    {
        var limit = Limit(radiusMm);
        var (size, spacing) = (mask.Grid.Size, mask.Grid.Spacing);
        var box = Foreground(mask);
        if (box.IsEmpty)
        {
            return new LabelMap(mask.Grid, new byte[size.Count]);
        }

        var (x, y, z) = (Reach(limit, spacing.X, size.X), Reach(limit, spacing.Y, size.Y), Reach(limit, spacing.Z, size.Z));
        var near = new VoxelBox(
            Math.Max(box.MinX - x, 0), Math.Max(box.MinY - y, 0), Math.Max(box.MinZ - z, 0),
            Math.Min(box.EndX + x, size.X), Math.Min(box.EndY + y, size.Y), Math.Min(box.EndZ + z, size.Z));
        return Where(mask.Grid, near, Distances(mask, near, isToForeground: true), distance => distance <= limit);
    }

    /// <summary>Every voxel farther than the radius from the background; a frame of background stands around the grid.</summary>
    public static LabelMap Erode(LabelMap mask, double radiusMm)
    {
        var limit = Limit(radiusMm);
        var box = Foreground(mask);
        if (box.IsEmpty)
        {
            return new LabelMap(mask.Grid, new byte[mask.Labels.Length]);
        }

        var framed = new VoxelBox(box.MinX - 1, box.MinY - 1, box.MinZ - 1, box.EndX + 1, box.EndY + 1, box.EndZ + 1);
        return Where(mask.Grid, framed, Distances(mask, framed, isToForeground: false), distance => distance > limit);
    }

    private static double Limit(double radiusMm) => double.IsFinite(radiusMm) && radiusMm >= 0
        ? radiusMm * (1 + RadiusTolerance)
        : throw new ArgumentOutOfRangeException(nameof(radiusMm), radiusMm, "A radius must be finite and not negative (mm).");

    private static int Reach(double limit, double spacing, int length) => (int)Math.Min(limit / spacing, length);

    private static VoxelBox Foreground(LabelMap mask)
    {
        var size = mask.Grid.Size;
        var labels = ImmutableCollectionsMarshal.AsArray(mask.Labels)!;
        var box = VoxelBox.Empty;
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                var row = labels.AsSpan(size.Index(0, y, z), size.X);
                var first = row.IndexOfAnyExcept((byte)0);
                if (first >= 0)
                {
                    box = box.Around(new VoxelBox(first, y, z, row.LastIndexOfAnyExcept((byte)0) + 1, y + 1, z + 1));
                }
            }
        }

        return box;
    }

    /// <summary>Distances within a box, which may reach beyond the grid, to the foreground or to the background.</summary>
    private static float[] Distances(LabelMap mask, VoxelBox box, bool isToForeground)
    {
        var (size, part) = (mask.Grid.Size, box.Size);
        var labels = ImmutableCollectionsMarshal.AsArray(mask.Labels)!;
        var targets = new byte[part.Count];
        for (var z = 0; z < part.Z; z++)
        {
            for (var y = 0; y < part.Y; y++)
            {
                var target = targets.AsSpan(part.Index(0, y, z), part.X);
                for (var x = 0; x < part.X; x++)
                {
                    var (i, j, k) = (x + box.MinX, y + box.MinY, z + box.MinZ);
                    var isForeground = size.Contains(i, j, k) && labels[size.Index(i, j, k)] != 0;
                    target[x] = isForeground == isToForeground ? (byte)1 : (byte)0;
                }
            }
        }

        var distances = DistanceTransform.ToForeground(new LabelMap(Grid.Axial(part, mask.Grid.Spacing), targets));
        return ImmutableCollectionsMarshal.AsArray(distances.Voxels)!;
    }

    /// <summary>A mask that is 1 where the distance in the box fulfills a condition, 0 elsewhere and outside the box.</summary>
    private static LabelMap Where(Grid grid, VoxelBox box, float[] distances, Func<float, bool> condition)
    {
        var (size, part) = (grid.Size, box.Size);
        var labels = new byte[size.Count];
        Parallel.For(Math.Max(box.MinZ, 0), Math.Min(box.EndZ, size.Z), z =>
        {
            for (var y = Math.Max(box.MinY, 0); y < Math.Min(box.EndY, size.Y); y++)
            {
                for (var x = Math.Max(box.MinX, 0); x < Math.Min(box.EndX, size.X); x++)
                {
                    var distance = distances[part.Index(x - box.MinX, y - box.MinY, z - box.MinZ)];
                    labels[size.Index(x, y, z)] = condition(distance) ? (byte)1 : (byte)0;
                }
            }
        });
        return new LabelMap(grid, labels);
    }
}
