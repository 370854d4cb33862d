using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Nifti;

public class GzipIndexTests
{
    [Theory]
    [InlineData(1, 1 << 19, 1)]
    [InlineData((1 << 19) + 1, 1 << 19, 2)]
    [InlineData(16381L << 19, 1 << 19, 16381)]
    [InlineData((16381L << 19) + 1, 1 << 20, 8191)]
    [InlineData((4L << 31) + 352, 1 << 20, 8193)] // the largest volume in float32
    public void Parts_grow_so_that_a_gzip_header_can_list_them(long length, int partBytes, int parts)
    {
        var index = GzipIndex.For(length);

        Assert.Equal((partBytes, parts), (index.PartBytes, index.CompressedBytes.Length));
        Assert.InRange(index.FieldBytes, 12, ushort.MaxValue);
    }

    [Fact]
    public void Index_is_found_among_other_fields()
    {
        var index = new GzipIndex(1000, [7, 8, 9]);
        var field = new byte[index.FieldBytes];
        index.Write(field);

        var found = GzipIndex.Find([(byte)'A', (byte)'B', 3, 0, 1, 2, 3, .. field]);

        Assert.Equal(1000, found!.PartBytes);
        Assert.Equal([7, 8, 9], found.CompressedBytes);
        Assert.Null(GzipIndex.Find([(byte)'A', (byte)'B', 3, 0, 1, 2, 3]));
        Assert.Null(GzipIndex.Find(field.AsSpan(0, field.Length - 1)));
        Assert.Null(GzipIndex.Find([]));
    }
}
