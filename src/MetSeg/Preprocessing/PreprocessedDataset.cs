using System.Runtime.InteropServices;
using MetSeg.Datasets;
using MetSeg.Nifti;

namespace MetSeg.Preprocessing;

/// <summary>One case of a preprocessed data set.</summary>
/// <param name="Id">The case.</param>
/// <param name="Institution">The hospital it comes from.</param>
/// <param name="Patient">The patient's pseudonym.</param>
/// <param name="HasLabel">Whether there is a reference segmentation.</param>
public sealed record PreprocessedEntry(string Id, string Institution, string Patient, bool HasLabel);

/// <summary>
/// The cases that <see cref="Preprocessor.PreprocessDataset"/> has written: in a folder of the plans' name, for each case its channels as
/// CASE_0000.nii, …, its labels as CASE_seg.nii, where the plans use it the nonzero region as CASE_inside.nii, and CASE.json.
/// </summary>
public sealed class PreprocessedDataset
{
    internal const string PlansFileName = "plans.json";

    private const string References = "gt_segmentations";

    private readonly string folder;
    private readonly string cases;

    private PreprocessedDataset(string folder, Plans plans, IReadOnlyList<PreprocessedEntry> entries)
    {
        (this.folder, Plans, Entries) = (folder, plans, entries);
        cases = Path.Combine(folder, plans.DataIdentifier);
    }

    /// <summary>The plans that the cases follow.</summary>
    public Plans Plans { get; }

    /// <summary>The cases, sorted by id.</summary>
    public IReadOnlyList<PreprocessedEntry> Entries { get; }

    /// <summary>Opens a folder that <see cref="Preprocessor.PreprocessDataset"/> has written. Volumes are read by <see cref="Load"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="configuration">Which configuration's cases; null for 3d_fullres or, without that, the only one there is.</param>
    /// <exception cref="MetSegException">There are no plans, or cases are missing or follow other plans: preprocessing was interrupted.</exception>
    public static PreprocessedDataset Open(string folder, string? configuration = null)
    {
        var plans = Plans.Read(Path.Combine(folder, PlansFileName), configuration);
        var (expected, digest) = (DatasetDescription.Read(folder).TrainingCount, plans.Digest);
        var records = Ids(Path.Combine(folder, plans.DataIdentifier))
            .Select(id => CaseRecord.Read(RecordPath(Path.Combine(folder, plans.DataIdentifier), id)))
            .Where(record => record.Plans == digest).ToList();
        return records.Count == expected
            ? new PreprocessedDataset(
                folder, plans, [.. records.Select(one => new PreprocessedEntry(one.Id, one.Institution, one.Patient, one.HasLabel))])
            : throw new MetSegException(
                $"'{folder}' holds {records.Count} of {expected} cases preprocessed for {plans.Configuration}: preprocessing was interrupted, "
                + $"or was for another configuration. Run 'metseg preprocess' again with --configuration {plans.Configuration}; it goes on from there.");
    }

    /// <summary>Reads one case.</summary>
    /// <exception cref="MetSegException">There is no such case, or a file of it is missing or damaged.</exception>
    public PreprocessedCase Load(string id)
    {
        var entry = Entries.FirstOrDefault(one => one.Id == id) ?? throw new MetSegException($"'{cases}' has no case '{id}'.");
        var record = CaseRecord.Read(RecordPath(cases, id));
        var geometry = record.Geometry();
        var inside = InsidePath(cases, id);
        return new PreprocessedCase(
            [.. Plans.ChannelNames.Select((_, channel) => ReadVolume(ChannelPath(cases, id, channel), geometry.Preprocessed))],
            entry.HasLabel ? ReadLabelMap(LabelPath(cases, id), geometry.Preprocessed) : null,
            File.Exists(inside) ? ReadLabelMap(inside, geometry.Preprocessed) : null,
            geometry,
            record.ForegroundLocations);
    }

    /// <summary>The reference segmentation of a case on the grid of its scan.</summary>
    /// <exception cref="MetSegException">There is none, or the file is damaged.</exception>
    public LabelMap LoadReference(string id) => File.Exists(ReferencePath(folder, id))
        ? NiftiReader.ReadLabelMap(ReferencePath(folder, id))
        : throw new MetSegException($"'{Path.Combine(folder, References)}' has no segmentation of case '{id}'. Preprocess the data set again.");

    /// <summary>Writes a case's reference segmentation as it is in labelsTr, for validation.</summary>
    internal static void SaveReference(string folder, string id, LabelMap label) => NiftiWriter.Write(ReferencePath(folder, id), label);

    /// <summary>Whether a case has been written with these plans from the files that it has now.</summary>
    internal static bool IsCurrent(string folder, Case one, string plansDigest)
    {
        try
        {
            return File.Exists(RecordPath(folder, one.Id))
                && (one.LabelPath is null || File.Exists(ReferencePath(Path.GetDirectoryName(folder)!, one.Id)))
                && CaseRecord.Read(RecordPath(folder, one.Id)) is var record
                && record.Plans == plansDigest && record.Source == CaseRecord.SourceOf(one);
        }
        catch (MetSegException)
        {
            return false;       // damaged, or of another version: to be written again
        }
    }

    /// <summary>Whether a written case has foreground voxels.</summary>
    internal static bool HasForeground(string folder, string id) => CaseRecord.Read(RecordPath(folder, id)).ForegroundLocations.Keys.Any(number => number > 0);

    /// <summary>Writes a case; its CASE.json last, so that an interrupted one does not count.</summary>
    internal static void Save(string folder, Case one, PreprocessedCase result, string plansDigest)
    {
        Directory.CreateDirectory(folder);
        Remove(folder, one.Id);
        for (var channel = 0; channel < result.Channels.Count; channel++)
        {
            NiftiWriter.Write(ChannelPath(folder, one.Id, channel), result.Channels[channel]);
        }

        if (result.Label is not null)
        {
            NiftiWriter.Write(LabelPath(folder, one.Id), result.Label);
        }

        if (result.Inside is not null)
        {
            NiftiWriter.Write(InsidePath(folder, one.Id), result.Inside);
        }

        CaseRecord.Of(one, result, plansDigest).Write(RecordPath(folder, one.Id));
    }

    /// <summary>Removes the cases that are not among <paramref name="kept"/>.</summary>
    internal static void RemoveOthers(string folder, IEnumerable<Case> kept)
    {
        foreach (var id in Ids(folder).Except(kept.Select(one => one.Id), StringComparer.Ordinal))
        {
            Remove(folder, id);
            File.Delete(ReferencePath(Path.GetDirectoryName(folder)!, id));
        }
    }

    private static void Remove(string folder, string id)
    {
        File.Delete(RecordPath(folder, id));
        File.Delete(LabelPath(folder, id));
        File.Delete(InsidePath(folder, id));
        for (var channel = 0; File.Exists(ChannelPath(folder, id, channel)); channel++)
        {
            File.Delete(ChannelPath(folder, id, channel));
        }
    }

    private static IEnumerable<string> Ids(string folder) => Directory.Exists(folder)
        ? Directory.GetFiles(folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)
        : [];

    private static string ReferencePath(string folder, string id) => Path.Combine(folder, References, $"{id}.nii.gz");

    private static string RecordPath(string folder, string id) => Path.Combine(folder, $"{id}.json");

    private static string ChannelPath(string folder, string id, int channel) => Path.Combine(folder, $"{id}_{channel:0000}.nii");

    private static string LabelPath(string folder, string id) => Path.Combine(folder, $"{id}_seg.nii");

    private static string InsidePath(string folder, string id) => Path.Combine(folder, $"{id}_inside.nii");

    /// <summary>Reads a volume and puts it on the exact grid: NIfTI's own is rounded to single precision.</summary>
    private static Volume ReadVolume(string path, Grid grid)
    {
        var volume = NiftiReader.ReadVolume(path);
        return new Volume(Checked(path, volume.Grid, grid), ImmutableCollectionsMarshal.AsArray(volume.Voxels)!);
    }

    private static LabelMap ReadLabelMap(string path, Grid grid)
    {
        var map = NiftiReader.ReadLabelMap(path);
        return new LabelMap(Checked(path, map.Grid, grid), ImmutableCollectionsMarshal.AsArray(map.Labels)!);
    }

    private static Grid Checked(string path, Grid found, Grid expected) => found.Size == expected.Size
        ? expected
        : throw new MetSegException($"'{path}' has {found.Size} voxels where CASE.json says {expected.Size}. Preprocess the data set again.");
}
