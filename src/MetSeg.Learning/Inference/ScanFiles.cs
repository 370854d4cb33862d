using System.Text.RegularExpressions;

namespace MetSeg.Learning.Inference;

/// <summary>A scan to segment: its id and one file per channel.</summary>
/// <param name="Id">Name of the files to write.</param>
/// <param name="Channels">NIfTI files in channel order.</param>
public sealed record ScanFiles(string Id, IReadOnlyList<string> Channels);

/// <summary>Finds the scans that a path names.</summary>
public static partial class ScanSearch
{
    private const string FirstChannel = "_0000";

    /// <summary>
    /// One NIfTI file is one scan. In a folder CASE_0000.nii.gz, CASE_0001.nii.gz, … are the channels of a scan, as in nnU-Net; where a
    /// scan has one channel, CASE.nii.gz will do, and a number without CASE_0000 beside it belongs to the id. Hidden files are passed over.
    /// Sorted by id.
    /// </summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="channels">Channels that every scan must have.</param>
    /// <exception cref="MetSegException">There is nothing at the path, no scan in it, or a scan lacks a channel.</exception>
    public static IReadOnlyList<ScanFiles> Find(string path, int channels)
    {
        var files = File.Exists(path) ? [path]
            : Directory.Exists(path) ? Directory.GetFiles(path).Where(file => Ending().IsMatch(file) && Path.GetFileName(file)[0] != '.').ToArray()
            : throw new MetSegException($"There is no file or folder '{path}'. Name a NIfTI file or a folder of them.");
        if (files.Length == 0)
        {
            throw new MetSegException($"'{path}' holds no .nii or .nii.gz file. Name a NIfTI file or a folder of them.");
        }

        var names = files.ToDictionary(file => file, file => Ending().Replace(Path.GetFileName(file), ""));
        var numbered = names.Values.Where(name => name.EndsWith(FirstChannel, StringComparison.Ordinal) && name != FirstChannel)
            .Select(name => name[..^FirstChannel.Length]).ToHashSet();
        string Id(string name) => Channel().Match(name).Groups[1].Value is var id && numbered.Contains(id) ? id : name;
        var scans = files.GroupBy(file => Id(names[file]), StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new ScanFiles(group.Key, [.. group.OrderBy(file => names[file], StringComparer.Ordinal)])).ToList();
        return scans.FirstOrDefault(scan => !HasChannels(scan, names, channels)) is { } odd
            ? throw new MetSegException(
                $"'{path}': scan '{odd.Id}' is {string.Join(", ", odd.Channels.Select(Path.GetFileName))}, but the model needs {channels} channel(s): "
                + $"{odd.Id}{FirstChannel}.nii.gz{(channels == 1 ? "" : $" to {odd.Id}_{channels - 1:0000}.nii.gz")}.")
            : scans;
    }

    /// <summary>Refuses results whose files would replace a scan.</summary>
    /// <param name="scans">The scans to read.</param>
    /// <param name="results">The files to write.</param>
    /// <exception cref="MetSegException">One of the results is a file of a scan.</exception>
    public static void ThrowIfReplaced(IEnumerable<ScanFiles> scans, IEnumerable<string> results)
    {
        var own = scans.SelectMany(scan => scan.Channels).Select(Path.GetFullPath).ToHashSet(StringComparer.Ordinal);
        if (results.FirstOrDefault(result => own.Contains(Path.GetFullPath(result))) is { } lost)
        {
            throw new MetSegException($"The result '{lost}' would replace the scan itself. Choose another folder for the results.");
        }
    }

    private static bool HasChannels(ScanFiles scan, Dictionary<string, string> names, int channels)
    {
        var found = scan.Channels.Select(file => names[file]);
        return found.SequenceEqual(Enumerable.Range(0, channels).Select(channel => $"{scan.Id}_{channel:0000}"))
            || (channels == 1 && found.SequenceEqual([scan.Id]));
    }

    [GeneratedRegex(@"\.nii(\.gz)?$")]
    private static partial Regex Ending();

    [GeneratedRegex(@"^(.+)_\d{4}$")]
    private static partial Regex Channel();
}
