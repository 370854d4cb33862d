namespace MetSeg.Imaging;

/// <summary>Fills holes of masks: components of the background (face-neighbors) that do not touch the border.</summary>
internal static class Holes
{
    /// <summary>Sets every voxel of a hole to 1.</summary>
    public static void Fill(Span<byte> mask, Size size) =>
        Fill(mask, size, box => box.MinX == 0 || box.MinY == 0 || box.MinZ == 0 || box.EndX == size.X || box.EndY == size.Y || box.EndZ == size.Z);

    /// <summary>Sets every voxel of a hole in any slice to 1.</summary>
    /// <param name="mask">The mask, x fastest.</param>
    /// <param name="size">Its size.</param>
    /// <param name="axis">The axis across the slices.</param>
    public static void FillInSlices(byte[] mask, Size size, int axis)
    {
        int[] lengths = size.ToArray(), strides = [1, size.X, size.X * size.Y];
        var (across, along) = axis switch
        {
            0 => (1, 2),
            1 => (0, 2),
            2 => (0, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "An axis is 0, 1 or 2."),
        };
        var plane = new Size(lengths[across], lengths[along], 1);
        Parallel.For(0, lengths[axis], () => new byte[plane.Count], (slice, _, buffer) =>
        {
            Copy(mask, slice * strides[axis], (strides[across], strides[along]), plane, buffer, isBack: false);
            FillPlane(buffer, plane);
            Copy(mask, slice * strides[axis], (strides[across], strides[along]), plane, buffer, isBack: true);
            return buffer;
        }, _ => { });
    }

    private static void FillPlane(Span<byte> mask, Size plane) =>
        Fill(mask, plane, box => box.MinX == 0 || box.MinY == 0 || box.EndX == plane.X || box.EndY == plane.Y);

    private static void Fill(Span<byte> mask, Size size, Func<VoxelBox, bool> touchesBorder)
    {
        var background = new byte[mask.Length];
        for (var i = 0; i < mask.Length; i++)
        {
            background[i] = mask[i] == 0 ? (byte)1 : (byte)0;
        }

        var components = Components.Find(background, size, connectivity: 6);
        var isHole = components.Items.Select(component => !touchesBorder(component.Box)).ToArray();
        foreach (var run in components.Runs)
        {
            if (isHole[run.Component - 1])
            {
                mask.Slice(run.Start, run.Length).Fill(1);
            }
        }
    }

    private static void Copy(byte[] mask, int first, (int Across, int Along) strides, Size plane, byte[] buffer, bool isBack)
    {
        for (var v = 0; v < plane.Y; v++)
        {
            var place = first + (v * strides.Along);
            for (var u = 0; u < plane.X; u++, place += strides.Across)
            {
                if (isBack)
                {
                    mask[place] = buffer[u + (v * plane.X)];
                }
                else
                {
                    buffer[u + (v * plane.X)] = mask[place];
                }
            }
        }
    }
}
