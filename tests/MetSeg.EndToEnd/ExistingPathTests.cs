using System.CommandLine;
using MetSeg.App;
using Xunit;

namespace MetSeg.EndToEnd;

public sealed class ExistingPathTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("metseg-paths-");
    private readonly string file;

    public ExistingPathTests()
    {
        file = Path.Combine(folder.FullName, "plans.json");
        File.WriteAllText(file, "{}");
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Accepts_what_is_there()
    {
        Assert.Null(Complaint(PathKind.File, file));
        Assert.Null(Complaint(PathKind.Folder, folder.FullName));
        Assert.Null(Complaint(PathKind.FileOrFolder, folder.FullName));
    }

    [Fact]
    public void Refuses_what_is_not_there_or_is_something_else()
    {
        Assert.Contains("DATASET: there is no folder '/nowhere/at/all'.", Complaint(PathKind.Folder, "/nowhere/at/all"));
        Assert.Contains($"DATASET: '{file}' is a file; name a folder.", Complaint(PathKind.Folder, file));
        Assert.Contains($"DATASET: '{folder.FullName}' is a folder; name a file.", Complaint(PathKind.File, folder.FullName));
    }

    [Fact]
    public void Names_the_option_it_belongs_to()
    {
        var command = new RootCommand { new Option<string>("--plans").MustExist(PathKind.File) };

        Assert.StartsWith("metseg: option '--plans': there is no file 'none.json'.", UsageError.Describe(command.Parse(["--plans", "none.json"])));
    }

    private static string? Complaint(PathKind kind, string path)
    {
        var root = new RootCommand { new Argument<string>("DATASET").MustExist(kind) };
        return UsageError.Describe(root.Parse([path]));
    }
}
