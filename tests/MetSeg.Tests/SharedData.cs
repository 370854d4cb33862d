using Xunit;

namespace MetSeg.Tests;

/// <summary>The folder of shared test data, which is not part of the repository.</summary>
internal static class SharedData
{
    /// <summary>METSEG_SHARED where it is set, else the folder "shared" beside the checkout.</summary>
    public static string Root => Environment.GetEnvironmentVariable("METSEG_SHARED") ?? Path.Combine(Checkout(), "..", "shared");

    /// <summary>Full path of a shared file or folder; skips the test where it is absent.</summary>
    public static string PathOf(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Root, relative));
        Assert.SkipUnless(Path.Exists(path), $"Shared test data '{path}' is absent; set METSEG_SHARED to its folder.");
        return path;
    }

    private static string Checkout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MetSeg.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
