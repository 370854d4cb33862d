using System.Buffers.Binary;
using System.IO.Compression;

namespace MetSeg.Tests.Nifti;

/// <summary>A gzip member of separately deflated parts with an index, made by hand; single pieces can be made wrong.</summary>
internal sealed record PartedGzip(byte[] Content, int PartBytes)
{
    /// <summary>Changes the sizes that the index lists.</summary>
    public Func<int[], int[]> Listing { get; init; } = sizes => sizes;

    /// <summary>What the index says a part holds, if not the truth.</summary>
    public int? ListedPartBytes { get; init; }

    public byte[] ToBytes()
    {
        var parts = Content.Chunk(PartBytes).ToArray();
        var deflated = parts.Select((part, i) => Deflate(part, i == parts.Length - 1)).ToArray();
        var listed = Listing([.. deflated.Select(part => part.Length)]);
        byte[] index = [.. Number(ListedPartBytes ?? PartBytes), .. listed.SelectMany(Number)];
        var plain = RawNifti.Gzip(Content);
        return
        [
            0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 255, .. Short(4 + index.Length), (byte)'M', (byte)'S', .. Short(index.Length), .. index,
            .. deflated.SelectMany(part => part), .. plain[^8..],
        ];
    }

    private static byte[] Deflate(byte[] part, bool isLast)
    {
        using var compressed = new MemoryStream();
        using var deflate = new DeflateStream(compressed, CompressionLevel.Optimal, leaveOpen: true);
        deflate.Write(part);
        deflate.Flush();
        var flushed = compressed.ToArray();
        deflate.Dispose();
        return isLast ? compressed.ToArray() : flushed;
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Short(int value) => Number(value)[..2];
}
