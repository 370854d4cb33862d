using MetSeg.Evaluation;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Training;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using MetSeg.Reports;
using static TorchSharp.torch;

namespace MetSeg.Learning.Experiments;

/// <summary>
/// The report of the demonstration: the sections of every report of evaluations for a baseline and the same network on harmonized scans, with
/// what ran, the domain gap, and example slices of every hospital as each model sees them.
/// </summary>
public sealed record DemoReport
{
    private const string References = "labelsTs";
    private const string Scans = "imagesTs";

    /// <summary>The data set.</summary>
    public required Dataset Dataset { get; init; }

    /// <summary>The sizes of the experiment.</summary>
    public required DemoOptions Options { get; init; }

    /// <summary>What ran, where and how long.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>Folders of the evaluations of the same test scans, by model: the baseline first, the harmonized model last.</summary>
    public required IReadOnlyList<(string Name, string Folder)> Evaluations { get; init; }

    /// <summary>The domain gap before and after.</summary>
    public required DomainAssessmentResult Gap { get; init; }

    /// <summary>All trainings, the harmonizer's first.</summary>
    public required IReadOnlyList<TrainedRun> Runs { get; init; }

    /// <summary>Folders of predictions by model.</summary>
    public required IReadOnlyList<(string Name, string Folder)> Predictions { get; init; }

    /// <summary>The harmonizer's folder.</summary>
    public required string Harmonizer { get; init; }

    /// <summary>The plans that scans are preprocessed by.</summary>
    public required Plans Plans { get; init; }

    /// <summary>The page.</summary>
    /// <param name="device">Where the harmonizer computes for the example pictures.</param>
    public HtmlReport Build(Device device)
    {
        var evaluations = new EvaluationReport(
            [.. Evaluations.Select(one => new ComparedMethod(one.Name, EvaluationReader.Read(one.Folder)))],
            new StudyFacts
            {
                IsSimulated = true,
                PatientOfCase = Dataset.TrainingCases.Concat(Dataset.TestCases).ToDictionary(one => one.Id, one => one.Patient, StringComparer.Ordinal),
                Trainings = [.. Runs.SelectMany(run => run.Folds).Select(fold => fold.Facts)],
                Provenance = Provenance,
            });
        var report = new HtmlReport("MetSeg demonstration", "Baseline nnU-Net against VAE-MMD harmonization on simulated hospitals");
        AddSummary(report.Section("What ran"));
        evaluations.AddLimitations(report.Section("Limitations"));
        evaluations.AddScores(report.Section("Scores per hospital"));
        evaluations.AddPairs(report.Section("Paired by case"));
        evaluations.AddVolumes(report.Section("By lesion volume"));
        AddExamples(report.Section("Example scans"), evaluations, device);
        DomainGapSection.Add(report.Section("Domain gap"), Gap);
        RunSections.AddTo(report, Runs);
        report.Section("Options").Json("Every option of this run", Options);
        evaluations.AddChecklist(report.Section("CLAIM checklist"));
        return report;
    }

    private void AddSummary(ReportSection section)
    {
        var vae = Options.Harmonizer.Vae;
        var patch = string.Join(" × ", Plans.PatchSize.Reverse());
        section.Provenance(Provenance).KeyValues(
        [
            ("Scans", $"{Dataset.TrainingCases.Count} to train and validate, {Dataset.TestCases.Count} to test, split by patient; simulated head phantoms"),
            ("Grid", $"{string.Join(" × ", Plans.Spacing.Reverse())} mm, patches of {patch} voxels, batches of {Plans.BatchSize}"),
            ("Segmentation", $"3-D U-Net with {string.Join(", ", Plans.FeaturesPerStage)} features, {Length(Options.Segmentation)}, each model"),
            ("Harmonizer", $"VAE of {string.Join(" × ", vae.InputSize)} voxels, {vae.Latent} latent units, {Length(Options.HarmonizerTrainer)}; it saw the training split only"),
        ]).Paragraph(
            "The sizes are chosen to finish in minutes on two cores: the figures show that the whole way works, not what the methods can do. "
            + "Paper P1 (arXiv 2604.00397) trained for 100 epochs (VAE) and 1,000 epochs (nnU-Net) on 740 patients.");
    }

    private static string Length(TrainerOptions trainer) => $"{trainer.Epochs} epochs of {trainer.StepsPerEpoch} steps";

    private void AddExamples(ReportSection section, EvaluationReport evaluations, Device device)
    {
        section.Subheading("Best, median and worst case");
        evaluations.AddContours(section, new MontageImages(
            Path.Combine(Dataset.Folder, Scans), Path.Combine(Dataset.Folder, References),
            Predictions.ToDictionary(one => one.Name, one => one.Folder, StringComparer.Ordinal)));
        section.Paragraph("Then one test scan of each hospital through its largest reference lesion: reference in green, prediction in red.");
        using var harmonizer = VaeHarmonizer.Load(Harmonizer, Checkpoint.Best, device);
        foreach (var one in Dataset.TestCases.GroupBy(one => one.Institution).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.First()))
        {
            var image = NiftiReader.ReadVolume(one.ImagePaths[0]);
            var reference = NiftiReader.ReadLabelMap(one.LabelPath!);
            section.Subheading($"{one.Institution}: {one.Id}");
            foreach (var (name, folder) in Predictions)
            {
                var prediction = NiftiReader.ReadLabelMap(Path.Combine(folder, $"{one.Id}.nii.gz"));
                var shown = name == Predictions[^1].Name ? OnBlack(HarmonizedFolder.Harmonize(harmonizer, Plans, image), image) : image;
                section.Figure(new ReportFigure(
                    SlicePicture.Draw(shown, reference, prediction, new SlicePictureOptions { Title = $"{one.Id}, {name}" }),
                    name == Predictions[^1].Name ? "Harmonized scan, as the harmonized model sees it." : "Original scan.",
                    $"Slices of {one.Id} with reference and {name} prediction"));
            }
        }
    }

    /// <summary>The harmonized scan shifted so that its lowest value is 0, and 0 where the scan itself is: pictures show 0 black and leave it out of their window.</summary>
    private static Volume OnBlack(Volume harmonized, Volume scan)
    {
        var lowest = harmonized.Voxels.Min();
        return new Volume(scan.Grid, [.. harmonized.Voxels.Zip(scan.Voxels, (value, original) => original == 0 ? 0 : value - lowest)]);
    }
}
