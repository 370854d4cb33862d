using MetSeg.Evaluation;
using MetSeg.Learning.Inference;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using static TorchSharp.torch;

namespace MetSeg.Learning.Experiments;

/// <summary>
/// The validation of a fold at its end: the final weights segment every validation case whole, as in <c>predict</c>, into
/// fold_N/validation/CASE.nii.gz, and summary.json compares them with the references. Cases that are done are not done again.
/// </summary>
/// <remarks>nnU-Net v2's perform_actual_validation.</remarks>
public sealed record FoldValidation
{
    /// <summary>Name of the folder in a fold's folder.</summary>
    public const string FolderName = "validation";

    private const string Ending = ".nii.gz";

    /// <summary>A name for progress.</summary>
    public required string Name { get; init; }

    /// <summary>The preprocessed data set.</summary>
    public required PreprocessedDataset Dataset { get; init; }

    /// <summary>The run's folder.</summary>
    public required string Run { get; init; }

    /// <summary>Name of the fold, whose training has ended.</summary>
    public required string Fold { get; init; }

    /// <summary>How volumes are tiled.</summary>
    public SlidingWindowOptions Window { get; init; } = new();

    private string Folder => Path.Combine(Run, $"fold_{Fold}", FolderName);

    /// <summary>The segmentations that the folds of a run have made of their validation cases; of a case that several have, the first fold's.</summary>
    public static IReadOnlyList<(string Case, string Path)> SegmentationsOf(string run) =>
        [.. Directory.GetDirectories(run, "fold_*").Order(StringComparer.Ordinal).SelectMany(Segmentations).DistinctBy(one => one.Case)];

    /// <summary>The segmentations that a fold's folder holds, sorted by case; none before its validation.</summary>
    private static IEnumerable<(string Case, string Path)> Segmentations(string foldFolder)
    {
        var folder = Path.Combine(foldFolder, FolderName);
        return Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*" + Ending).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path)[..^Ending.Length], path))
            : [];
    }

    /// <summary>Validates.</summary>
    /// <param name="cases">The fold's validation cases.</param>
    /// <param name="previous">In a cascade, the segmentation of its first stage for each, on the grid that the network sees; else null.</param>
    /// <param name="device">Where the network computes.</param>
    /// <param name="progress">Told after each case.</param>
    /// <param name="cancellation">Stops between tiles.</param>
    /// <exception cref="MetSegException">A case has no reference, or the folder cannot be written.</exception>
    public SegmentationSummary Validate(
        IReadOnlyList<string> cases, Func<string, CaseGeometry, LabelMap>? previous, Device device, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var predictor = new Lazy<Predictor>(() => Predictor.OpenFold(Run, Fold, device, Window));
        try
        {
            var compared = new List<SummarizedCase>();
            foreach (var id in cases)
            {
                cancellation.ThrowIfCancellationRequested();
                var path = Path.Combine(Folder, id + Ending);
                if (!File.Exists(path))
                {
                    var preprocessed = Dataset.Load(id);
                    using var logits = predictor.Value.Infer(preprocessed, previous?.Invoke(id, preprocessed.Geometry), null, cancellation);
                    NiftiWriter.Write(path, logits.Export.Segment().Labels);
                }

                compared.Add(SegmentationSummary.Compare(id, Dataset.LoadReference(id), NiftiReader.ReadLabelMap(path), Dataset.Plans.Labels));
                progress?.Report(new Progress($"{Name}: validation", compared.Count, cases.Count, id));
            }

            var summary = new SegmentationSummary(Dataset.Plans.Labels, compared);
            summary.Write(Folder);
            return summary;
        }
        finally
        {
            if (predictor.IsValueCreated)
            {
                predictor.Value.Dispose();
            }
        }
    }
}
