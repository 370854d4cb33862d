using MetSeg.Files;
using MetSeg.Learning.Training;
using MetSeg.Nifti;
using MetSeg.Preprocessing;

namespace MetSeg.Learning.Experiments;

/// <summary>
/// The first stage of a cascade: a run of 3d_lowres. Its folds have segmented the cases that they did not learn from; the second stage learns
/// from those segmentations. A copy of its model lies in the second's run.
/// </summary>
/// <remarks>nnU-Net v2's 3d_cascade_fullres.</remarks>
public sealed class PreviousStage
{
    private readonly Dictionary<string, string> segmentations;

    private PreviousStage(Dictionary<string, string> segmentations) => this.segmentations = segmentations;

    /// <summary>Copies a run's model and finds its segmentations.</summary>
    /// <param name="run">The run of 3d_lowres.</param>
    /// <param name="target">The second stage's run.</param>
    /// <param name="cases">The cases of which segmentations are needed.</param>
    /// <exception cref="MetSegException">The run is of another configuration, or a case has not been segmented.</exception>
    public static PreviousStage Copy(string run, string target, IEnumerable<string> cases)
    {
        var plans = Plans.Read(Path.Combine(run, SegmentationCard.PlansFile));
        if (plans.Configuration != Plans.LowResolution)
        {
            throw new MetSegException($"--previous '{run}' was trained for {plans.Configuration}. The first stage of a cascade is {Plans.LowResolution}.");
        }

        var found = Directory.GetDirectories(run, "fold_*").Order(StringComparer.Ordinal)
            .SelectMany(fold => FoldValidation.Segmentations(fold)).DistinctBy(file => file.Case).ToDictionary(file => file.Case, file => file.Path);
        if (cases.FirstOrDefault(id => !found.ContainsKey(id)) is { } missing)
        {
            throw new MetSegException($"--previous '{run}' has no segmentation of case '{missing}'. Train all its folds to their end: each segments its validation cases.");
        }

        foreach (var file in ModelFiles(run))
        {
            AtomicFile.Copy(file, Path.Combine(target, SegmentationCard.PreviousFolder, Path.GetRelativePath(run, file)));
        }

        return new PreviousStage(found);
    }

    /// <summary>A case's segmentation on the grid that the network sees.</summary>
    public LabelMap Load(string id, CaseGeometry geometry) => Preprocessor.ToPreprocessedGrid(NiftiReader.ReadLabelMap(segmentations[id]), geometry);

    private static IEnumerable<string> ModelFiles(string run) => Directory.GetFiles(run, "*", SearchOption.AllDirectories).Where(file =>
        Path.GetFileName(file) is SegmentationCard.PlansFile or SegmentationCard.FileName or Checkpoint.Final
        || Path.GetFileName(Path.GetDirectoryName(file)) == SegmentationCard.HarmonizerFolder);
}
