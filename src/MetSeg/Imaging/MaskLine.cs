namespace MetSeg.Imaging;

/// <summary>Steps through a line of a mask, where most voxels are background, many voxels at a time.</summary>
internal static class MaskLine
{
    /// <summary>The first foreground voxel at or after a place; the line's length where there is none.</summary>
    public static int NextForeground(ReadOnlySpan<byte> line, int from)
    {
        var step = line[from..].IndexOfAnyExcept((byte)0);
        return step < 0 ? line.Length : from + step;
    }

    /// <summary>The first background voxel at or after a place; the line's length where there is none.</summary>
    public static int NextBackground(ReadOnlySpan<byte> line, int from)
    {
        var step = line[from..].IndexOf((byte)0);
        return step < 0 ? line.Length : from + step;
    }
}
