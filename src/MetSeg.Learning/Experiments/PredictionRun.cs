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

/// <summary>What a folder of predictions was made with: the same record lets an interrupted run go on.</summary>
/// <param name="Model">SHA-256 of the model's weights.</param>
/// <param name="Window">How the volumes were tiled.</param>
/// <param name="Probabilities">Whether probability maps were written.</param>
/// <param name="Disclaimer">What the results must not be used for.</param>
public sealed record PredictionRecord(string Model, SlidingWindowOptions Window, bool Probabilities, string Disclaimer = "Research use only; not for clinical use.")
{
    /// <summary>Name of the file in the folder of predictions.</summary>
    public const string FileName = "prediction.json";
}

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
    /// Segments every scan. Scans done before by the same model with the same options are not done again; what another model left in the
    /// folder is replaced. A scan's label map is written last, so where it is, all is.
    /// </summary>
    /// <exception cref="MetSegException">The model, a scan or the folder is at fault.</exception>
    public IReadOnlyList<PredictedCase> Predict(Device device, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        using var predictor = Predictor.Open(Model, device, Window);
        var scans = ScanSearch.Find(Input, predictor.Channels);
        using var folderLock = FolderLock.Take(Folder);
        var record = new PredictionRecord(Predictor.Digest(Model), Window, Probabilities);
        var recordPath = Path.Combine(Folder, PredictionRecord.FileName);
        var goesOn = RunRecord.Matches(recordPath, record);
        if (!goesOn)
        {
            scans.ToList().ForEach(scan => File.Delete(LabelPath(scan)));
            JsonFile.Write(recordPath, record, JsonFile.OwnStyle);
        }

        var results = new List<PredictedCase>();
        foreach (var scan in scans)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(File.Exists(LabelPath(scan)) ? Summary(scan.Id, NiftiReader.ReadLabelMap(LabelPath(scan))) : Predict(scan, predictor, cancellation));
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

        var prediction = predictor.Predict(channels, cancellation);
        LesionTable.Measure(prediction.Labels, prediction.Probability, NonzeroRegion.Find(channels).Mask()).Write(Path.Combine(Folder, $"{scan.Id}_lesions.csv"));
        var picture = SlicePicture.Draw(channels[0], null, prediction.Labels, new SlicePictureOptions { Title = scan.Id });
        AtomicFile.Write(Path.Combine(Folder, $"{scan.Id}.png"), stream => stream.Write(picture));
        if (Probabilities)
        {
            NiftiWriter.Write(Path.Combine(Folder, $"{scan.Id}_probability.nii.gz"), prediction.Probability);
        }

        NiftiWriter.Write(LabelPath(scan), prediction.Labels);
        return Summary(scan.Id, prediction.Labels);
    }

    private string LabelPath(ScanFiles scan) => Path.Combine(Folder, $"{scan.Id}.nii.gz");
}
