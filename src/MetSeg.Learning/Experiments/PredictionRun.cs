using MetSeg.Files;
using MetSeg.Imaging;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Inference;
using MetSeg.Nifti;
using MetSeg.Postprocessing;
using MetSeg.Preprocessing;
using MetSeg.Reports;
using static TorchSharp.torch;

namespace MetSeg.Learning.Experiments;

/// <summary>What was found in one scan.</summary>
/// <param name="Case">The scan's id.</param>
/// <param name="Lesions">Number of lesions.</param>
/// <param name="VolumeCm3">Their volume in cm³.</param>
public sealed record PredictedCase(string Case, int Lesions, double VolumeCm3)
{
    /// <summary>How unlike its harmonizer's scans the scan is; null where the model has no harmonizer that can say.</summary>
    public DistributionScore? OutOfDistribution { get; init; }
}

/// <summary>
/// Scans to segment: writes CASE.nii.gz, CASE_lesions.csv and CASE.png, predictions.csv with a row for each, and, if asked, CASE_probability.nii.gz and, where there are several
/// foreground classes, CASE_probability_CLASS.nii.gz.
/// </summary>
public sealed record PredictionRun
{
    /// <summary>Name of the table in the folder of results.</summary>
    public const string TableFileName = "predictions.csv";

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

    /// <summary>Whether the run's postprocessing is applied, where cross-validation has chosen one. The default is true.</summary>
    public bool Postprocesses { get; init; } = true;

    /// <summary>How the volumes are tiled.</summary>
    public SlidingWindowOptions Window { get; init; } = new();

    /// <summary>
    /// Whether the next scan is prepared and the one before exported while the network works; null (default) where that is faster: where the
    /// network computes on a graphics card. On the processor it has all cores busy already. The results are the same.
    /// </summary>
    public bool? Overlaps { get; init; }

    /// <summary>
    /// Segments every scan. Scans done before from the same files by the same model with the same options are not done again; what another
    /// model left in the folder is deleted. A scan's label map is written last, so where it is, all is.
    /// </summary>
    /// <exception cref="MetSegException">The model, a scan or the folder is at fault.</exception>
    public IReadOnlyList<PredictedCase> Predict(Device device, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        using var predictor = Predictor.Open(Model, device, Window);
        var scans = ScanSearch.Find(Input, predictor.Channels);
        ScanSearch.ThrowIfReplaced(scans, scans.SelectMany(scan => ProbabilityMaps(predictor).Select(map => ProbabilityPath(scan.Id, map.Name)).Append(LabelPath(scan.Id))));
        using var folderLock = FolderLock.Take(Folder);
        var steps = Postprocesses ? PostprocessingSteps.Of(Model) : PostprocessingSteps.None;
        var record = new PredictionRecord(steps.DigestWith(Predictor.Digest(Model)), Window, Probabilities).GoOnIn(Folder);
        var found = record;
        var results = new List<PredictedCase>();
        void Finish(InferredScan scan)
        {
            var score = scan.Logits is null ? record.OutOfDistribution.GetValueOrDefault(scan.Scan.Id) : scan.Logits.OutOfDistribution;
            results.Add(Write(scan, predictor, steps) with { OutOfDistribution = score });
            record = scan.Logits is null ? record : record.WriteWith(Folder, scan.Scan.Id, scan.Scan.Digest, score);
            progress?.Report(new Progress(Name, results.Count, scans.Count, $"{scan.Scan.Id}: {results[^1].Lesions} lesions"));
        }

        new OverlappedSteps<ScanFiles, ReadScan, InferredScan>(
            scan => Prepare(scan, predictor, found),
            scan => new InferredScan(scan, Infer(scan, predictor, progress, cancellation)),
            Finish).Run(scans, Overlaps ?? (device.type != TorchSharp.DeviceType.CPU), cancellation);
        var table = Path.Combine(Folder, TableFileName);
        if (!ReferenceEquals(record, found) || !File.Exists(table))
        {
            CsvFile.Write(table, ["case", "lesions", "volume_cm3", .. DistributionScore.Columns], results.Select(one =>
                (string[])[one.Case, $"{one.Lesions}", CsvFile.Number(one.VolumeCm3), .. DistributionScore.Cells(one.OutOfDistribution)]));
        }

        return results;
    }

    private ReadScan Prepare(ScanFiles scan, Predictor predictor, PredictionRecord record)
    {
        var digest = PredictionRecord.DigestOf(scan);
        if (record.Has(Folder, scan.Id, digest))
        {
            return new ReadScan(scan.Id, digest, [], null);
        }

        File.Delete(LabelPath(scan.Id));
        var channels = scan.Channels.Select(file => NiftiReader.ReadVolume(file)).ToList();
        return channels.FirstOrDefault(channel => !channel.Grid.IsSameAs(channels[0].Grid)) is { } odd
            ? throw new GridMismatchException($"Scan '{scan.Id}': one channel is on {channels[0].Grid}, another on {odd.Grid}. Resample one onto the other first.")
            : new ReadScan(scan.Id, digest, channels, OfScan(scan.Id, () => predictor.Prepare(channels)));
    }

    private ScanLogits? Infer(ReadScan scan, Predictor predictor, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var passes = progress is null ? null : new PassesOfScan(progress, $"{Name} {scan.Id}");
        return scan.Prepared is null ? null : OfScan(scan.Id, () => predictor.Infer(scan.Prepared, passes, cancellation));
    }

    /// <summary>Writes a scan's results, the label map last; of a scan that was done before, reads them.</summary>
    private PredictedCase Write(InferredScan inferred, Predictor predictor, PostprocessingSteps steps)
    {
        var ((id, _, channels, _), logits) = inferred;
        if (logits is null)
        {
            return Summary(id, NiftiReader.ReadLabelMap(LabelPath(id)));
        }

        using (logits)
        {
            var found = logits.Export.Segment();
            var prediction = found with { Labels = steps.Apply(found.Labels) };
            var brain = Resampler.Resample(NonzeroRegion.Find(channels).Mask(), channels[0].Grid);
            LesionTable.Measure(prediction.Labels, prediction.Probability, brain).Write(Path.Combine(Folder, $"{id}_lesions.csv"));
            var picture = SlicePicture.Draw(channels[0], null, prediction.Labels, new SlicePictureOptions { Title = id });
            AtomicFile.Write(Path.Combine(Folder, $"{id}.png"), stream => stream.Write(picture));
            foreach (var (name, output) in ProbabilityMaps(predictor))
            {
                NiftiWriter.Write(ProbabilityPath(id, name), output is { } one ? logits.Export.Probability(one) : prediction.Probability);
            }

            NiftiWriter.Write(LabelPath(id), prediction.Labels);
            return Summary(id, prediction.Labels);
        }
    }

    /// <summary>The probability maps to write: that of all foreground and, where there is more than one, of each class.</summary>
    private IEnumerable<(string? Name, int? Output)> ProbabilityMaps(Predictor predictor)
    {
        var classes = predictor.Foreground.Count > 1 ? predictor.Foreground : [];
        return Probabilities ? classes.Select(one => ((string?)one.Name, (int?)one.Output)).Prepend((null, null)) : [];
    }

    private static PredictedCase Summary(string id, LabelMap labels)
    {
        var components = Components.Find(labels);
        return new PredictedCase(id, components.Count, components.Items.Sum(item => item.VolumeCm3(labels.Grid.Spacing)));
    }

    private static T OfScan<T>(string id, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (MetSegException exception)
        {
            throw new MetSegException($"Scan '{id}': {exception.Message}", exception);
        }
    }

    private string LabelPath(string id) => PredictionRecord.LabelPath(Folder, id);

    /// <summary>Characters of a class' name that a file's name cannot hold become "_".</summary>
    private string ProbabilityPath(string id, string? name) =>
        Path.Combine(Folder, name is null ? $"{id}_probability.nii.gz" : $"{id}_probability_{string.Join('_', name.Split([.. Path.GetInvalidFileNameChars(), '/', '\\', ' ']))}.nii.gz");

    /// <summary>A scan that has been read and preprocessed; without channels where it was segmented before.</summary>
    private sealed record ReadScan(string Id, string Digest, IReadOnlyList<Volume> Channels, PreparedScan? Prepared);

    /// <summary>A scan that the networks have seen.</summary>
    private sealed record InferredScan(ReadScan Scan, ScanLogits? Logits);

    /// <summary>Tells the passes over one scan as a piece of work of its own.</summary>
    private sealed class PassesOfScan(IProgress<Progress> progress, string task) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => progress.Report(new Progress(task, value.Done, value.Total));
    }
}
