namespace MetSeg.Imaging;

/// <summary>Resampling by the nearest voxel, of intensities or labels.</summary>
internal static class NearestResampling
{
    /// <summary>The voxels on the target grid.</summary>
    /// <param name="source">The image.</param>
    /// <param name="map">Where the target's voxels lie.</param>
    /// <param name="outside">Value of those outside the image.</param>
    public static T[] Apply<T>(T[] source, GridMap map, T outside)
        where T : unmanaged
    {
        var result = GC.AllocateUninitializedArray<T>(map.Target.Count);
        if (map.IsParallel)
        {
            ByAxis(source, map, outside, result);
        }
        else
        {
            ByVoxel(source, map, outside, result);
        }

        return result;
    }

    private static void ByAxis<T>(T[] source, GridMap map, T outside, T[] result)
        where T : unmanaged
    {
        var (from, to) = (map.Source, map.Target);
        var axes = map.Axes();
        var (i, j, k) = (Indices(axes.X, from.X), Indices(axes.Y, from.Y), Indices(axes.Z, from.Z));
        Parallel.For(0, to.Z, z =>
        {
            for (var y = 0; y < to.Y; y++)
            {
                var row = result.AsSpan(to.Index(0, y, z), to.X);
                if (j[y] < 0 || k[z] < 0)
                {
                    row.Fill(outside);
                    continue;
                }

                var line = source.AsSpan(from.Index(0, j[y], k[z]), from.X);
                for (var x = 0; x < row.Length; x++)
                {
                    row[x] = i[x] < 0 ? outside : line[i[x]];
                }
            }
        });
    }

    private static void ByVoxel<T>(T[] source, GridMap map, T outside, T[] result)
        where T : unmanaged
    {
        var (from, to) = (map.Source, map.Target);
        Parallel.For(0, to.Z, z =>
        {
            for (var y = 0; y < to.Y; y++)
            {
                var row = result.AsSpan(to.Index(0, y, z), to.X);
                for (var x = 0; x < row.Length; x++)
                {
                    var (i, j, k) = map.Locate(x, y, z);
                    row[x] = i.IsOutside || j.IsOutside || k.IsOutside ? outside
                        : source[from.Index(i.AtNearest(from.X).Lower, j.AtNearest(from.Y).Lower, k.AtNearest(from.Z).Lower)];
                }
            }
        });
    }

    /// <summary>Indices of the nearest voxels, negative outside.</summary>
    private static int[] Indices(AxisPosition[] positions, int length) => Array.ConvertAll(positions, position => position.AtNearest(length).Lower);
}
