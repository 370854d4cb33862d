using System.Diagnostics;
using System.IO.Compression;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Nifti;

public sealed class GzipWriterTests : IDisposable
{
    private const int PartBytes = 1 << 19, Level = 2;

    /// <summary>Lengths around the bounds of parts.</summary>
    private static readonly int[] lengths = [1, PartBytes - 1, PartBytes, PartBytes + 1, (3 * PartBytes) + 17];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Own_reader_and_a_serial_one_give_the_content_back()
    {
        foreach (var content in lengths.SelectMany(Contents))
        {
            var path = Save(content);
            using var file = File.OpenRead(path);
            using var own = new GzipReader(file, path);
            using var serial = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);

            Assert.True(content.AsSpan().SequenceEqual(ReadAll(own)));
            Assert.True(content.AsSpan().SequenceEqual(ReadAll(serial)));
        }
    }

    [Fact]
    public void It_is_a_single_member_for_gzip_and_for_zlib()
    {
        const string Inflate = """
            for path in sys.argv[1:]:
                compressed = open(path, 'rb').read()
                member = zlib.decompressobj(wbits=31)
                content = member.decompress(compressed)
                assert member.eof and not member.unused_data, path
                print(len(content), zlib.crc32(content), zlib.crc32(gzip.open(path).read()))
            """;
        var contents = lengths.SelectMany(Contents).ToArray();
        string[] paths = [.. contents.Select(content => Save(content))];

        var lines = PythonPeer.Run("gzip, zlib, sys", Inflate, paths).Split('\n');

        Assert.Equal(contents.Select(content => $"{content.Length} {Checksum(content)} {Checksum(content)}"), lines);
        Assert.SkipUnless(File.Exists("/usr/bin/gzip"), "gzip is missing.");
        using var test = Process.Start("/usr/bin/gzip", ["--test", .. paths]);
        test.WaitForExit();
        Assert.Equal(0, test.ExitCode);
    }

    /// <summary>So they do not depend on how many cores worked on them, or when.</summary>
    [Fact]
    public void Bytes_are_those_of_the_parts_one_after_another()
    {
        var content = Contents((3 * PartBytes) + 17).First();
        var parts = content.Chunk(PartBytes).ToArray();
        byte[] expected = [.. parts.SelectMany((part, i) => new PartDeflater(Level).Deflate([], part, i == parts.Length - 1).ToArray())];

        var written = File.ReadAllBytes(Save(content));

        Assert.True(expected.AsSpan().SequenceEqual(written.AsSpan(^(expected.Length + 8)..^8)));
    }

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(PartBytes, 352)]
    [InlineData(PartBytes + 1, 352)]
    public void Header_and_voxels_are_one_content(int length, int headerBytes)
    {
        var content = Contents(length).First();

        using var serial = new GZipStream(File.OpenRead(Save(content, headerBytes)), CompressionMode.Decompress);

        Assert.True(content.AsSpan().SequenceEqual(ReadAll(serial)));
    }

    [Fact]
    public void Header_has_no_time_and_no_name()
    {
        var written = File.ReadAllBytes(Save([1, 2, 3]));

        Assert.Equal([0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 255, 12, 0, (byte)'M', (byte)'S', 8, 0, 0, 0, 8, 0], written[..20]);
        Assert.Equal(written.Length, 24 + BitConverter.ToInt32(written, 20) + 8);
    }

    /// <summary>Floats of an interpolated image hold nothing to find but zeros; a constant that is not zero must be found.</summary>
    [Fact]
    public void Noise_is_not_searched_and_costs_no_space_but_repetitions_are_found()
    {
        var random = new Random(3);
        float[] noise = [.. Enumerable.Range(0, PartBytes / 4).Select(i => i < 20_000 ? 0 : (float)random.NextDouble())];
        float[] constant = [.. noise.Select(value => value == 0 ? -1.2345f : value)];

        Assert.InRange(Deflated(noise).Length, 1, 1.01 * Plain(noise).Length);
        Assert.InRange(Deflated(constant).Length, 1, 1.01 * Plain(constant).Length);
    }

    private static byte[] Deflated(float[] values) => [.. new PartDeflater(Level).Deflate([], Bytes(values), isLast: true)];

    private static byte[] Plain(float[] values)
    {
        using var compressed = new MemoryStream();
        using (var deflate = new DeflateStream(compressed, new ZLibCompressionOptions { CompressionLevel = Level }))
        {
            deflate.Write(Bytes(values));
        }

        return compressed.ToArray();
    }

    private static byte[] Bytes(float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static uint Checksum(byte[] content) => System.IO.Hashing.Crc32.HashToUInt32(content);

    private static byte[] ReadAll(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>What compresses well and what does not at all.</summary>
    private static IEnumerable<byte[]> Contents(int length)
    {
        var noise = new byte[length];
        new Random(length).NextBytes(noise);
        return [[.. noise.Select((value, i) => (byte)(value & (i >> 12)))], noise];
    }

    private string Save(byte[] content) => Save(content, headerBytes: 0);

    private string Save(byte[] content, int headerBytes)
    {
        var path = folder.PathOf($"{Guid.NewGuid():N}.gz");
        using var file = File.Create(path);
        GzipWriter.Write(file, content[..headerBytes], [.. content[headerBytes..]], Level);
        return path;
    }
}
