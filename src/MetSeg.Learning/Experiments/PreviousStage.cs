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
    private readonly string run;
    private readonly Dictionary<string, string> segmentations;

    private PreviousStage(string run, Dictionary<string, string> segmentations) => (this.run, this.segmentations) = (run, segmentations);

    /// <summary>Finds a run's segmentations.</summary>
    /// <param name="run">The run of 3d_lowres.</param>
    /// <param name="cases">The cases of which segmentations are needed.</param>
    /// <exception cref="MetSegException">The run is of another configuration, or a case has not been segmented.</exception>
    public static PreviousStage Of(string run, IEnumerable<string> cases)
    {
        var plans = Plans.Read(Path.Combine(run, SegmentationCard.PlansFile));
        if (plans.Configuration != Plans.LowResolution)
        {
            throw new MetSegException($"--previous '{run}' was trained for {plans.Configuration}. The first stage of a cascade is {Plans.LowResolution}.");
        }

        var found = FoldValidation.SegmentationsOf(run).ToDictionary(file => file.Case, file => file.Path);
        if (cases.FirstOrDefault(id => !found.ContainsKey(id)) is { } missing)
        {
            throw new MetSegException($"--previous '{run}' has no segmentation of case '{missing}'. Train all its folds to their end: each segments its validation cases.");
        }

        return new PreviousStage(run, found);
    }

    /// <summary>Copies the run's model into the second stage's run.</summary>
    /// <param name="target">The second stage's run.</param>
    /// <exception cref="MetSegException">A file cannot be written.</exception>
    public void CopyInto(string target)
    {
        foreach (var file in ModelFiles())
        {
            AtomicFile.Copy(file, Path.Combine(target, SegmentationCard.PreviousFolder, Path.GetRelativePath(run, file)));
        }
    }

    /// <summary>A case's segmentation on the grid that the network sees.</summary>
    public LabelMap Load(string id, CaseGeometry geometry) => Preprocessor.ToPreprocessedGrid(NiftiReader.ReadLabelMap(segmentations[id]), geometry);

    private IEnumerable<string> ModelFiles() => Directory.GetFiles(run, "*", SearchOption.AllDirectories).Where(file =>
        Path.GetFileName(file) is SegmentationCard.PlansFile or SegmentationCard.FileName or Checkpoint.Final
        || Path.GetFileName(Path.GetDirectoryName(file)) == SegmentationCard.HarmonizerFolder);
}
