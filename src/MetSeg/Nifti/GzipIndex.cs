using System.Buffers.Binary;

namespace MetSeg.Nifti;

/// <summary>
/// Where the parts of a gzip member lie that can be inflated on their own: an extra field of its header (RFC 1952, section 2.3.1.1) that every
/// other reader skips. Each part is a run of deflate blocks that refers to nothing before it and ends on a whole byte.
/// </summary>
/// <remarks>
/// The field's identifier is "MS". Its data are 32-bit little-endian numbers: how many bytes every part but the last holds, then the
/// compressed bytes of each part, which follow one another from the end of the gzip header.
/// </remarks>
/// <param name="PartBytes">Uncompressed bytes of every part; the last may have fewer.</param>
/// <param name="CompressedBytes">Compressed bytes of each part.</param>
internal sealed record GzipIndex(int PartBytes, int[] CompressedBytes)
{
    private const int LeastPartBytes = 1 << 19, MostPartBytes = 1 << 20;

    /// <summary>Most parts that a field of 65,535 bytes can list.</summary>
    private const int MostParts = 16381;

    private const int IdentifierBytes = 4;

    /// <summary>Length of the field with its identifier.</summary>
    public int FieldBytes => IdentifierBytes + (sizeof(uint) * (1 + CompressedBytes.Length));

    /// <summary>The parts of content that is not compressed yet.</summary>
    /// <param name="length">Bytes of the content; at most 16 GB.</param>
    public static GzipIndex For(long length)
    {
        var partBytes = LeastPartBytes;
        while (length > (long)partBytes * MostParts)
        {
            partBytes *= 2;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(partBytes, MostPartBytes, nameof(length));
        return new GzipIndex(partBytes, new int[(length + partBytes - 1) / partBytes]);
    }

    /// <summary>Finds the index among the extra fields of a gzip header; null where there is none that makes sense.</summary>
    public static GzipIndex? Find(ReadOnlySpan<byte> fields)
    {
        while (fields.Length >= IdentifierBytes)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(fields[2..]);
            if (length > fields.Length - IdentifierBytes)
            {
                return null;
            }

            if (fields is [(byte)'M', (byte)'S', ..])
            {
                return Parse(fields.Slice(IdentifierBytes, length));
            }

            fields = fields[(IdentifierBytes + length)..];
        }

        return null;
    }

    /// <summary>Writes the field with its identifier.</summary>
    public void Write(Span<byte> field)
    {
        "MS"u8.CopyTo(field);
        BinaryPrimitives.WriteUInt16LittleEndian(field[2..], (ushort)(FieldBytes - IdentifierBytes));
        BinaryPrimitives.WriteInt32LittleEndian(field[IdentifierBytes..], PartBytes);
        for (var i = 0; i < CompressedBytes.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(field[(IdentifierBytes + (sizeof(uint) * (1 + i)))..], CompressedBytes[i]);
        }
    }

    private static GzipIndex? Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length < 2 * sizeof(uint) || data.Length % sizeof(uint) != 0)
        {
            return null;
        }

        var partBytes = BinaryPrimitives.ReadInt32LittleEndian(data);
        var sizes = new int[(data.Length / sizeof(uint)) - 1];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32LittleEndian(data[(sizeof(uint) * (1 + i))..]);
        }

        var isSensible = partBytes is > 0 and <= MostPartBytes && Array.TrueForAll(sizes, size => size > 0 && size <= 2 * MostPartBytes);
        return isSensible ? new GzipIndex(partBytes, sizes) : null;
    }
}
