using System.Buffers;
using System.IO.Compression;

namespace MetSeg.Nifti;

/// <summary>The content of a gzip member with a <see cref="GzipIndex"/>, inflated on all cores. A few parts per core are in memory.</summary>
/// <param name="compressed">Stands at the first part; afterwards behind the last.</param>
/// <param name="index">Where the parts lie.</param>
internal sealed class PartInflater(Stream compressed, GzipIndex index) : ForwardStream
{
    /// <summary>An empty last deflate block, which ends a part that others follow.</summary>
    private static readonly byte[] end = [3, 0];

    private static readonly int mostAhead = 2 * Environment.ProcessorCount;

    private readonly Queue<Task<ArraySegment<byte>>> ahead = new();
    private ArraySegment<byte> part = ArraySegment<byte>.Empty;
    private int position;
    private int started;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The parts are damaged, or not what the index says.</exception>
    /// <exception cref="EndOfStreamException">The file ends before the last part does.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (position == part.Count && !NextPart())
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, part.Count - position);
        part.AsSpan(position, count).CopyTo(buffer);
        position += count;
        return count;
    }

    private bool NextPart()
    {
        if (part.Count > 0)
        {
            ArrayPool<byte>.Shared.Return(part.Array!);
            (part, position) = (ArraySegment<byte>.Empty, 0);
        }

        // The header lies in the first part, and often nobody reads on.
        if (started == 0)
        {
            part = TakePart()();
            return true;
        }

        while (ahead.Count < mostAhead && started < index.CompressedBytes.Length)
        {
            ahead.Enqueue(Task.Run(TakePart()));
        }

        part = ahead.Count > 0 ? ahead.Dequeue().GetAwaiter().GetResult() : part;
        return part.Count > 0;
    }

    /// <summary>Reads the next part; the result inflates it.</summary>
    private Func<ArraySegment<byte>> TakePart()
    {
        var size = index.CompressedBytes[started++];
        var isLast = started == index.CompressedBytes.Length;
        var deflated = ArrayPool<byte>.Shared.Rent(size + end.Length);
        compressed.ReadExactly(deflated, 0, size);
        end.CopyTo(deflated, size);
        var content = ArrayPool<byte>.Shared.Rent(index.PartBytes);
        return () =>
        {
            var count = Inflate(new MemoryStream(deflated, 0, isLast ? size : size + end.Length), content.AsSpan(0, index.PartBytes));
            ArrayPool<byte>.Shared.Return(deflated);
            var isWhole = count == index.PartBytes || (isLast && count > 0);
            return isWhole ? new ArraySegment<byte>(content, 0, count) : throw new InvalidDataException("A part is shorter than the index says.");
        };
    }

    private static int Inflate(MemoryStream deflated, Span<byte> content)
    {
        using var inflate = new DeflateStream(deflated, CompressionMode.Decompress);
        var count = inflate.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return inflate.ReadByte() < 0 ? count : throw new InvalidDataException("A part is longer than the index says.");
    }
}
