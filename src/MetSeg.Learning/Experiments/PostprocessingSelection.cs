using MetSeg.Evaluation;
using MetSeg.Learning.Training;
using MetSeg.Nifti;
using MetSeg.Postprocessing;
using MetSeg.Preprocessing;

namespace MetSeg.Learning.Experiments;

/// <summary>What postprocessing did to the cross-validated Dice.</summary>
/// <param name="Labels">The labels of whose union only the largest component was kept.</param>
/// <param name="Before">Mean Dice of each class or region without it.</param>
/// <param name="After">Mean Dice with it.</param>
/// <param name="IsAdopted">Whether the run does it from now on.</param>
public sealed record TriedPostprocessing(IReadOnlyList<int> Labels, IReadOnlyList<double> Before, IReadOnlyList<double> After, bool IsAdopted);

/// <summary>Chooses postprocessing by the segmentations that a run's folds made of their validation cases.</summary>
/// <remarks>
/// nnU-Net v2's determine_postprocessing: first the largest component of all foreground together, if the mean Dice rises and no class falls; then,
/// of more than one class, of each by itself, if its Dice rises.
/// </remarks>
public sealed record PostprocessingSelection
{
    /// <summary>The run's folder; its folds have been validated.</summary>
    public required string Run { get; init; }

    /// <summary>Folder of the reference segmentations, CASE.nii.gz: labelsTr, or gt_segmentations of the preprocessed data set.</summary>
    public required string References { get; init; }

    /// <summary>Tries what nnU-Net tries and writes postprocessing.json into the run.</summary>
    /// <param name="progress">Told after each case.</param>
    /// <param name="cancellation">Stops between cases.</param>
    /// <exception cref="MetSegException">No fold has been validated, or a reference is missing.</exception>
    public IReadOnlyList<TriedPostprocessing> Choose(IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var labels = Plans.Read(Path.Combine(Run, SegmentationCard.PlansFile)).Labels;
        var cases = FoldValidation.SegmentationsOf(Run);
        if (cases.Count == 0)
        {
            throw new MetSegException($"'{Run}' holds no fold_*/{FoldValidation.FolderName}/CASE.nii.gz. Train a fold to its end: it segments its validation cases.");
        }

        var candidates = Candidates(labels);
        var (tried, steps) = (new List<TriedPostprocessing>(), PostprocessingSteps.None);
        var before = Summarize(cases, labels, steps, new Progress("without postprocessing", 0, cases.Count), progress, cancellation);
        foreach (var (candidate, own) in candidates)
        {
            var with = new PostprocessingSteps([.. steps.KeepLargest, candidate]);
            var task = new Progress($"largest component of {string.Join('+', candidate)}", 0, cases.Count);
            var after = Summarize(cases, labels, with, task, progress, cancellation);
            var isBetter = own is { } k
                ? after.MeanDice[k] > before.MeanDice[k]
                : after.ForegroundMean > before.ForegroundMean && !after.MeanDice.Zip(before.MeanDice).Any(pair => pair.First < pair.Second);
            tried.Add(new TriedPostprocessing(candidate, before.MeanDice, after.MeanDice, isBetter));
            (steps, before) = isBetter ? (with, after) : (steps, before);
        }

        steps.Write(Run);
        return tried;
    }

    /// <summary>The union of all foreground, and each class or region of several with its number.</summary>
    private static List<(IReadOnlyList<int> Labels, int? Class)> Candidates(LabelScheme labels)
    {
        List<(IReadOnlyList<int>, int?)> all = [([.. labels.Foreground.SelectMany(entry => entry.Values).Distinct().Order()], null)];
        if (labels.Foreground.Count > 1)
        {
            all.AddRange(labels.Foreground.Select((entry, k) => (entry.Values, (int?)k)));
        }

        return all;
    }

    private SegmentationSummary Summarize(
        IReadOnlyList<(string Case, string Path)> cases, LabelScheme labels, PostprocessingSteps steps, Progress task, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var compared = new List<SummarizedCase>();
        foreach (var (id, path) in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            var reference = Path.Combine(References, $"{id}.nii.gz");
            if (!File.Exists(reference))
            {
                throw new MetSegException($"There is no reference '{reference}' of the validated case '{id}'. Give the folder labelsTr of the data set that the run was trained on.");
            }

            compared.Add(SegmentationSummary.Compare(id, NiftiReader.ReadLabelMap(reference), steps.Apply(NiftiReader.ReadLabelMap(path)), labels));
            progress?.Report(task with { Done = compared.Count, Detail = id });
        }

        return new SegmentationSummary(labels, compared);
    }
}
