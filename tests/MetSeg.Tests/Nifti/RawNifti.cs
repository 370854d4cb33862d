using System.Buffers.Binary;
using System.IO.Compression;

namespace MetSeg.Tests.Nifti;

/// <summary>A NIfTI-1 file made byte by byte: 2×1×1 voxels of 1×2×3 mm, no forms, no scaling; tests then damage or set single fields.</summary>
internal sealed class RawNifti
{
    public const int Dimensions = 40, Datatype = 70, PixelDimensions = 76, VoxelOffset = 108, Slope = 112, Intercept = 116, Units = 123,
        QformCode = 252, SformCode = 254, Quaternion = 256, Offset = 268, SformRows = 280, Magic = 344;

    private readonly byte[] header = new byte[352];
    private readonly byte[] voxels;

    public RawNifti(int datatype, params byte[] voxels)
    {
        this.voxels = voxels;
        BinaryPrimitives.WriteInt32LittleEndian(header, 348);
        Set(Dimensions, 3, 2, 1, 1, 1, 1, 1, 1).Set(Datatype, (short)datatype).SetReals(PixelDimensions, 1, 1, 2, 3).SetReals(VoxelOffset, 352);
        "n+1\0"u8.CopyTo(header.AsSpan(Magic));
    }

    public RawNifti Set(int offset, params short[] values)
    {
        foreach (var (index, value) in values.Index())
        {
            BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(offset + (2 * index)), value);
        }

        return this;
    }

    public RawNifti SetReals(int offset, params float[] values)
    {
        foreach (var (index, value) in values.Index())
        {
            BinaryPrimitives.WriteSingleLittleEndian(header.AsSpan(offset + (4 * index)), value);
        }

        return this;
    }

    public RawNifti SetByte(int offset, byte value)
    {
        header[offset] = value;
        return this;
    }

    public byte[] ToBytes() => [.. header, .. voxels];

    public byte[] ToGzip() => Gzip(ToBytes());

    /// <summary>One gzip member; the base library writes nothing at all for nothing, so the empty one stands here as gzip(1) makes it.</summary>
    public static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        if (content.Length == 0)
        {
            return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, .. new byte[8]];
        }

        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, level, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }
}
