using MetSeg.Files;
using MetSeg.Imaging;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Inference;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using MetSeg.Reports;

namespace MetSeg.Learning.Experiments;

/// <summary>A harmonized scan.</summary>
/// <param name="Case">Its id.</param>
/// <param name="OutOfDistribution">How unlike the harmonizer's own scans it is; null where that cannot be said.</param>
public sealed record HarmonizedCase(string Case, DistributionScore? OutOfDistribution);

/// <summary>Harmonizes files: each scan is preprocessed by the harmonizer's plans, harmonized, and brought back to its own grid.</summary>
public static class HarmonizedFolder
{
    /// <summary>Name of the table in the folder of results.</summary>
    public const string TableFileName = "harmonized.csv";

    /// <summary>
    /// Writes CASE_0000.nii.gz and CASE.png (original, harmonized, difference) for every scan of the input, and harmonized.csv with a row for
    /// each. Outside the part that the harmonizer saw a scan keeps the lowest value.
    /// </summary>
    /// <param name="harmonizer">The harmonizer.</param>
    /// <param name="model">Its folder, which holds the plans.</param>
    /// <param name="input">A NIfTI file or a folder of them, one channel a scan.</param>
    /// <param name="folder">Where the results go.</param>
    /// <param name="run">Progress, told after each scan, and the wish to stop, checked before each.</param>
    /// <returns>The scans.</returns>
    /// <exception cref="MetSegException">A scan cannot be read, a result would replace it, or the folder cannot be written.</exception>
    public static IReadOnlyList<HarmonizedCase> Write(
        Harmonizer harmonizer, string model, string input, string folder, (IProgress<Progress>? Progress, CancellationToken Cancellation) run)
    {
        var plans = Plans.Read(Path.Combine(model, HarmonizerRun.PlansFileName));
        var scans = ScanSearch.Find(input, channels: 1);
        ScanSearch.ThrowIfReplaced(scans, scans.Select(PathOf));
        var cases = new List<HarmonizedCase>();
        foreach (var scan in scans)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var original = NiftiReader.ReadVolume(scan.Channels[0]);
            var preprocessed = Preprocessor.Preprocess([original], null, plans).Channels[0];
            var harmonized = harmonizer.Harmonize(preprocessed);
            HarmonizerFigures.WritePicture(Path.Combine(folder, $"{scan.Id}.png"), DifferencePicture.Draw(preprocessed, harmonized.Volume, scan.Id));
            NiftiWriter.Write(PathOf(scan), OnOwnGrid(harmonized.Volume, original.Grid));
            cases.Add(new HarmonizedCase(scan.Id, harmonized.OutOfDistribution));
            run.Progress?.Report(new Progress("harmonize", cases.Count, scans.Count, scan.Id));
        }

        CsvFile.Write(Path.Combine(folder, TableFileName), ["case", .. DistributionScore.Columns], cases.Select(one =>
            (string[])[one.Case, .. DistributionScore.Cells(one.OutOfDistribution)]));
        return cases;

        string PathOf(ScanFiles scan) => Path.Combine(folder, $"{scan.Id}_0000.nii.gz");
    }

    /// <summary>A harmonized scan on its own grid; intensities are those of the preprocessed scan (z-scores), background the lowest of them.</summary>
    public static Volume Harmonize(Harmonizer harmonizer, Plans plans, Volume scan) =>
        OnOwnGrid(harmonizer.Apply(Preprocessor.Preprocess([scan], null, plans).Channels[0]), scan.Grid);

    private static Volume OnOwnGrid(Volume harmonized, Grid grid) => Resampler.Resample(harmonized, grid, outside: harmonized.Voxels.Min());
}
