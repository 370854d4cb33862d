using MetSeg.Files;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using MetSeg.Reports;

namespace MetSeg.Learning.Experiments;

/// <summary>A training as a report shows it: what its folder says of settings, cases, weights and epochs.</summary>
public sealed record TrainedRun
{
    private const string FoldFolders = "fold_*";
    private const string PseudoDice = "pseudoDice";
    private const int ShownDigits = 12;
    private const double LogarithmicFrom = 30;

    private TrainedRun(string name, IReadOnlyList<TrainedFold> folds)
    {
        (Name, Folds) = (name, folds);
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>Its folds; a harmonizer is one.</summary>
    public IReadOnlyList<TrainedFold> Folds { get; }

    /// <summary>Reads a run.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="folder">Holds fold_N/model.json (segmentation) or harmonizer.json.</param>
    /// <exception cref="MetSegException">The folder holds neither, or a card or log is damaged.</exception>
    public static TrainedRun Read(string name, string folder)
    {
        if (File.Exists(Path.Combine(folder, HarmonizerCard.FileName)))
        {
            return new TrainedRun(name, [OfHarmonizer(name, folder)]);
        }

        var folds = Directory.Exists(folder)
            ? Directory.GetDirectories(folder, FoldFolders).Where(fold => File.Exists(Path.Combine(fold, SegmentationCard.FileName)))
                .Order(StringComparer.Ordinal).Select(fold => OfSegmentation(name, fold)).ToList()
            : [];
        return folds.Count > 0
            ? new TrainedRun(name, folds)
            : throw new MetSegException(
                $"'{folder}' is no run: it has neither {FoldFolders}/{SegmentationCard.FileName} nor {HarmonizerCard.FileName}. Give a folder that 'metseg train' or 'metseg harmonize train' wrote.");
    }

    /// <summary>Adds the curves of every fold: training loss and validation.</summary>
    public void AddCurves(ReportSection section)
    {
        foreach (var fold in Folds.Where(fold => fold.Epochs.Count > 0))
        {
            var (first, epochs) = (fold.Epochs[0], fold.Epochs);
            var losses = first.Training.Keys.Where(key => key.EndsWith(".loss", StringComparison.Ordinal) || key.EndsWith(".mmd", StringComparison.Ordinal));
            var figures = first.Validation.Keys.Where(key => key is PseudoDice or "loss" or "reconstruction").ToList();
            var title = Folds.Count == 1 ? Name : $"{Name}, fold {fold.Facts.Fold}";
            section.Figure(new ReportFigure(
                new CurveChart
                {
                    Panels =
                    [
                        Panel("training loss", losses, epochs, epoch => epoch.Training),
                        figures is [PseudoDice]
                            ? Panel("pseudo Dice of validation patches", figures, epochs, epoch => epoch.Validation) with { UnitRange = true, Logarithmic = false }
                            : Panel("validation loss", figures, epochs, epoch => epoch.Validation),
                    ],
                }.Draw(),
                $"Training of {title}: {epochs.Count} epochs in {epochs.Sum(epoch => epoch.Seconds):0} s.",
                $"Training curves of {title}"));
        }
    }

    /// <summary>Adds every fold's card, folded, as its file has it: settings, split and digests.</summary>
    public void AddSettings(ReportSection section)
    {
        foreach (var fold in Folds)
        {
            section.Json($"{Name}, fold {fold.Facts.Fold}: settings, cases and digests", fold.Card);
        }
    }

    /// <summary>Curves of some figures; on a logarithmic axis where terms are of different size, so that the small ones are seen.</summary>
    private static CurvePanel Panel(
        string label, IEnumerable<string> keys, IReadOnlyList<EpochRecord> epochs, Func<EpochRecord, IReadOnlyDictionary<string, double>> of)
    {
        List<Curve> curves = [.. keys.Select(key => new Curve(key, [.. epochs.Select(epoch => ((double)epoch.Epoch + 1, of(epoch).GetValueOrDefault(key, double.NaN)))]))];
        var values = curves.SelectMany(curve => curve.Points).Select(point => point.Y).Where(double.IsFinite).ToList();
        return new CurvePanel(label, curves, Logarithmic: values.Count > 0 && values.Min() > 0 && values.Max() > LogarithmicFrom * values.Min());
    }

    private static TrainedFold OfSegmentation(string name, string folder)
    {
        var card = JsonFile.Read<SegmentationCard>(Path.Combine(folder, SegmentationCard.FileName), JsonFile.OwnStyle);
        var (network, patches, optimizer) = (card.Options.Network, card.Options.Patches, card.Options.Optimizer);
        var facts = new TrainingFacts(name, card.Fold, card.Origin is null ? card.Trainer.Seed : null)
        {
            Network = $"{(network.Architecture == NetworkArchitecture.PlainConvUNet ? "plain" : "residual-encoder")} 3-D U-Net with {string.Join(", ", network.Features)} features, "
                + $"{network.Channels} channel(s) in, {network.Classes} out, patches of {string.Join(" × ", patches.PatchSize.Reverse())} voxels",
            Training = $"Dice and cross-entropy{(card.Options.DeepSupervision ? " with deep supervision" : "")}, {Optimizer(optimizer)}, {Length(card.Trainer)}, batches of {patches.BatchSize}",
            Initialization = card.Origin is { } origin ? $"trained by nnU-Net ({origin.Trainer}, {origin.Epochs} epochs)"
                : card.Initialization is { } digest ? $"weights with SHA-256 {digest[..ShownDigits]}…" : "random (He)",
            Selection = "weights of the last epoch; the best by pseudo Dice of validation patches are kept beside",
            Preprocessing = $"planned and normalized as nnU-Net v2, plans with digest {Short(card.PlansDigest)}"
                + (card.Harmonizer is { } harmonizer ? $", then harmonized by weights with SHA-256 {Short(harmonizer)}" : ""),
            TrainingCases = card.TrainingCases,
            ValidationCases = card.ValidationCases,
        };
        return new TrainedFold(facts, card, TrainingLog.Read(folder), WeightsOf(folder, Checkpoint.Final));
    }

    private static TrainedFold OfHarmonizer(string name, string folder)
    {
        var card = JsonFile.Read<HarmonizerCard>(Path.Combine(folder, HarmonizerCard.FileName), JsonFile.OwnStyle);
        var vae = card.Options.Vae;
        var facts = new TrainingFacts(name, "0", card.Seed)
        {
            Network = $"variational autoencoder of {string.Join(" × ", vae.InputSize)} voxels with {vae.Latent} latent units",
            Training = $"{card.Epochs} epochs of {card.StepsPerEpoch} steps on the scans of {card.Domains.Count} hospitals",
            Initialization = "random",
            Selection = "lowest total loss on the validation scans",
            Preprocessing = $"planned and normalized as nnU-Net v2, plans with digest {Short(card.PlansDigest)}",
            TrainingCases = card.TrainingCases,
            ValidationCases = card.ValidationCases,
        };
        return new TrainedFold(facts, card, TrainingLog.Read(folder), WeightsOf(folder, Checkpoint.Best));
    }

    private static string? WeightsOf(string folder, string file) =>
        Path.Combine(folder, file) is var path && File.Exists(path) ? FileDigest.OfFile(path) : null;

    private static string Short(string digest) => digest.Length > ShownDigits ? $"{digest[..ShownDigits]}…" : digest;

    private static string Optimizer(OptimizerOptions optimizer) => $"{(optimizer is SgdOptions ? "SGD" : "Adam")} at {optimizer.LearningRate}";

    private static string Length(TrainerOptions trainer) => $"{trainer.Epochs} epochs of {trainer.StepsPerEpoch} steps";
}

/// <summary>One fold of a run.</summary>
/// <param name="Facts">What a report says of it.</param>
/// <param name="Card">Its card: a <see cref="SegmentationCard"/> or a <see cref="HarmonizerCard"/>.</param>
/// <param name="Epochs">Its log; empty where there is none.</param>
/// <param name="Weights">SHA-256 of its weights; null where they are not there.</param>
public sealed record TrainedFold(TrainingFacts Facts, object Card, IReadOnlyList<EpochRecord> Epochs, string? Weights);
