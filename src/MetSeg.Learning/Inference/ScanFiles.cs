using System.Text.RegularExpressions;

namespace MetSeg.Learning.Inference;

/// <summary>A scan to segment: its id and one file per channel.</summary>
/// <param name="Id">Name of the files to write.</param>
/// <param name="Channels">NIfTI files in channel order.</param>
public sealed record ScanFiles(string Id, IReadOnlyList<string> Channels);

/// <summary>Finds the scans that a path names.</summary>
public static partial class ScanSearch
{
    /// <summary>
    /// One NIfTI file is one scan. In a folder CASE_0000.nii.gz, CASE_0001.nii.gz, … are the channels of a scan, as in nnU-Net; where a
    /// scan has one channel, CASE.nii.gz will do. Sorted by id.
    /// </summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="channels">Channels that every scan must have.</param>
    /// <exception cref="MetSegException">There is nothing at the path, no scan in it, or a scan lacks a channel.</exception>
    public static IReadOnlyList<ScanFiles> Find(string path, int channels)
    {
        var files = File.Exists(path) ? [path]
            : Directory.Exists(path) ? Directory.GetFiles(path).Where(file => Ending().IsMatch(file)).Order(StringComparer.Ordinal).ToList()
            : throw new MetSegException($"There is no file or folder '{path}'. Name a NIfTI file or a folder of them.");
        var scans = files.Select(file => (File: file, Match: Channel().Match(Ending().Replace(Path.GetFileName(file), ""))))
            .GroupBy(pair => pair.Match.Success ? pair.Match.Groups[1].Value : Ending().Replace(Path.GetFileName(pair.File), ""), StringComparer.Ordinal)
            .Select(group => new ScanFiles(group.Key, [.. group.Select(pair => pair.File)]))
            .OrderBy(scan => scan.Id, StringComparer.Ordinal).ToList();
        if (scans.Count == 0)
        {
            throw new MetSegException($"'{path}' holds no .nii or .nii.gz file. Name a NIfTI file or a folder of them.");
        }

        return scans.FirstOrDefault(scan => scan.Channels.Count != channels) is { } odd
            ? throw new MetSegException($"'{path}': scan '{odd.Id}' has {odd.Channels.Count} files where the model needs {channels} channels (CASE_0000.nii.gz, CASE_0001.nii.gz, …).")
            : scans;
    }

    [GeneratedRegex(@"\.nii(\.gz)?$")]
    private static partial Regex Ending();

    [GeneratedRegex(@"^(.+)_\d{4}$")]
    private static partial Regex Channel();
}
