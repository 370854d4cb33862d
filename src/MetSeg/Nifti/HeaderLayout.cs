using System.Buffers.Binary;

namespace MetSeg.Nifti;

/// <summary>Where the fields of a header lie, in bytes from its start (nifti1.h and nifti2.h of the NIfTI Data Format Working Group).</summary>
/// <param name="Version">1 or 2; version 2 has wider numbers.</param>
/// <param name="Length">Bytes of the header.</param>
internal sealed record HeaderLayout(int Version, int Length)
{
    /// <summary>Bytes of the extension flag that follows the header of a single file; voxels cannot start before their end.</summary>
    public const int ExtensionFlagBytes = 4;

    public static HeaderLayout Nifti1 { get; } = new(1, 348)
    {
        Magic = 344, Datatype = 70, BitsPerVoxel = 72, Dimensions = 40, PixelDimensions = 76, VoxelOffset = 108, Slope = 112, Intercept = 116,
        Description = 148, Units = 123, QformCode = 252, SformCode = 254, Quaternion = 256, QuaternionOffset = 268, SformRows = 280,
    };

    public static HeaderLayout Nifti2 { get; } = new(2, 540)
    {
        Magic = 4, Datatype = 12, BitsPerVoxel = 14, Dimensions = 16, PixelDimensions = 104, VoxelOffset = 168, Slope = 176, Intercept = 184,
        Description = 240, Units = 500, QformCode = 344, SformCode = 348, Quaternion = 352, QuaternionOffset = 376, SformRows = 400,
    };

    public required int Magic { get; init; }

    public required int Datatype { get; init; }

    public required int BitsPerVoxel { get; init; }

    public required int Dimensions { get; init; }

    public required int PixelDimensions { get; init; }

    public required int VoxelOffset { get; init; }

    public required int Slope { get; init; }

    public required int Intercept { get; init; }

    public required int Description { get; init; }

    public required int Units { get; init; }

    public required int QformCode { get; init; }

    public required int SformCode { get; init; }

    public required int Quaternion { get; init; }

    public required int QuaternionOffset { get; init; }

    public required int SformRows { get; init; }

    /// <summary>The layout and byte order that the first four bytes (sizeof_hdr) tell, or null where they tell none.</summary>
    public static (HeaderLayout Layout, bool IsBigEndian)? Recognize(ReadOnlySpan<byte> start)
    {
        foreach (var layout in (ReadOnlySpan<HeaderLayout>)[Nifti1, Nifti2])
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(start) == layout.Length)
            {
                return (layout, false);
            }

            if (BinaryPrimitives.ReadInt32BigEndian(start) == layout.Length)
            {
                return (layout, true);
            }
        }

        return null;
    }
}
