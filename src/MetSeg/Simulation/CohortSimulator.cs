using System.Runtime.ExceptionServices;
using MetSeg.Datasets;
using MetSeg.Files;
using MetSeg.Nifti;

namespace MetSeg.Simulation;

/// <summary>
/// Makes a labelled cohort of several hospitals in nnU-Net's raw layout, with groups.csv (case, institution, patient) and simulation.json
/// (the options). Both scans of a patient are on the same side of the test split.
/// </summary>
public static class CohortSimulator
{
    /// <summary>The file that says how a cohort was made.</summary>
    public const string RecordName = "simulation.json";

    /// <summary>Where a second reader's contours of all scans lie, in the data set's folder.</summary>
    public const string SecondReaderFolder = "secondReader";

    /// <summary>Raised whenever the same options give other voxels than before, so that a cohort is never a mixture.</summary>
    private const int Version = 2;

    /// <summary>
    /// Simulates a cohort, or what is missing of one: scans whose files exist are not made again. dataset.json comes last, so a folder that has
    /// it is complete.
    /// </summary>
    /// <param name="options">What to simulate. The same options give the same voxels.</param>
    /// <param name="datasetFolder">The data set's folder; made if it is missing.</param>
    /// <param name="progress">Told after every scan; may be null.</param>
    /// <param name="cancellation">Stops between scans; a later call goes on from there.</param>
    /// <exception cref="OptionsException">The options cannot work.</exception>
    /// <exception cref="MetSegException">The folder holds something else or a cohort of other options, or cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was canceled.</exception>
    public static void Simulate(SimulationOptions options, string datasetFolder, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        OptionsException.ThrowIfAny("simulate", options.Problems());
        FolderClaim.Take(datasetFolder, RecordName, new SimulationRecord(Version, options));
        var scans = CohortPlan.Create(options);
        NnUNetLayout.WriteGroups(datasetFolder, scans.Select(scan => new Case(scan.Id, [], null, scan.Institution.Name, scan.PatientId)));
        WriteAll(scans, options, datasetFolder, progress, cancellation);
        string[] channels = [.. options.Sequences.Select(sequence => sequence.ToString().ToUpperInvariant())];
        NnUNetLayout.WriteDatasetJson(datasetFolder, channels, Reference.Names(options.Labels), scans.Count(scan => !scan.IsTest));
    }

    private static void WriteAll(
        IReadOnlyList<PlannedScan> scans, SimulationOptions options, string folder, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var (done, gate) = (0, new Lock());
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        try
        {
            Parallel.ForEach(scans, parallel, scan =>
            {
                Write(scan, options, folder);
                lock (gate)
                {
                    progress?.Report(new Progress("simulate", ++done, scans.Count, scan.Id));
                }
            });
        }
        catch (AggregateException exception) when (exception.InnerExceptions.OfType<MetSegException>().FirstOrDefault() is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    /// <summary>Makes one scan unless it is there. The first image is written last: where it is, all else is.</summary>
    private static void Write(PlannedScan scan, SimulationOptions options, string folder)
    {
        var (imagePath, labelPath) = (NnUNetLayout.ImagePath(folder, scan.Id, scan.IsTest), NnUNetLayout.LabelPath(folder, scan.Id, scan.IsTest));
        if (File.Exists(imagePath) && File.Exists(labelPath))
        {
            return;
        }

        var simulated = SimulatedScan.Create(scan.Institution, scan.Patient, scan.Visit, options);
        if (simulated.SecondReading is { } second)
        {
            NiftiWriter.Write(Path.Combine(folder, SecondReaderFolder, $"{scan.Id}.nii.gz"), second);
        }

        NiftiWriter.Write(labelPath, simulated.Label);
        for (var channel = simulated.Images.Count - 1; channel >= 0; channel--)
        {
            NiftiWriter.Write(NnUNetLayout.ImagePath(folder, scan.Id, scan.IsTest, channel), simulated.Images[channel]);
        }
    }

    private sealed record SimulationRecord(int Version, SimulationOptions Options);
}
