using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace MetSeg.Nifti;

/// <summary>
/// Decompresses a gzip file (RFC 1952) and verifies it: every member must end with its checksum and length. The base library's own gzip
/// stream takes a cut file for a complete one. Concatenated members are one file; bytes after a verified member that do not begin another
/// are ignored, as gzip(1) does.
/// </summary>
/// <remarks>
/// The inflater reads ahead, so the end of its data is only known to lie in the last block it was given. There the eight bytes of checksum
/// and length are looked for: both are known by then, and a cut or damaged member does not hold them (but for a member without content, which
/// may lack its last zero). The parts of a member with a <see cref="GzipIndex"/> are inflated on all cores; its checksum is over all of them.
/// </remarks>
internal sealed class GzipReader : ForwardStream
{
    /// <summary>Deflate turns one byte into at most this many (RFC 1951: 258 bytes for two bits).</summary>
    public const int MaxExpansion = 1032;

    private const int TrailerBytes = 8;

    private readonly FileStream file;
    private readonly string path;
    private readonly Lookahead compressed;
    private readonly Crc32 checksum = new();
    private Stream? member;
    private long bodyStart;
    private uint length;
    private bool ended;

    /// <param name="file">The compressed file, at its start; not disposed.</param>
    /// <param name="path">Its name for messages.</param>
    public GzipReader(FileStream file, string path)
    {
        (this.file, this.path) = (file, path);
        compressed = new Lookahead(file);
        if (!BeginMember())
        {
            throw Corrupt("it is not gzip");
        }
    }

    /// <summary>Whether a file begins as gzip does.</summary>
    public static bool IsGzip(ReadOnlySpan<byte> start) => start is [0x1F, 0x8B, ..];

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (!ended && buffer.Length > 0)
        {
            var count = Inflate(buffer);
            if (count > 0)
            {
                checksum.Append(buffer[..count]);
                length += (uint)count;
                return count;
            }

            EndMember();
            ended = !BeginMember();
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        member?.Dispose();
        base.Dispose(disposing);
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return member!.Read(buffer);
        }
        catch (InvalidDataException exception)
        {
            throw Corrupt("its compressed data is damaged", exception);
        }
        catch (EndOfStreamException)
        {
            throw Cut();
        }
    }

    /// <summary>Reads a member's header; false where none begins here.</summary>
    private bool BeginMember()
    {
        Span<byte> fixedPart = stackalloc byte[10];
        var count = file.ReadAtLeast(fixedPart, fixedPart.Length, throwOnEndOfStream: false);
        if (!IsGzip(fixedPart[..count]))
        {
            return false;
        }

        var flags = count == fixedPart.Length ? fixedPart[3] : throw Cut();
        if (fixedPart[2] != 8 || (flags & 0xE0) != 0)
        {
            throw Corrupt("its gzip header is damaged");
        }

        var index = ReadOptionalFields(flags);
        bodyStart = file.Position;
        checksum.Reset();
        length = 0;
        compressed.Restart();
        member?.Dispose();
        member = index is null ? new DeflateStream(compressed, CompressionMode.Decompress, leaveOpen: true) : new PartInflater(compressed, index);
        return true;
    }

    /// <summary>Goes behind the optional fields; an index among them is the result.</summary>
    private GzipIndex? ReadOptionalFields(int flags)
    {
        const int HeaderChecksum = 2, Extra = 4, Name = 8, Comment = 16;
        GzipIndex? index = null;
        if ((flags & Extra) != 0)
        {
            var fields = new byte[NextByte() | (NextByte() << 8)];
            index = file.ReadAtLeast(fields, fields.Length, throwOnEndOfStream: false) == fields.Length ? GzipIndex.Find(fields) : throw Cut();
        }

        foreach (var text in (ReadOnlySpan<int>)[Name, Comment])
        {
            while ((flags & text) != 0 && NextByte() != 0)
            {
            }
        }

        file.Position += (flags & HeaderChecksum) != 0 ? 2 : 0;
        return index;
    }

    /// <summary>Finds checksum and length of the member that ended and goes on behind them.</summary>
    private void EndMember()
    {
        if (compressed.ReachedEnd)
        {
            throw Cut();
        }

        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, checksum.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], length);
        var start = Math.Max(bodyStart, compressed.BlockStart - TrailerBytes);
        var window = new byte[compressed.BlockEnd - start + TrailerBytes + 2];
        file.Position = start;
        var bytes = window.AsSpan(0, file.ReadAtLeast(window, window.Length, throwOnEndOfStream: false));
        var end = TrailerEnd(bytes, trailer);
        file.Position = end > 0 ? start + end : throw Corrupt("its checksum is wrong, so its voxels cannot be trusted");
    }

    /// <summary>
    /// Where the trailer ends, or 0. The last bytes of the compressed data can look like the first of the trailer (zeros, above all), so the
    /// place where the file ends or another member begins goes before the first one found.
    /// </summary>
    private static int TrailerEnd(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> trailer)
    {
        var first = 0;
        for (var end = TrailerBytes; end <= bytes.Length; end++)
        {
            if (bytes[(end - TrailerBytes)..end].SequenceEqual(trailer))
            {
                if (end == bytes.Length || IsGzip(bytes[end..]))
                {
                    return end;
                }

                first = first == 0 ? end : first;
            }
        }

        return first;
    }

    private int NextByte()
    {
        var value = file.ReadByte();
        return value >= 0 ? value : throw Cut();
    }

    private ImageFileException Cut() => Refusal.Of(ImageFault.Truncated, path, "the gzip file ends too early. Copy it again.");

    private ImageFileException Corrupt(string problem, Exception? cause = null) =>
        Refusal.Of(ImageFault.CorruptGzip, path, $"{problem} (gzip -t tells more). Copy it again.", cause);

    /// <summary>Hands the compressed file to the inflater in blocks and remembers where the last one lay.</summary>
    private sealed class Lookahead(FileStream file) : ForwardStream
    {
        public long BlockStart { get; private set; }

        public long BlockEnd { get; private set; }

        public bool ReachedEnd { get; private set; }

        public void Restart() => (BlockStart, BlockEnd, ReachedEnd) = (file.Position, file.Position, false);

        public override int Read(Span<byte> buffer)
        {
            BlockStart = file.Position;
            var count = file.Read(buffer);
            BlockEnd = file.Position;
            ReachedEnd = count == 0 && buffer.Length > 0;
            return count;
        }
    }
}
