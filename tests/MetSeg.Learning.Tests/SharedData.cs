using Xunit;

namespace MetSeg.Learning.Tests;

/// <summary>The folder shared/ beside the repository, or where METSEG_SHARED says.</summary>
internal static class SharedData
{
    public static string PathOf(string relative)
    {
        var path = Path.Combine(Root(), relative);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"'{path}' is absent: set METSEG_SHARED to the folder that has {relative}.");
        return path;
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("METSEG_SHARED") is { Length: > 0 } named)
        {
            return named;
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MetSeg.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.Parent?.FullName ?? "..", "shared");
    }
}
