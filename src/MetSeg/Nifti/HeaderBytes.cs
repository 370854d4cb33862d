using System.Buffers.Binary;

namespace MetSeg.Nifti;

/// <summary>A header as stored: reads its numbers in its own byte order and width.</summary>
internal readonly ref struct HeaderBytes(ReadOnlySpan<byte> bytes, HeaderLayout layout, bool isBigEndian)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    public HeaderLayout Layout => layout;

    public bool IsBigEndian => isBigEndian;

    private bool IsWide => layout.Version == 2;

    /// <summary>The format's mark: 4 bytes in NIfTI-1, 8 in NIfTI-2.</summary>
    public ReadOnlySpan<byte> Magic => bytes.Slice(layout.Magic, IsWide ? 8 : 4);

    /// <summary>The code of the datatype: 16 bits in both versions.</summary>
    public int Datatype => Int16(layout.Datatype);

    /// <summary>Code of the units of space and time: 8 or 32 bits.</summary>
    public int Units => IsWide ? Int32(layout.Units) : bytes[layout.Units];

    /// <summary>Where the voxels start: a float in NIfTI-1, a whole number in NIfTI-2.</summary>
    public double VoxelOffset => IsWide ? Int64(layout.VoxelOffset) : Real(layout.VoxelOffset);

    /// <summary>An element of dim: 16 or 64 bits.</summary>
    public long Dimension(int index) => IsWide ? Int64(layout.Dimensions + (8 * index)) : Int16(layout.Dimensions + (2 * index));

    /// <summary>The code of the sform or qform: 16 or 32 bits.</summary>
    public int FormCode(int offset) => IsWide ? Int32(offset) : Int16(offset);

    /// <summary>Element <paramref name="index"/> of the floating-point numbers that start at <paramref name="offset"/>: 32 or 64 bits each.</summary>
    public double Real(int offset, int index = 0) => IsWide
        ? BitConverter.Int64BitsToDouble(Int64(offset + (8 * index)))
        : BitConverter.Int32BitsToSingle(Int32(offset + (4 * index)));

    private short Int16(int offset) =>
        isBigEndian ? BinaryPrimitives.ReadInt16BigEndian(bytes[offset..]) : BinaryPrimitives.ReadInt16LittleEndian(bytes[offset..]);

    private int Int32(int offset) =>
        isBigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes[offset..]) : BinaryPrimitives.ReadInt32LittleEndian(bytes[offset..]);

    private long Int64(int offset) =>
        isBigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes[offset..]) : BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]);
}
