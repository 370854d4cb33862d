using MetSeg.Files;
using MetSeg.Imaging;
using MetSeg.Learning.Inference;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using MetSeg.Reports;
using static TorchSharp.torch;

namespace MetSeg.Learning.Experiments;

/// <summary>What was found in one scan.</summary>
/// <param name="Case">The scan's id.</param>
/// <param name="Lesions">Number of lesions.</param>
/// <param name="VolumeCm3">Their volume in cm³.</param>
public sealed record PredictedCase(string Case, int Lesions, double VolumeCm3);

/// <summary>Scans to segment: writes CASE.nii.gz, CASE_lesions.csv and CASE.png, and CASE_probability.nii.gz if asked.</summary>
public sealed record PredictionRun
{
    /// <summary>A name for progress. The default is "predict".</summary>
    public string Name { get; init; } = "predict";

    /// <summary>The trained run's folder.</summary>
    public required string Model { get; init; }

    /// <summary>A NIfTI file or a folder of them.</summary>
    public required string Input { get; init; }

    /// <summary>Where the results go.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether to write probability maps. The default is false.</summary>
    public bool Probabilities { get; init; }

    /// <summary>How the volumes are tiled.</summary>
    public SlidingWindowOptions Window { get; init; } = new();

    /// <summary>
    /// Segments every scan. Scans done before from the same files by the same model with the same options are not done again; what another
    /// model left in the folder is deleted. A scan's label map is written last, so where it is, all is.
    /// </summary>
    /// <exception cref="MetSegException">The model, a scan or the folder is at fault.</exception>
    public IReadOnlyList<PredictedCase> Predict(Device device, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        using var predictor = Predictor.Open(Model, device, Window);
        var scans = ScanSearch.Find(Input, predictor.Channels);
        ScanSearch.ThrowIfReplaced(scans, scans.SelectMany(scan => new[] { LabelPath(scan), ProbabilityPath(scan) }));
        using var folderLock = FolderLock.Take(Folder);
        var record = new PredictionRecord(Predictor.Digest(Model), Window, Probabilities).GoOnIn(Folder);
        var results = new List<PredictedCase>();
        foreach (var scan in scans)
        {
            cancellation.ThrowIfCancellationRequested();
            var digest = PredictionRecord.DigestOf(scan);
            if (record.Has(Folder, scan.Id, digest))
            {
                results.Add(Summary(scan.Id, NiftiReader.ReadLabelMap(LabelPath(scan))));
            }
            else
            {
                File.Delete(LabelPath(scan));
                results.Add(Predict(scan, predictor, cancellation));
                record = record.WriteWith(Folder, scan.Id, digest);
            }

            progress?.Report(new Progress(Name, results.Count, scans.Count, $"{scan.Id}: {results[^1].Lesions} lesions"));
        }

        return results;
    }

    private static PredictedCase Summary(string id, LabelMap labels)
    {
        var components = Components.Find(labels);
        return new PredictedCase(id, components.Count, components.Items.Sum(item => item.VolumeCm3(labels.Grid.Spacing)));
    }

    private PredictedCase Predict(ScanFiles scan, Predictor predictor, CancellationToken cancellation)
    {
        var channels = scan.Channels.Select(file => NiftiReader.ReadVolume(file)).ToList();
        if (channels.FirstOrDefault(channel => !channel.Grid.IsSameAs(channels[0].Grid)) is { } odd)
        {
            throw new GridMismatchException($"Scan '{scan.Id}': one channel is on {channels[0].Grid}, another on {odd.Grid}. Resample one onto the other first.");
        }

        var prediction = Segment(scan.Id, predictor, channels, cancellation);
        var brain = Resampler.Resample(NonzeroRegion.Find(channels).Mask(), channels[0].Grid);
        LesionTable.Measure(prediction.Labels, prediction.Probability, brain).Write(Path.Combine(Folder, $"{scan.Id}_lesions.csv"));
        var picture = SlicePicture.Draw(channels[0], null, prediction.Labels, new SlicePictureOptions { Title = scan.Id });
        AtomicFile.Write(Path.Combine(Folder, $"{scan.Id}.png"), stream => stream.Write(picture));
        if (Probabilities)
        {
            NiftiWriter.Write(ProbabilityPath(scan), prediction.Probability);
        }

        NiftiWriter.Write(LabelPath(scan), prediction.Labels);
        return Summary(scan.Id, prediction.Labels);
    }

    private static Prediction Segment(string id, Predictor predictor, IReadOnlyList<Volume> channels, CancellationToken cancellation)
    {
        try
        {
            return predictor.Predict(channels, cancellation);
        }
        catch (MetSegException exception)
        {
            throw new MetSegException($"Scan '{id}': {exception.Message}", exception);
        }
    }

    private string LabelPath(ScanFiles scan) => PredictionRecord.LabelPath(Folder, scan.Id);

    private string ProbabilityPath(ScanFiles scan) => Path.Combine(Folder, $"{scan.Id}_probability.nii.gz");
}
