using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Nifti;

/// <summary>Reading gzip whose parts are inflated in parallel: as strict as reading it from front to back.</summary>
public sealed class PartedGzipTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private int saved;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1000, 1000)]
    [InlineData(1001, 1000)]
    [InlineData(5000, 7)]
    [InlineData(3_000_000, 1 << 20)]
    public void Parts_of_any_number_come_back_in_order(int length, int partBytes)
    {
        var content = Noise(length);

        Assert.True(content.AsSpan().SequenceEqual(Read(new PartedGzip(content, partBytes).ToBytes())));
    }

    [Fact]
    public void Ordinary_members_may_come_before_and_after()
    {
        var parted = new PartedGzip(Noise(100), 30).ToBytes();

        Assert.Equal([1, .. Noise(100), 2, .. Noise(100)], Read([.. RawNifti.Gzip([1]), .. parted, .. RawNifti.Gzip([2]), .. parted, .. "garbage"u8]));
    }

    [Fact]
    public void Every_cut_is_noticed()
    {
        var whole = new PartedGzip(Noise(300), 100).ToBytes();
        for (var count = 2; count < whole.Length; count++)
        {
            Assert.Contains(Refusal(whole[..count]).Fault, new[] { ImageFault.Truncated, ImageFault.CorruptGzip });
        }
    }

    [Fact]
    public void No_flipped_bit_changes_what_is_read()
    {
        var content = Noise(120);
        var whole = new PartedGzip(content, 50).ToBytes();
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(content, Read(damaged));
            }
            catch (ImageFileException refusal)
            {
                Assert.Contains(refusal.Fault, new[] { ImageFault.Truncated, ImageFault.CorruptGzip });
            }
        }
    }

    [Fact]
    public void Index_that_leaves_out_or_invents_parts_is_refused()
    {
        var gzip = new PartedGzip(Noise(300), 100);

        Assert.Equal(ImageFault.CorruptGzip, Refusal((gzip with { Listing = sizes => sizes[..^1] }).ToBytes()).Fault);
        Assert.Equal(ImageFault.CorruptGzip, Refusal((gzip with { Listing = sizes => [sizes[1], sizes[0], sizes[2]] }).ToBytes()).Fault);
        Assert.Equal(ImageFault.Truncated, Refusal((gzip with { Listing = sizes => [.. sizes, 1000] }).ToBytes()).Fault);
        Assert.Equal(ImageFault.CorruptGzip, Refusal((gzip with { ListedPartBytes = 101 }).ToBytes()).Fault);
    }

    [Fact]
    public void Part_that_holds_more_than_the_index_says_is_refused_before_it_fills_memory()
    {
        var bomb = new PartedGzip(new byte[64 << 20], 64 << 20) { ListedPartBytes = 1000 };
        var compressed = bomb.ToBytes();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(ImageFault.CorruptGzip, Refusal(compressed).Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(int.MaxValue)]
    public void Index_that_makes_no_sense_is_not_used(int partBytes)
    {
        var gzip = new PartedGzip(Noise(300), 100) { ListedPartBytes = partBytes };

        Assert.Equal(Noise(300), Read(gzip.ToBytes()));
        Assert.Equal(Noise(300), Read((gzip with { Listing = _ => [] }).ToBytes()));
        Assert.Equal(Noise(300), Read((gzip with { Listing = sizes => [-1, .. sizes] }).ToBytes()));
    }

    private ImageFileException Refusal(byte[] compressed) => Assert.Throws<ImageFileException>(() => Read(compressed));

    private byte[] Read(byte[] compressed)
    {
        var path = folder.PathOf($"{saved++}.gz");
        File.WriteAllBytes(path, compressed);
        using var file = File.OpenRead(path);
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
