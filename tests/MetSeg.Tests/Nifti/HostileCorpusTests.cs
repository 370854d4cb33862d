using System.Text.Json;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Nifti;

/// <summary>Every entry of the hostile corpus (golden/hostile-nifti/manifest.json) gets its verdict.</summary>
public class HostileCorpusTests
{
    private const string Folder = "golden/hostile-nifti";
    private const long OneGigabyte = 1 << 30;

    public static TheoryData<string> Entries()
    {
        var manifest = Path.Combine(SharedData.Root, Folder, "manifest.json");
        return File.Exists(manifest) ? [.. Read(manifest).Select(entry => entry.GetProperty("id").GetString()!)] : ["absent"];
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Meets_the_verdict(string id)
    {
        var folder = SharedData.PathOf(Folder);
        var entry = Read(Path.Combine(folder, "manifest.json")).Single(e => e.GetProperty("id").GetString() == id);
        using var scratch = new TemporaryFolder();
        Make(entry, folder, scratch.Path);
        var path = scratch.PathOf(entry.GetProperty("open").GetString()!);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var volume = NiftiReader.ReadVolume(path);
            Assert.NotEqual("reject", entry.GetProperty("verdict").GetString());
            AssertAsExpected(entry.GetProperty("expect"), volume);
            Assert.Equal(volume.Grid, NiftiReader.ReadHeader(path).Grid);
        }
        catch (ImageFileException refusal)
        {
            Assert.True(entry.GetProperty("verdict").GetString() != "accept", refusal.Message);
            Assert.Contains(JsonNamingPolicy.SnakeCaseLower.ConvertName(refusal.Fault.ToString()), Strings(entry, "kinds"));
            Assert.Contains(Path.GetFileNameWithoutExtension(path), refusal.Message);
            Assert.DoesNotContain('\n', refusal.Message);
            Assert.All(Strings(entry, "must_not_leak"), secret => Assert.DoesNotContain(secret, refusal.Message));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, OneGigabyte);
    }

    private static void AssertAsExpected(JsonElement expected, Volume volume)
    {
        Assert.Equal(expected.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32()), volume.Grid.Size.ToArray());
        Assert.Equal(expected.GetProperty("sha256_f32").GetString(), VoxelDigest.Of(volume.Voxels.AsSpan()));
        Assert.Equal(expected.GetProperty("nan").GetInt32(), volume.Voxels.Count(float.IsNaN));
        Assert.Equal(expected.GetProperty("inf").GetInt32(), volume.Voxels.Count(float.IsInfinity));
        Assert.Equal(expected.GetProperty("min").GetDouble(), volume.Voxels.Where(float.IsFinite).Min());
        Assert.Equal(expected.GetProperty("max").GetDouble(), volume.Voxels.Where(float.IsFinite).Max());
        var spacing = volume.Grid.Spacing.ToArray();
        Assert.All(expected.GetProperty("spacing").EnumerateArray().Select((e, i) => (e.GetDouble(), i)), pair =>
            Assert.Equal(pair.Item1, spacing[pair.i], tolerance: 1e-5 * pair.Item1));
        if (expected.TryGetProperty("affine", out var affine))
        {
            var rows = affine.EnumerateArray().SelectMany(row => row.EnumerateArray().Select(e => e.GetDouble())).Take(12).ToArray();
            Assert.All(rows.Zip(volume.Grid.ToWorld.ToArray()), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-4));
        }
    }

    private static void Make(JsonElement entry, string source, string target)
    {
        foreach (var file in entry.GetProperty("files").EnumerateObject())
        {
            File.Copy(Path.Combine(source, file.Name), Path.Combine(target, file.Name));
        }

        foreach (var step in entry.TryGetProperty("make", out var make) ? make.EnumerateArray().ToArray() : [])
        {
            var path = Path.Combine(target, step.GetProperty("path").GetString()!);
            var operation = step.GetProperty("op").GetString();
            _ = operation switch
            {
                "mkdir" => (FileSystemInfo)Directory.CreateDirectory(path),
                "symlink" => File.CreateSymbolicLink(path, step.GetProperty("target").GetString()!),
                _ => throw new NotSupportedException($"The corpus asks for '{operation}'."),
            };
        }
    }

    private static JsonElement[] Read(string manifest)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(manifest));
        return [.. document.RootElement.GetProperty("entries").Clone().EnumerateArray()];
    }

    private static string[] Strings(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(e => e.GetString()!)] : [];
}
