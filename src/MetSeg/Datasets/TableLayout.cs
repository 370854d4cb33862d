using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using MetSeg.Files;
using MetSeg.Nifti;

namespace MetSeg.Datasets;

/// <summary>
/// Turns any collection of images into nnU-Net's raw layout by a table (CSV) with a row per case. Columns: case; image, or image_0,
/// image_1, … for several channels; label (may be empty for test cases); label_values (which stored values are which class: 4, 1+4 or
/// 1=1+4;2=2; empty keeps every value); mask (images become 0 where it is below 0.5); split (train or test, train where empty); institution;
/// patient (the case itself where empty). All but case and image are optional; paths count from the table's folder.
/// </summary>
/// <remarks>
/// Voxels and geometry are read and written anew: headers can carry names and dates, so nothing else of a file comes along.
/// </remarks>
public static class TableLayout
{
    /// <summary>The file that says what a data set was imported from: digests, no paths.</summary>
    public const string RecordName = "import.json";

    /// <summary>Raised whenever the same table gives other files than before.</summary>
    private const int Version = 1;

    /// <summary>Two cases keep two cores busy; more would hold more scans in memory for little.</summary>
    private const int CasesAtOnce = 2;

    /// <summary>How far in mm corners of one case's files may lie apart: headers round. All are written on the first image's grid.</summary>
    private const double GridToleranceMm = 0.1;

    /// <summary>
    /// Imports a table, or what is missing of it: a case whose files are there and newer than their sources is not done again. All files
    /// are looked at before the first is written; dataset.json comes last, so a folder that has it is complete.
    /// </summary>
    /// <param name="tablePath">The table.</param>
    /// <param name="datasetFolder">The data set's folder: new or empty, or with an earlier import of the same table.</param>
    /// <param name="options">What columns and values mean; null for the defaults.</param>
    /// <param name="progress">Told after every case; may be null.</param>
    /// <param name="cancellation">Stops between cases; a later call goes on from there.</param>
    /// <exception cref="OptionsException">The options cannot work.</exception>
    /// <exception cref="DatasetException">The table cannot be used; the message names the row. Or a label map holds undeclared values.</exception>
    /// <exception cref="GridMismatchException">Files of a case lie on different grids.</exception>
    /// <exception cref="ImageFileException">A file is missing or cannot be read.</exception>
    /// <exception cref="MetSegException">The folder holds something else or another import, or cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was canceled.</exception>
    public static void Import(
        string tablePath,
        string datasetFolder,
        TableLayoutOptions? options = null,
        IProgress<Progress>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new TableLayoutOptions();
        OptionsException.ThrowIfAny("dataset import", options.Problems());
        var cases = CaseTable.Read(tablePath, options);
        foreach (var one in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            RequireOneGrid(one);
        }

        FolderClaim.Take(datasetFolder, RecordName, new ImportRecord(Version, FileDigest.OfFile(tablePath), options));
        WriteAll(cases, datasetFolder, progress, cancellation);
        NnUNetLayout.WriteGroups(datasetFolder, cases.Select(one => new Case(one.Id, [], null, one.Institution, one.Patient)));
        var labels = LabelScheme.Plain([new("background", 0), .. options.Labels]);
        NnUNetLayout.WriteDatasetJson(datasetFolder, options.ChannelNames, labels, cases.Count(one => !one.IsTest));
    }

    private static void RequireOneGrid(TableCase one)
    {
        var first = NiftiReader.ReadHeader(one.ImagePaths[0]).Grid;
        foreach (var path in one.Sources.Skip(1))
        {
            var grid = NiftiReader.ReadHeader(path).Grid;
            if (!first.IsSameAs(grid, GridToleranceMm))
            {
                throw new GridMismatchException(
                    $"Case {one.Id}: '{one.ImagePaths[0]}' is on {first} but '{path}' is on {grid}. Resample one onto the other first.");
            }
        }
    }

    private static void WriteAll(IReadOnlyList<TableCase> cases, string folder, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var (done, gate) = (0, new Lock());
        try
        {
            Parallel.ForEach(cases, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = CasesAtOnce }, one =>
            {
                Write(one, folder);
                lock (gate)
                {
                    progress?.Report(new Progress("import", ++done, cases.Count, one.Id));
                }
            });
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }

    private static void Write(TableCase one, string folder)
    {
        var imagePaths = one.ImagePaths.Select((_, channel) => NnUNetLayout.ImagePath(folder, one.Id, one.IsTest, channel)).ToList();
        var labelPath = NnUNetLayout.LabelPath(folder, one.Id, one.IsTest);
        if (IsCurrent(one.Sources, one.LabelPath is null ? imagePaths : imagePaths.Append(labelPath)))
        {
            return;
        }

        var images = one.ImagePaths.Select(path => NiftiReader.ReadVolume(path)).ToList();
        var mask = one.MaskPath is null ? null : NiftiReader.ReadVolume(one.MaskPath);
        if (one.LabelPath is not null)
        {
            var label = one.LabelValues.Apply(NiftiReader.ReadLabelMap(one.LabelPath), one.LabelPath);
            NiftiWriter.Write(labelPath, new LabelMap(images[0].Grid, ImmutableCollectionsMarshal.AsArray(label.Labels)!));
        }

        for (var channel = 0; channel < images.Count; channel++)
        {
            NiftiWriter.Write(imagePaths[channel], Inside(mask, images[channel], images[0].Grid));
        }
    }

    private static bool IsCurrent(IEnumerable<string> sources, IEnumerable<string> outputs)
    {
        var newest = sources.Max(File.GetLastWriteTimeUtc);
        return outputs.All(path => File.Exists(path) && File.GetLastWriteTimeUtc(path) > newest);
    }

    /// <summary>The image on a grid, 0 where the mask is below one half: masks come as 0 and 1, as 0 and 255, as probabilities, and scaled.</summary>
    private static Volume Inside(Volume? mask, Volume image, Grid grid)
    {
        var voxels = ImmutableCollectionsMarshal.AsArray(image.Voxels)!;
        if (mask is not null)
        {
            voxels = [.. voxels];
            for (var i = 0; i < voxels.Length; i++)
            {
                voxels[i] = mask.Voxels[i] >= 0.5f ? voxels[i] : 0;
            }
        }

        return new Volume(grid, voxels);
    }

    private sealed record ImportRecord(int Version, string Table, TableLayoutOptions Options);
}
