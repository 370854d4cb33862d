using Xunit;

namespace MetSeg.Tests;

/// <summary>Where the project's shared data and golden values lie; tests that need them skip where they are absent.</summary>
internal static class SharedData
{
    public static string Root => Environment.GetEnvironmentVariable("METSEG_SHARED") ?? BesideRepository();

    public static string PathOf(string relative)
    {
        var path = Path.Combine(Root, relative);
        Assert.SkipUnless(Path.Exists(path), $"'{path}' is absent; set METSEG_SHARED to the folder of shared data.");
        return path;
    }

    private static string BesideRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MetSeg.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "..", "shared");
    }
}
