using System.IO.Compression;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Nifti;

public sealed class GzipReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8192)]
    [InlineData(300_000)]
    public void Reads_what_was_compressed(int length)
    {
        foreach (var level in Enum.GetValues<CompressionLevel>())
        {
            foreach (var content in new[] { new byte[length], Noise(length) })
            {
                Assert.True(content.AsSpan().SequenceEqual(Read(RawNifti.Gzip(content, level))));
            }
        }
    }

    [Fact]
    public void Members_are_one_file_even_empty_ones_and_those_full_of_zeros()
    {
        byte[][] parts = [[], [1, 2, 3], [], [], new byte[70_000], [0], Noise(20_000), []];

        var read = Read([.. parts.SelectMany(part => RawNifti.Gzip(part))]);

        Assert.True(parts.SelectMany(part => part).SequenceEqual(read));
    }

    [Fact]
    public void Bytes_behind_a_verified_member_are_ignored()
    {
        Assert.Equal([1, 2, 3], Read([.. RawNifti.Gzip([1, 2, 3]), .. "garbage"u8]));
        Assert.Equal([1, 2, 3], Read([.. RawNifti.Gzip([1, 2, 3]), .. new byte[512]]));
    }

    [Fact]
    public void Optional_header_fields_are_skipped()
    {
        var plain = RawNifti.Gzip([1, 2, 3]);
        byte[] withFields = [0x1F, 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, .. "name\0comment\0"u8, 7, 7, .. plain[10..]];

        Assert.Equal([1, 2, 3], Read(withFields));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Every_cut_is_noticed(int length)
    {
        var whole = RawNifti.Gzip(Noise(length));
        for (var count = 2; count < whole.Length; count++)
        {
            Assert.Contains(Refusal(whole[..count]).Fault, new[] { ImageFault.Truncated, ImageFault.CorruptGzip });
        }
    }

    [Fact]
    public void A_second_member_that_is_cut_is_noticed()
    {
        var first = RawNifti.Gzip(Noise(100));
        var second = RawNifti.Gzip(Noise(200));
        for (var count = 2; count < second.Length; count++)
        {
            Assert.Contains(Refusal([.. first, .. second[..count]]).Fault, new[] { ImageFault.Truncated, ImageFault.CorruptGzip });
        }
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    public void No_flipped_bit_changes_what_is_read(CompressionLevel level)
    {
        var content = Noise(100);
        var whole = RawNifti.Gzip(content, level);
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                // Bits of the time stamp and the like matter to nobody.
                Assert.Equal(content, Read(damaged));
            }
            catch (ImageFileException refusal)
            {
                Assert.Contains(refusal.Fault, new[] { ImageFault.Truncated, ImageFault.CorruptGzip });
            }
        }
    }

    private ImageFileException Refusal(byte[] compressed) => Assert.Throws<ImageFileException>(() => Read(compressed));

    private byte[] Read(byte[] compressed)
    {
        File.WriteAllBytes(folder.PathOf("a.gz"), compressed);
        using var file = File.OpenRead(folder.PathOf("a.gz"));
        using var reader = new GzipReader(file, "a.gz");
        using var content = new MemoryStream();
        reader.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>Half-compressible bytes.</summary>
    private static byte[] Noise(int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(16))];
    }
}
