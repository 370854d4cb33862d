using MetSeg.Imaging;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Inference;
using MetSeg.Nifti;
using MetSeg.Preprocessing;

namespace MetSeg.Learning.Experiments;

/// <summary>Harmonizes files: each scan is preprocessed by the harmonizer's plans, harmonized, and brought back to its own grid.</summary>
public static class HarmonizedFolder
{
    /// <summary>Writes CASE_0000.nii.gz for every scan of the input. Outside the part that the harmonizer saw a scan keeps the lowest value.</summary>
    /// <param name="harmonizer">The harmonizer.</param>
    /// <param name="model">Its folder, which holds the plans.</param>
    /// <param name="input">A NIfTI file or a folder of them, one channel a scan.</param>
    /// <param name="folder">Where the results go.</param>
    /// <param name="run">Progress, told after each scan, and the wish to stop, checked before each.</param>
    /// <returns>The ids of the scans.</returns>
    /// <exception cref="MetSegException">A scan cannot be read, a result would replace it, or the folder cannot be written.</exception>
    public static IReadOnlyList<string> Write(
        VaeHarmonizer harmonizer, string model, string input, string folder, (IProgress<Progress>? Progress, CancellationToken Cancellation) run)
    {
        var plans = Plans.Read(Path.Combine(model, HarmonizerRun.PlansFileName));
        var scans = ScanSearch.Find(input, channels: 1);
        ScanSearch.ThrowIfReplaced(scans, scans.Select(PathOf));
        for (var i = 0; i < scans.Count; i++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            NiftiWriter.Write(PathOf(scans[i]), Harmonize(harmonizer, plans, NiftiReader.ReadVolume(scans[i].Channels[0])));
            run.Progress?.Report(new Progress("harmonize", i + 1, scans.Count, scans[i].Id));
        }

        return [.. scans.Select(scan => scan.Id)];

        string PathOf(ScanFiles scan) => Path.Combine(folder, $"{scan.Id}_0000.nii.gz");
    }

    /// <summary>A harmonized scan on its own grid; intensities are those of the preprocessed scan (z-scores), background the lowest of them.</summary>
    public static Volume Harmonize(VaeHarmonizer harmonizer, Plans plans, Volume scan)
    {
        var harmonized = harmonizer.Apply(Preprocessor.Preprocess([scan], null, plans).Channels[0]);
        return Resampler.Resample(harmonized, scan.Grid, outside: harmonized.Voxels.Min());
    }
}
