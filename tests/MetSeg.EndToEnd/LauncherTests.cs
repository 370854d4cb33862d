using Xunit;

namespace MetSeg.EndToEnd;

/// <summary>./metseg and ./test, as far as they can be tried without building anew.</summary>
[Collection(nameof(LauncherTests))]
[CollectionDefinition(nameof(LauncherTests), DisableParallelization = true)]
public sealed class LauncherTests : IDisposable
{
    private readonly DirectoryInfo elsewhere = Directory.CreateTempSubdirectory("metseg launcher ");

    public void Dispose() => elsewhere.Delete(recursive: true);

    [Fact]
    public void Works_from_another_folder_and_through_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The launchers are bash scripts.");
        var link = Path.Combine(elsewhere.FullName, "a link");
        File.CreateSymbolicLink(link, Path.Combine(BuiltProgram.RepositoryRoot, "metseg"));

        var run = BuiltProgram.Start(link, ["doctor", "--no such"], elsewhere.FullName);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.EndsWith("metseg doctor: unknown option '--no such'. See 'metseg doctor --help'.\n", run.Errors);
    }

    [Theory]
    [InlineData("metseg")]
    [InlineData("test")]
    public void Without_an_sdk_it_says_how_to_get_one(string launcher)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The launchers are bash scripts.");
        var copy = CopyOfLaunchers(launcher);

        var run = BuiltProgram.Start("/usr/bin/env", ["-u", "DOTNET_ROOT", $"HOME={elsewhere.FullName}", $"PATH={PathWithoutDotNet()}", "bash", copy], "/");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains($"{launcher}: MetSeg needs the .NET SDK 10 (no 'dotnet' was found).", run.Errors);
        Assert.Contains("dotnet-install.sh | bash -s -- --channel 10.0", run.Errors);
    }

    /// <summary>A checkout in which nothing is built.</summary>
    private string CopyOfLaunchers(string launcher)
    {
        Directory.CreateDirectory(Path.Combine(elsewhere.FullName, "build"));
        foreach (var file in new[] { launcher, "build/launch.sh", "global.json" })
        {
            File.Copy(Path.Combine(BuiltProgram.RepositoryRoot, file), Path.Combine(elsewhere.FullName, file));
        }

        return Path.Combine(elsewhere.FullName, launcher);
    }

    /// <summary>Links to the few programs that the launchers need, and no dotnet.</summary>
    private string PathWithoutDotNet()
    {
        var folder = elsewhere.CreateSubdirectory("programs").FullName;
        foreach (var program in new[] { "bash", "dirname", "readlink", "find", "sort", "sha256sum", "cat", "tr", "cut" })
        {
            var target = new[] { "/usr/bin/", "/bin/" }.Select(prefix => prefix + program).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(folder, program), target);
        }

        return folder;
    }
}
