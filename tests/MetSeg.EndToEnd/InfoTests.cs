using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace MetSeg.EndToEnd;

public sealed class InfoTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("metseg-info-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Describes_an_image_as_json()
    {
        var run = BuiltProgram.Run("info", Written("scan.nii", SmallImage()), "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var info = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal([2, 3, 4], info.GetProperty("shape").EnumerateArray().Select(count => count.GetInt32()));
        Assert.Equal([0.5, 1, 2], info.GetProperty("spacing").EnumerateArray().Select(length => length.GetDouble()));
        Assert.Equal(("LAS", "int16"), (info.GetProperty("orientation").GetString(), info.GetProperty("datatype").GetString()));
        Assert.Equal((-3, 20), (info.GetProperty("min").GetDouble(), info.GetProperty("max").GetDouble()));
        Assert.Equal(DigestOfSmallImage(), info.GetProperty("sha256").GetString());
        Assert.Equal("[-0.5,0,0,10]", JsonSerializer.Serialize(info.GetProperty("affine")[0]));
    }

    [Fact]
    public void Describes_a_compressed_image_as_text()
    {
        var run = BuiltProgram.Run("info", Written("scan.nii.gz", Compressed(SmallImage())));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches(@"(?m)^shape +2 × 3 × 4 voxels$", run.Output);
        Assert.Matches(@"(?m)^range +-3 to 20$", run.Output);
        Assert.Contains(DigestOfSmallImage(), run.Output);
    }

    [Fact]
    public void Missing_file_is_refused() => IsRefused("nothing here.nii.gz", "not_found");

    [Fact]
    public void Folder_is_refused() => IsRefused(folder.CreateSubdirectory("folder.nii").Name, "not_a_file");

    [Fact]
    public void Text_file_is_refused() => IsRefused(Path.GetFileName(Written("notes.nii", "This is a shopping list, not a scan."u8.ToArray())), "not_nifti", "truncated");

    [Fact]
    public void Truncated_gzip_is_refused() => IsRefused(Path.GetFileName(Written("scan.nii.gz", Compressed(SmallImage())[..^20])), "corrupt_gzip", "truncated");

    [Fact]
    public void Missing_argument_is_refused() => BuiltProgram.Run("info").IsRefused("metseg info: FILE is missing. See 'metseg info --help'.");

    [Fact]
    public void Unknown_option_is_not_taken_for_the_file() => BuiltProgram.Run("info", "--jsno", "scan.nii").IsRefused("metseg info: unknown option '--jsno'. Did you mean '--json'?");

    [Fact]
    public void After_two_dashes_a_file_may_begin_with_one() => BuiltProgram.Run("info", "--", "--json").IsRefused("'--json'");

    /// <summary>Refused with a line that names the file, and with --json also as an object of one of the kinds.</summary>
    private void IsRefused(string name, params string[] kinds)
    {
        var path = Path.Combine(folder.FullName, name);
        BuiltProgram.Run("info", path).IsRefused(path);

        var run = BuiltProgram.Run("info", path, "--json");

        run.IsRefusedOnStandardError(path);
        var error = JsonDocument.Parse(run.Output).RootElement.GetProperty("error");
        Assert.Contains(error.GetProperty("kind").GetString(), kinds);
        Assert.Contains(path, error.GetProperty("message").GetString());
    }

    private string Written(string name, byte[] bytes)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A NIfTI-1 file, byte by byte (nifti1.h): 2×3×4 voxels of int16, values -3, -2, …, 20; 0.5×1×2 mm, x to the left.</summary>
    private static byte[] SmallImage()
    {
        var file = new byte[352 + (24 * 2)];
        Put(0, BitConverter.GetBytes(348));
        Put(40, Shorts(3, 2, 3, 4, 1, 1, 1, 1));
        Put(70, Shorts(4, 16));
        Put(76, Floats(1, 0.5f, 1, 2));
        Put(108, Floats(352, 1, 0));
        file[123] = 2;
        Put(254, Shorts(1));
        Put(280, Floats(-0.5f, 0, 0, 10, 0, 1, 0, 20, 0, 0, 2, 30));
        Put(344, "n+1\0"u8.ToArray());
        Put(352, Shorts([.. Values().Select(value => (short)value)]));
        return file;

        void Put(int offset, byte[] bytes) => bytes.CopyTo(file, offset);
    }

    private static IEnumerable<int> Values() => Enumerable.Range(-3, 24);

    private static string DigestOfSmallImage() => Convert.ToHexStringLower(SHA256.HashData(Floats([.. Values().Select(value => (float)value)])));

    private static byte[] Shorts(params short[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Compressed(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return buffer.ToArray();
    }
}
