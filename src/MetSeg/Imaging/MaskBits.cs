using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MetSeg.Imaging;

/// <summary>A mask with one bit per voxel: each row along x starts a new word, its unused last bits are 0.</summary>
internal sealed class MaskBits
{
    private const int BitsPerWord = 64;

    /// <summary>The eight bytes of 0 or 1 that eight bits stand for.</summary>
    private static readonly ulong[] bytesOfBits = [.. Enumerable.Range(0, 256).Select(bits =>
        Enumerable.Range(0, 8).Aggregate(0UL, (bytes, bit) => bytes | ((ulong)((bits >> bit) & 1) << (8 * bit))))];

    private readonly ulong[] words;

    /// <summary>A mask without foreground.</summary>
    public MaskBits(Size size)
    {
        Size = size;
        WordsPerRow = (size.X + BitsPerWord - 1) / BitsPerWord;
        words = new ulong[WordsPerRow * size.Y * size.Z];
    }

    /// <summary>Number of voxels along each axis.</summary>
    public Size Size { get; }

    /// <summary>Number of words in a row.</summary>
    public int WordsPerRow { get; }

    /// <summary>The bits of a row's last word that are voxels.</summary>
    public ulong LastBits => ulong.MaxValue >> ((BitsPerWord - (Size.X % BitsPerWord)) % BitsPerWord);

    /// <summary>Everything in a label map that is not background.</summary>
    public static MaskBits From(LabelMap map)
    {
        var bits = new MaskBits(map.Grid.Size);
        var (size, labels) = (bits.Size, ImmutableCollectionsMarshal.AsArray(map.Labels)!);
        Parallel.For(0, size.Z, z =>
        {
            for (var y = 0; y < size.Y; y++)
            {
                Pack(labels.AsSpan(size.Index(0, y, z), size.X), bits.Row(y, z));
            }
        });
        return bits;
    }

    /// <summary>The voxels whose value exceeds a threshold.</summary>
    public static MaskBits Above(ReadOnlyMemory<float> values, Size size, float threshold)
    {
        var bits = new MaskBits(size);
        Parallel.For(0, size.Z, z =>
        {
            for (var y = 0; y < size.Y; y++)
            {
                Pack(values.Span.Slice(size.Index(0, y, z), size.X), threshold, bits.Row(y, z));
            }
        });
        return bits;
    }

    /// <summary>Removes what is not in another mask of the same size.</summary>
    public void IntersectWith(MaskBits other)
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] &= other.words[i];
        }
    }

    /// <summary>The words of the row (y, z); bit b of word w is voxel x = 64·w + b.</summary>
    public Span<ulong> Row(int y, int z) => words.AsSpan(WordsPerRow * (y + (Size.Y * z)), WordsPerRow);

    /// <summary>A label map with 1 in the foreground, 0 elsewhere.</summary>
    /// <param name="grid">Where the voxels lie; as many as this mask has.</param>
    public LabelMap ToLabelMap(Grid grid)
    {
        var labels = new byte[Size.Count];
        Parallel.For(0, Size.Z, z =>
        {
            for (var y = 0; y < Size.Y; y++)
            {
                Unpack(Row(y, z), labels.AsSpan(Size.Index(0, y, z), Size.X));
            }
        });
        return new LabelMap(grid, labels);
    }

    private static void Pack(ReadOnlySpan<byte> row, Span<ulong> bits)
    {
        for (var word = 0; word < bits.Length; word++)
        {
            var piece = row[(word * BitsPerWord)..];
            if (piece.Length >= BitsPerWord)
            {
                bits[word] = Foreground(piece) | ((ulong)Foreground(piece[(BitsPerWord / 2)..]) << (BitsPerWord / 2));
                continue;
            }

            for (var x = 0; x < piece.Length; x++)
            {
                bits[word] |= piece[x] != 0 ? 1UL << x : 0;
            }
        }
    }

    private static void Pack(ReadOnlySpan<float> row, float threshold, Span<ulong> bits)
    {
        for (var x = 0; x < row.Length; x++)
        {
            bits[x / BitsPerWord] |= row[x] > threshold ? 1UL << (x % BitsPerWord) : 0;
        }
    }

    private static uint Foreground(ReadOnlySpan<byte> labels) =>
        ~Vector256.Equals(Vector256.Create(labels), Vector256<byte>.Zero).ExtractMostSignificantBits();

    private static void Unpack(ReadOnlySpan<ulong> bits, Span<byte> row)
    {
        var eights = MemoryMarshal.Cast<byte, ulong>(row);
        for (var i = 0; i < eights.Length; i++)
        {
            eights[i] = bytesOfBits[(byte)(bits[i / 8] >> (8 * (i % 8)))];
        }

        for (var x = 8 * eights.Length; x < row.Length; x++)
        {
            row[x] = (byte)((bits[x / BitsPerWord] >> (x % BitsPerWord)) & 1);
        }
    }
}
