using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MetSeg.Nifti;

/// <summary>
/// Compresses an image to gzip (RFC 1952) on all cores: one member that any reader opens, made of parts that are deflated each on its own and
/// listed in a <see cref="GzipIndex"/>. The bytes do not depend on the number of cores; a few compressed parts per core are in memory.
/// </summary>
/// <remarks>
/// A part ends with an empty stored block, zlib's Z_SYNC_FLUSH, which fills its last byte; only the last part ends the deflate stream. The
/// program pigz joins its blocks in the same way.
/// </remarks>
internal sealed class GzipWriter
{
    /// <summary>The gzip header up to the length of its extra field: no time, no name, no system. The length and the index follow.</summary>
    private static readonly byte[] start = [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 255];

    private static readonly int mostAhead = 2 * Environment.ProcessorCount;

    private readonly Stream file;
    private readonly GzipIndex index;
    private readonly Queue<Task<ArraySegment<byte>>> ahead = new();
    private int written;

    private GzipWriter(Stream file, GzipIndex index) => (this.file, this.index) = (file, index);

    /// <summary>Writes a compressed image.</summary>
    /// <param name="file">Receives the compressed bytes from its start; seekable, not disposed.</param>
    /// <param name="header">What comes before the voxels: shorter than a part (512 kB) and as long as a whole number of voxels.</param>
    /// <param name="voxels">The voxels, as they are in memory.</param>
    /// <param name="level">zlib's level, 2 to 9.</param>
    public static void Write<T>(Stream file, byte[] header, ImmutableArray<T> voxels, int level)
        where T : unmanaged
    {
        var width = Unsafe.SizeOf<T>();
        ArgumentOutOfRangeException.ThrowIfNotEqual(header.Length % width, 0, nameof(header));
        var length = header.Length + ((long)width * voxels.Length);
        new GzipWriter(file, GzipIndex.For(length)).Write(header, voxels, new PartDeflater(level), length);
    }

    private void Write<T>(byte[] header, ImmutableArray<T> voxels, PartDeflater deflater, long length)
        where T : unmanaged
    {
        WriteHeader();
        var checksum = new Crc32();
        checksum.Append(header);
        var (first, head) = (0, header);
        while (first < voxels.Length || head.Length > 0)
        {
            var count = Math.Min((index.PartBytes - head.Length) / Unsafe.SizeOf<T>(), voxels.Length - first);
            var (part, before, isLast) = (voxels.AsMemory().Slice(first, count), head, first + count == voxels.Length);
            checksum.Append(MemoryMarshal.AsBytes(part.Span));
            ahead.Enqueue(Task.Run(() => deflater.Deflate(before, MemoryMarshal.AsBytes(part.Span), isLast)));
            if (ahead.Count == mostAhead)
            {
                WritePart();
            }

            (first, head) = (first + count, []);
        }

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

    /// <summary>Writes the gzip header: first to take its place, at the end with the parts' sizes.</summary>
    private void WriteHeader()
    {
        var header = new byte[start.Length + sizeof(ushort) + index.FieldBytes];
        start.CopyTo(header, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(start.Length), (ushort)index.FieldBytes);
        index.Write(header.AsSpan(start.Length + sizeof(ushort)));
        file.Write(header);
    }

    private void WritePart()
    {
        var compressed = ahead.Dequeue().GetAwaiter().GetResult();
        file.Write(compressed);
        index.CompressedBytes[written++] = compressed.Count;
        ArrayPool<byte>.Shared.Return(compressed.Array!);
    }
}
