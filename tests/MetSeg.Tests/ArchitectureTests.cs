using System.Text.RegularExpressions;
using Xunit;

namespace MetSeg.Tests;

/// <summary>Holds the source to docs/architecture.md: who may use whom, and how long a file may be.</summary>
public partial class ArchitectureTests
{
    private const int MostLines = 300;

    /// <summary>The folders of src/MetSeg: each may use those before it.</summary>
    private static readonly string[] libraryOrder =
        ["Files", "Nifti", "Imaging", "Datasets", "Simulation", "Preprocessing", "Postprocessing", "Evaluation", "Statistics", "Reports", "Clinical"];

    /// <summary>The folders of src/MetSeg.Learning: each may use those before it.</summary>
    private static readonly string[] learningOrder =
        ["Tensors", "Patches", "Networks", "Losses", "Harmonization", "Training", "Inference", "Collaboration", "Experiments"];

    private static readonly string root = FindRoot();

    [Fact]
    public void A_folder_uses_only_folders_above_it() => Assert.Empty(
        UpwardUses("MetSeg", libraryOrder, rootIsOnTop: true).Concat(UpwardUses("MetSeg.Learning", learningOrder, rootIsOnTop: false)));

    [Fact]
    public void Every_folder_has_its_place_in_the_order() => Assert.Empty(
        SourceFiles("src/MetSeg").Select(FolderOf).Where(folder => folder != "" && !libraryOrder.Contains(folder))
            .Concat(SourceFiles("src/MetSeg.Learning").Select(FolderOf).Where(folder => folder != "" && !learningOrder.Contains(folder)))
            .Distinct());

    [Fact]
    public void The_library_knows_nothing_of_networks_or_the_program() =>
        Assert.Empty(SourceFiles("src/MetSeg").Where(file => NetworkOrProgram().IsMatch(File.ReadAllText(file))).Select(Relative));

    [Fact]
    public void Learning_knows_nothing_of_the_program() =>
        Assert.Empty(SourceFiles("src/MetSeg.Learning").Where(file => Uses(file).Any(used => used.StartsWith("MetSeg.App", StringComparison.Ordinal))).Select(Relative));

    [Fact]
    public void The_namespace_is_the_folder() => Assert.Empty(
        from file in SourceFiles("src")
        let declared = Namespace().Match(File.ReadAllText(file))
        where declared.Success && declared.Groups[1].Value != Path.GetDirectoryName(Relative(file))!["src/".Length..].Replace('/', '.').Replace('\\', '.')
        select Relative(file));

    [Fact]
    public void No_source_file_is_longer_than_the_budget() => Assert.Empty(
        from file in SourceFiles("src").Concat(SourceFiles("tests"))
        let lines = File.ReadLines(file).Count()
        where lines > MostLines
        select $"{Relative(file)} has {lines} lines");

    [Theory]
    [InlineData("using MetSeg.Imaging;", "MetSeg.Imaging")]
    [InlineData("using static MetSeg.Imaging.Orientation;", "MetSeg.Imaging.Orientation")]
    [InlineData("using Lesion = MetSeg.Evaluation.Lesion;", "MetSeg.Evaluation.Lesion")]
    [InlineData("    var turned = MetSeg.Imaging.Orientation.Turn(volume);", "MetSeg.Imaging.Orientation.Turn")]
    public void Uses_are_seen_however_they_are_written(string line, string expected) => Assert.Equal([expected], Uses([line]));

    [Fact]
    public void Comments_and_the_own_namespace_are_not_uses() =>
        Assert.Empty(Uses(["namespace MetSeg.Files;", "/// <see cref=\"MetSeg.Reports.Tables\"/>", "// MetSeg.Reports"]));

    private static IEnumerable<string> UpwardUses(string assembly, string[] order, bool rootIsOnTop)
    {
        foreach (var file in SourceFiles($"src/{assembly}"))
        {
            var own = FolderOf(file);
            var place = own == "" ? (rootIsOnTop ? -1 : order.Length) : Array.IndexOf(order, own);
            foreach (var used in Uses(file).Where(used => used.StartsWith(assembly + ".", StringComparison.Ordinal)))
            {
                var folder = used[(assembly.Length + 1)..].Split('.')[0];
                if (Array.IndexOf(order, folder) > place)
                {
                    yield return $"{Relative(file)} uses {used}";
                }
            }
        }
    }

    private static IEnumerable<string> Uses(string file) => Uses(File.ReadLines(file));

    /// <summary>Names of ours in using lines, or written out in full; not in comments or the namespace line.</summary>
    private static IEnumerable<string> Uses(IEnumerable<string> lines) => lines
        .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("namespace ", StringComparison.Ordinal))
        .SelectMany(line => OwnName().Matches(line)).Select(match => match.Value);

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Relative(file).Split('/', '\\').Any(part => part is "bin" or "obj"));

    /// <summary>The folder below the assembly's: "Nifti" for src/MetSeg/Nifti/NiftiReader.cs, empty for src/MetSeg/Grid.cs.</summary>
    private static string FolderOf(string file) => Relative(file).Split('/', '\\') is [_, _, var folder, _, ..] ? folder : "";

    private static string Relative(string file) => Path.GetRelativePath(root, file);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MetSeg.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No folder above '{AppContext.BaseDirectory}' holds MetSeg.slnx.");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"(?<![\w./])MetSeg(\.[A-Z]\w*)+")]
    private static partial Regex OwnName();

    [GeneratedRegex(@"\bTorchSharp\b|\bMetSeg\.(Learning|App)\b")]
    private static partial Regex NetworkOrProgram();

    [GeneratedRegex(@"(?m)^namespace ([\w.]+);")]
    private static partial Regex Namespace();
}
