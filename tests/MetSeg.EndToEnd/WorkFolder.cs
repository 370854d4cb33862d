using MetSeg.Datasets;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.EndToEnd;

/// <summary>An empty folder that is gone after the test, in which small data sets are made.</summary>
internal sealed class WorkFolder : IDisposable
{
    private const int Edge = 24;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("metseg-work-");

    /// <summary>The grid of the small cases.</summary>
    public static Grid Grid { get; } = Grid.Axial(new Size(Edge, Edge, Edge), new Spacing(1, 1, 1));

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>A path in the folder.</summary>
    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    /// <summary>All files and folders below a folder, with their times: equal lists, nothing written.</summary>
    public IReadOnlyList<string> Listing(string name = "") =>
        [.. new DirectoryInfo(PathOf(name)).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(entry => $"{entry.FullName} {(entry is FileInfo ? entry.LastWriteTimeUtc.Ticks : 0)}").Order(StringComparer.Ordinal)];

    /// <summary>Asserts that a command line is refused in one line and leaves everything in the folder as it was.</summary>
    public void IsRefused(string[] arguments, params string[] parts)
    {
        var before = Listing();

        BuiltProgram.Run(arguments).IsRefused(parts);

        Assert.Equal(before, Listing());
    }

    /// <summary>A data set of cases c0, c1, …: noise with a bright lesion of 6×6×6 voxels, two patients a hospital.</summary>
    public string Dataset(string name, int cases)
    {
        var dataset = PathOf(name);
        for (var i = 0; i < cases; i++)
        {
            NiftiWriter.Write(NnUNetLayout.ImagePath(dataset, $"c{i}"), Image(i));
            NiftiWriter.Write(NnUNetLayout.LabelPath(dataset, $"c{i}"), Lesion(1));
        }

        NnUNetLayout.WriteDatasetJson(dataset, ["T1CE"], LabelScheme.Plain([new("background", 0), new("lesion", 1)]), cases);
        NnUNetLayout.WriteGroups(dataset, Enumerable.Range(0, cases).Select(i => new Case($"c{i}", [], null, i % 2 == 0 ? "pkg" : "ucsf", $"p{i}")));
        return dataset;
    }

    /// <summary>A label map whose lesion has a value.</summary>
    public static LabelMap Lesion(byte value, Grid? grid = null)
    {
        var labels = new byte[Grid.Size.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = IsLesion(i) ? value : (byte)0;
        }

        return new LabelMap(grid ?? Grid, labels);
    }

    /// <summary>Noise around 100 with a lesion of about 200.</summary>
    public static Volume Image(int seed)
    {
        var random = Seeds.Generator(seed, "image");
        var voxels = new float[Grid.Size.Count];
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = (IsLesion(i) ? 200 : 100) + random.Next(20);
        }

        return new Volume(Grid, voxels);
    }

    private static bool IsLesion(int index) =>
        index % Edge is >= 8 and < 14 && index / Edge % Edge is >= 8 and < 14 && index / (Edge * Edge) is >= 8 and < 14;
}
