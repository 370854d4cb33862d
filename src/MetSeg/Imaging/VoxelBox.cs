namespace MetSeg.Imaging;

/// <summary>An axis-aligned box of voxels: the first voxel along each axis and the one after the last.</summary>
public readonly record struct VoxelBox(int MinX, int MinY, int MinZ, int EndX, int EndY, int EndZ)
{
    /// <summary>The box that holds nothing; the smallest box around it and another is the other.</summary>
    public static VoxelBox Empty { get; } = new(int.MaxValue, int.MaxValue, int.MaxValue, int.MinValue, int.MinValue, int.MinValue);

    /// <summary>Whether no voxel lies inside.</summary>
    public bool IsEmpty => EndX <= MinX || EndY <= MinY || EndZ <= MinZ;

    /// <summary>Number of voxels along each axis; the box must not be empty.</summary>
    public Size Size => new(EndX - MinX, EndY - MinY, EndZ - MinZ);

    /// <summary>The smallest box around this one and another.</summary>
    public VoxelBox Around(VoxelBox other) => new(
        Math.Min(MinX, other.MinX), Math.Min(MinY, other.MinY), Math.Min(MinZ, other.MinZ),
        Math.Max(EndX, other.EndX), Math.Max(EndY, other.EndY), Math.Max(EndZ, other.EndZ));

    /// <summary>The same box, its first voxel counted from another origin.</summary>
    public VoxelBox Shift(int x, int y, int z) => new(MinX + x, MinY + y, MinZ + z, EndX + x, EndY + y, EndZ + z);
}
