namespace MetSeg.Nifti;

/// <summary>The names of an image in two files: NAME.hdr and NAME.img, each also with .gz.</summary>
internal static class PairNames
{
    private static readonly string[] compressions = ["", ".gz"];

    /// <summary>The file with the header: the given one, or the .hdr beside a given .img.</summary>
    /// <exception cref="ImageFileException">There is no .hdr beside the .img.</exception>
    public static string HeaderOf(string path) =>
        Stem(path, ".img") is { } stem ? Existing(path, stem, ".hdr") : path;

    /// <summary>The file with the voxels beside a header.</summary>
    /// <exception cref="ImageFileException">There is none.</exception>
    public static string ImageOf(string path) =>
        Existing(path, Stem(path, ".hdr") ?? Stem(path, ".nii") ?? path, ".img");

    private static string? Stem(string path, string ending)
    {
        foreach (var compression in compressions)
        {
            if (path.EndsWith(ending + compression, StringComparison.OrdinalIgnoreCase))
            {
                return path[..^(ending.Length + compression.Length)];
            }
        }

        return null;
    }

    private static string Existing(string path, string stem, string ending)
    {
        foreach (var name in (ReadOnlySpan<string>)[ending, ending.ToUpperInvariant()])
        {
            foreach (var compression in compressions)
            {
                if (File.Exists(stem + name + compression))
                {
                    return stem + name + compression;
                }
            }
        }

        var problem = $"the other half of the pair, a {ending} or {ending}.gz of the same name, is missing. Put it beside it.";
        throw Refusal.Of(ImageFault.NotFound, path, problem);
    }
}
