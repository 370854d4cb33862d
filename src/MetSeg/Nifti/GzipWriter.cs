using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace MetSeg.Nifti;

/// <summary>
/// Compresses content of a known length to gzip (RFC 1952) on all cores: one member that any reader opens, made of parts that are deflated each
/// on its own and listed in a <see cref="GzipIndex"/>. The bytes do not depend on the number of cores; a few parts per core are in memory.
/// </summary>
/// <remarks>
/// A part ends with an empty stored block, zlib's Z_SYNC_FLUSH, which fills its last byte; only the last part ends the deflate stream. The
/// program pigz joins its blocks in the same way.
/// </remarks>
internal sealed class GzipWriter
{
    /// <summary>The header up to the length of its extra field: no time, no name, no system. The length and the index follow.</summary>
    private static readonly byte[] headerStart = [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 255];

    private static readonly int mostAhead = 2 * Environment.ProcessorCount;

    private readonly Stream file;
    private readonly PartDeflater deflater;
    private readonly GzipIndex index;
    private readonly Queue<Task<ArraySegment<byte>>> ahead = new();
    private readonly Crc32 checksum = new();
    private readonly long length;
    private long remaining;
    private byte[] part = [];
    private int filled;
    private int written;

    /// <param name="file">Receives the compressed bytes from its start; seekable, not disposed.</param>
    /// <param name="length">Bytes of the content; positive.</param>
    /// <param name="level">zlib's level, 2 to 9.</param>
    public GzipWriter(Stream file, long length, int level)
    {
        (this.file, this.length, remaining) = (file, length, length);
        deflater = new PartDeflater(level);
        index = GzipIndex.For(length);
        WriteHeader();
    }

    /// <summary>Adds content.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        checksum.Append(content);
        while (content.Length > 0)
        {
            part = part.Length == 0 ? ArrayPool<byte>.Shared.Rent(index.PartBytes) : part;
            var count = Math.Min(content.Length, index.PartBytes - filled);
            content[..count].CopyTo(part.AsSpan(filled));
            content = content[count..];
            (filled, remaining) = (filled + count, remaining - count);
            if (filled == index.PartBytes || remaining == 0)
            {
                StartPart();
            }
        }
    }

    /// <summary>Ends the file once all content is there.</summary>
    public void Complete()
    {
        while (ahead.Count > 0)
        {
            WritePart();
        }

        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, checksum.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)length);
        file.Write(trailer);
        file.Position = 0;
        WriteHeader();
    }

    /// <summary>Writes the header: first to take its place, at the end with the parts' sizes.</summary>
    private void WriteHeader()
    {
        var header = new byte[headerStart.Length + sizeof(ushort) + index.FieldBytes];
        headerStart.CopyTo(header, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(headerStart.Length), (ushort)index.FieldBytes);
        index.Write(header.AsSpan(headerStart.Length + sizeof(ushort)));
        file.Write(header);
    }

    private void StartPart()
    {
        var (content, count, isLast) = (part, filled, remaining == 0);
        ahead.Enqueue(Task.Run(() =>
        {
            var compressed = deflater.Deflate(content.AsSpan(0, count), isLast);
            ArrayPool<byte>.Shared.Return(content);
            return compressed;
        }));
        (part, filled) = ([], 0);
        if (ahead.Count == mostAhead)
        {
            WritePart();
        }
    }

    private void WritePart()
    {
        var compressed = ahead.Dequeue().GetAwaiter().GetResult();
        file.Write(compressed);
        index.CompressedBytes[written++] = compressed.Count;
        ArrayPool<byte>.Shared.Return(compressed.Array!);
    }
}
