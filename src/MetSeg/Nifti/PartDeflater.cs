using System.Buffers;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Nifti;

/// <summary>Deflates one part of a file (RFC 1951), without reference to what came before it.</summary>
/// <param name="level">zlib's level, 2 to 9.</param>
internal sealed class PartDeflater(int level)
{
    /// <summary>Every how manieth 32-bit word is looked at for repetitions.</summary>
    private const int Stride = 4;

    /// <summary>With less than one word in so many met before, looking for repetitions saves below 1 % and takes twice as long.</summary>
    private const int WordsPerRepetition = 8;

    private const int TableBits = 12;

    private readonly ZLibCompressionOptions matching = new() { CompressionLevel = level };

    private readonly ZLibCompressionOptions runsOnly = new()
    {
        CompressionLevel = level,
        CompressionStrategy = ZLibCompressionStrategy.RunLengthEncoding,
    };

    /// <summary>Deflates a part.</summary>
    /// <param name="header">Its first bytes, if it is the first part.</param>
    /// <param name="content">The other bytes.</param>
    /// <param name="isLast">Whether the stream ends here; otherwise the result ends on a whole byte after which the next part can follow.</param>
    /// <returns>The compressed bytes in an array of the shared pool, which the caller returns.</returns>
    public ArraySegment<byte> Deflate(ReadOnlySpan<byte> header, ReadOnlySpan<byte> content, bool isLast)
    {
        var room = ArrayPool<byte>.Shared.Rent((2 * (header.Length + content.Length)) + 1024);
        using var compressed = new MemoryStream(room);
        using var deflate = new DeflateStream(compressed, Repeats(content) ? matching : runsOnly, leaveOpen: true);
        deflate.Write(header);
        deflate.Write(content);
        deflate.Flush();
        var flushed = (int)compressed.Position;
        deflate.Dispose();
        return new ArraySegment<byte>(room, 0, isLast ? (int)compressed.Position : flushed);
    }

    /// <summary>
    /// Whether words return that are no runs of one byte. The noise of an interpolated image in floating point has none, and its zero
    /// background only runs.
    /// </summary>
    private static bool Repeats(ReadOnlySpan<byte> content)
    {
        var words = MemoryMarshal.Cast<byte, uint>(content);
        Span<uint> met = stackalloc uint[1 << TableBits];
        var (repetitions, others) = (0, 0);
        for (var i = 0; i < words.Length; i += Stride)
        {
            var word = words[i];
            if (word == BitOperations.RotateLeft(word, 8))
            {
                continue;
            }

            ref var place = ref met[(int)((word * 0x9E3779B1) >> (32 - TableBits))];
            repetitions += place == word ? 1 : 0;
            others++;
            place = word;
        }

        return others == 0 || repetitions * WordsPerRepetition >= others;
    }
}
