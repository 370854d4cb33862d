using MetSeg.Files;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using static TorchSharp.torch;

namespace MetSeg.Learning.Experiments;

/// <summary>
/// What a harmonizer's folder says of it when it has been trained: distribution.json, which scans it knows, and lesion_contrast.json, whether
/// it keeps lesions visible.
/// </summary>
internal static class HarmonizerAppraisal
{
    /// <summary>Appraises a harmonizer.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="dataset">The data set that it was trained on.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="progress">Told after each scan.</param>
    /// <param name="cancellation">Checked before each scan.</param>
    public static LesionGuard Run(string folder, PreprocessedDataset dataset, Device device, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        using var harmonizer = VaeHarmonizer.Load(folder, Checkpoint.Best, device);
        var card = harmonizer.Card;
        var scans = new Dictionary<string, ScanDescription>();
        List<string> ids = [.. card.TrainingCases.Concat(card.ValidationCases).Distinct()];
        foreach (var id in ids)
        {
            cancellation.ThrowIfCancellationRequested();
            scans.Add(id, harmonizer.Describe(dataset.Load(id).Channels[0]));
            progress?.Report(new Progress("describe scans", scans.Count, ids.Count, id));
        }

        var path = Path.Combine(folder, OutOfDistribution.FileName);
        if (OutOfDistribution.Calibrate([.. ids.Select(id => scans[id])], card.Seed) is { } distribution)
        {
            JsonFile.Write(path, distribution, JsonFile.OwnStyle);
        }
        else
        {
            File.Delete(path);
        }

        var heldOut = card.ValidationCases.Except(card.TrainingCases).ToList();
        var guard = Judge(heldOut, isHeldOut: true);
        guard = guard.Sizes[1].N > 0 || heldOut.Count == ids.Count ? guard : Judge(ids, isHeldOut: false);
        JsonFile.Write(Path.Combine(folder, LesionGuard.FileName), guard, JsonFile.OwnStyle);
        return guard;

        LesionGuard Judge(List<string> from, bool isHeldOut)
        {
            var lesions = new List<GuardedLesion>();
            var cases = 0;
            for (var i = 0; i < from.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var scan = dataset.Load(from[i]);
                if (scan.Label?.Map(label => label != 0 && label != dataset.Plans.Labels.Ignore ? (byte)1 : (byte)0) is { } marked)
                {
                    lesions.AddRange(LesionGuard.Compare(scan.Channels[0], harmonizer.Apply(scan.Channels[0]), marked));
                    cases++;
                }

                progress?.Report(new Progress("contrast of lesions", i + 1, from.Count, from[i]));
            }

            return LesionGuard.Judge(lesions, cases, isHeldOut);
        }
    }

    /// <summary>Refuses a harmonizer that its folder says lowers the contrast of small lesions.</summary>
    /// <param name="harmonizer">Its folder; other harmonizers say nothing of it.</param>
    /// <exception cref="MetSegException">It does, or what its folder says is damaged.</exception>
    public static void ThrowIfContrastIsLost(string harmonizer)
    {
        var path = Path.Combine(harmonizer, LesionGuard.FileName);
        if (File.Exists(path) && JsonFile.Read<LesionGuard>(path, JsonFile.OwnStyle).Refusal(harmonizer) is { } refusal)
        {
            throw new MetSegException(refusal);
        }
    }
}
