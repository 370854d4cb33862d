using MetSeg.Evaluation;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Training;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using MetSeg.Reports;
using static TorchSharp.torch;

namespace MetSeg.Learning.Experiments;

/// <summary>
/// The report of a comparison of a baseline with the same network on harmonized scans: what ran, table and chart per hospital, domain gap,
/// example slices with reference (green) and prediction (red), and training curves.
/// </summary>
public sealed record ComparisonReport
{
    /// <summary>The data set.</summary>
    public required Dataset Dataset { get; init; }

    /// <summary>The sizes of the experiment.</summary>
    public required DemoOptions Options { get; init; }

    /// <summary>What ran, where and how long.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>Evaluation of the baseline.</summary>
    public required EvaluationResult Baseline { get; init; }

    /// <summary>Evaluation of the harmonized model on the same scans.</summary>
    public required EvaluationResult Harmonized { get; init; }

    /// <summary>The domain gap before and after.</summary>
    public required DomainAssessmentResult Gap { get; init; }

    /// <summary>The logs of all trainings, the harmonizer's first.</summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<EpochRecord> Epochs)> Logs { get; init; }

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
        var report = new HtmlReport("MetSeg demonstration", "Baseline nnU-Net against VAE-MMD harmonization on simulated hospitals");
        AddSummary(report.Section("What ran"));
        AddResults(report.Section("Baseline against harmonized, per hospital"));
        DomainGapSection.Add(report.Section("Domain gap"), Gap);
        AddExamples(report.Section("Example scans"), device);
        AddCurves(report.Section("Training"));
        report.Section("Options").Json("Every option of this run", Options).Json("Evaluation options", Baseline.Options);
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

    private void AddResults(ReportSection section)
    {
        section.Table(new ReportTable(
            "Scores on the test scans; the better of the two models in bold",
            ["Hospital", "Scans", "Score", "Baseline", "Harmonized"],
            [.. Baseline.Groups.SelectMany((group, i) => Rows(group, Harmonized.Groups[i]))])
        {
            Notes =
            [
                "Lesion scores are pooled over the scans of a hospital: any-voxel overlap, 26-neighbor components, precision = found / (found + false). "
                + "Dice and HD95 are the mean and the median over scans; HD95 by surface elements, in mm, over the scans where it is defined (both masks not empty).",
                $"Intervals: 95 %, bootstrap over scans, {Baseline.Options.BootstrapResamples} resamples.",
            ],
        });
        section.Figures(
        [
            new ReportFigure(
                Bars("Dice", group => Metric(group, "dice")), "Mean Dice over test scans with 95 % interval.", "Bar chart of Dice per hospital and model"),
            new ReportFigure(
                Bars("lesion F1", Pooled), "Lesion-wise F1, pooled over the scans of a hospital.", "Bar chart of lesion F1 per hospital and model"),
        ]);
    }

    private static IEnumerable<ReportRow> Rows(GroupEvaluation baseline, GroupEvaluation harmonized)
    {
        var (first, second) = (baseline.Regions[0], harmonized.Regions[0]);
        var (dice, hd95) = (first.Metrics["dice"], first.Metrics["hd95"]);
        ReportRow Row(string name, ReportCell a, ReportCell b, BestValue best, int n) =>
            new([baseline.Name, ReportCell.NumberText($"{n}"), name, a, b], best);
        ReportRow Lesions(string name, Func<LesionScores, double> score) => Row(
            name, ReportCell.Number(score(first.Lesions.Scores)), ReportCell.Number(score(second.Lesions.Scores)), BestValue.Highest, first.Lesions.Cases);

        yield return Row("Dice", Cell(dice, "0.000"), Cell(second.Metrics["dice"], "0.000"), BestValue.Highest, first.Lesions.Cases);
        yield return Lesions("Lesion sensitivity", scores => scores.Sensitivity);
        yield return Lesions("Lesion precision", scores => scores.Precision);
        yield return Lesions("Lesion F1", scores => scores.F1);
        yield return Row("HD95 (mm)", ReportCell.Number(hd95.Median, "0.0"), ReportCell.Number(second.Metrics["hd95"].Median, "0.0"), BestValue.Lowest, hd95.N);
    }

    private static ReportCell Cell(MetricSummary metric, string format) => ReportCell.Interval(metric.Mean, metric.CiLow, metric.CiHigh, format);

    private static Bar Metric(GroupEvaluation group, string name)
    {
        var metric = group.Regions[0].Metrics[name];
        return new Bar(metric.Mean, metric.CiLow, metric.CiHigh);
    }

    private static Bar Pooled(GroupEvaluation group) => new(group.Regions[0].Lesions.Scores.F1);

    private Figure Bars(string label, Func<GroupEvaluation, Bar> bar) => new GroupedBarChart
    {
        Groups = [.. Baseline.Groups.Select(group => group.Name)],
        Series = [new BarSeries("baseline", [.. Baseline.Groups.Select(bar)]), new BarSeries("harmonized", [.. Harmonized.Groups.Select(bar)])],
        ValueLabel = label,
        UnitRange = true,
    }.Draw();

    private void AddExamples(ReportSection section, Device device)
    {
        section.Paragraph("One test scan of each hospital through its largest reference lesion: reference in green, prediction in red.");
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

    private void AddCurves(ReportSection section)
    {
        foreach (var (name, epochs) in Logs)
        {
            var training = epochs[0].Training.Keys.Where(key => key.EndsWith(".loss", StringComparison.Ordinal) || key.EndsWith(".mmd", StringComparison.Ordinal));
            section.Subheading(name).Figure(new ReportFigure(
                new CurveChart
                {
                    Panels =
                    [
                        new CurvePanel("training loss", [.. training.Select(key => new Curve(key, [.. epochs.Select(e => ((double)e.Epoch + 1, e.Training[key]))]))]),
                        new CurvePanel("validation", [.. epochs[0].Validation.Keys.Where(key => key is "pseudoDice" or "loss" or "reconstruction").Select(key =>
                            new Curve(key, [.. epochs.Select(e => ((double)e.Epoch + 1, e.Validation[key]))]))]),
                    ],
                }.Draw(),
                $"{name}: {epochs.Count} epochs, {epochs.Sum(e => e.Seconds):0} s.",
                $"Training curves of {name}"));
        }
    }
}
