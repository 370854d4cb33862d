using System.Buffers.Binary;

namespace MetSeg.Nifti;

/// <summary>The checksum of gzip and zip (RFC 1952, section 8: reflected polynomial 0xEDB88320), eight bytes a step ("slicing by 8").</summary>
public static class Crc32
{
    private static readonly uint[] table = CreateTable();

    /// <summary>Continues a checksum; start with 0.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var crc = ~checksum;
        var lookup = table.AsSpan();
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = lookup[(int)(1792 + (low & 255))] ^ lookup[(int)(1536 + ((low >> 8) & 255))]
                ^ lookup[(int)(1280 + ((low >> 16) & 255))] ^ lookup[(int)(1024 + (low >> 24))]
                ^ lookup[(int)(768 + (high & 255))] ^ lookup[(int)(512 + ((high >> 8) & 255))]
                ^ lookup[(int)(256 + ((high >> 16) & 255))] ^ lookup[(int)(high >> 24)];
        }

        foreach (var value in bytes)
        {
            crc = lookup[(int)((crc ^ value) & 255)] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <summary>Row n holds the checksum of each byte followed by n zero bytes.</summary>
    private static uint[] CreateTable()
    {
        var rows = new uint[8 * 256];
        for (var value = 0u; value < 256; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }

            rows[value] = crc;
        }

        for (var i = 256; i < rows.Length; i++)
        {
            rows[i] = rows[rows[i - 256] & 255] ^ (rows[i - 256] >> 8);
        }

        return rows;
    }
}
