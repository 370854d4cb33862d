using MetSeg.Files;
using MetSeg.Imaging;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using static TorchSharp.torch;

namespace MetSeg.Learning.Experiments;

/// <summary>A VAE-MMD harmonizer to train on the training split of a preprocessed data set.</summary>
public sealed record HarmonizerRun
{
    /// <summary>Name of the file in the harmonizer's folder with the plans that its input follows.</summary>
    public const string PlansFileName = "plans.json";

    /// <summary>The preprocessed data set's folder.</summary>
    public required string Preprocessed { get; init; }

    /// <summary>The harmonizer's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Fold of splits_final.json whose training cases it learns from, or "all". The default is "0".</summary>
    public string Fold { get; init; } = "0";

    /// <summary>How to train.</summary>
    public VaeMmdOptions Options { get; init; } = new();

    /// <summary>How long to train. The default is 100 epochs of 250 steps.</summary>
    public TrainerOptions Trainer { get; init; } = new() { Epochs = 100 };

    /// <summary>Whether the harmonizer is good enough though it lowers the contrast of small lesions: see <see cref="LesionGuard"/>. The default is false.</summary>
    public bool AcceptsContrastLoss { get; init; }

    /// <summary>Told what the user should know while it trains, such as that the MMD aligns nothing; log.jsonl says it too. May be null.</summary>
    public Action<string>? Warned { get; init; }

    /// <summary>
    /// Trains, or goes on with what the folder holds of the same run. Then says in distribution.json what the scans are like that it was made
    /// with, and in lesion_contrast.json whether it keeps lesions visible.
    /// </summary>
    /// <exception cref="MetSegException">
    /// The data have several channels or fewer than two institutions, folder or options are at fault, or the harmonizer, which stays in its
    /// folder, lowers the contrast of small lesions.
    /// </exception>
    public IReadOnlyList<EpochRecord> Train(Device device, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var dataset = PreprocessedDataset.Open(Preprocessed);
        var (trainingIds, validationIds) = FoldSelection.Choose(Preprocessed, dataset, Fold);
        var domains = dataset.Entries.Where(entry => trainingIds.Contains(entry.Id)).Select(entry => entry.Institution)
            .Distinct().Order(StringComparer.Ordinal).ToList();
        OptionsException.ThrowIfAny("harmonize", Options.Problems().Concat(Trainer.Problems()).Concat(DataProblems(dataset.Plans, domains)));
        var card = new HarmonizerCard(Options, Trainer.Epochs, Trainer.StepsPerEpoch, Trainer.Seed, domains, trainingIds, validationIds, dataset.Plans.Digest);
        RunRecord.Claim(Path.Combine(Folder, HarmonizerCard.FileName), card);
        dataset.Plans.Write(Path.Combine(Folder, PlansFileName));
        var landmarks = Options.ErasesLandmarks ? Landmarks(dataset, trainingIds, domains) : null;
        using var generator = new Generator((ulong)Seeds.Derive(Trainer.Seed, "weights", "harmonizer"));
        List<HarmonizationSample> Samples(IReadOnlyList<string> ids) => [.. Scans(dataset, ids, domains).Select(scan => Sample(scan, landmarks, dataset.Plans.Labels.Ignore))];
        using var task = new HarmonizationTask(Options, Samples(trainingIds), Samples(validationIds), (device, generator));
        var log = new Trainer(task, Trainer, Folder, progress) { Warned = Warned }.Run(cancellation);
        var guard = HarmonizerAppraisal.Run(Folder, dataset, device, progress, cancellation);
        if (guard.Refusal(Folder) is { } refusal)
        {
            if (!AcceptsContrastLoss)
            {
                throw new MetSegException(refusal);
            }

            Warned?.Invoke($"Accepted: {refusal}");
        }

        return log;
    }

    private static IEnumerable<string> DataProblems(Plans plans, List<string> domains)
    {
        if (plans.ChannelNames.Count != 1)
        {
            yield return $"The harmonizer takes one channel (T1CE), but the data set has {plans.ChannelNames.Count}.";
        }

        if (domains.Count < 2)
        {
            yield return $"Harmonizing needs scans of at least two institutions, but the training split has {domains.Count}: fill in groups.csv (case,institution,patient).";
        }
    }

    private static IEnumerable<(PreprocessedCase Case, int Domain)> Scans(PreprocessedDataset dataset, IReadOnlyList<string> ids, List<string> domains) =>
        dataset.Entries.Where(entry => ids.Contains(entry.Id) && domains.Contains(entry.Institution))
            .Select(entry => (dataset.Load(entry.Id), domains.IndexOf(entry.Institution)));

    private LandmarkErasure Landmarks(PreprocessedDataset dataset, IReadOnlyList<string> ids, List<string> domains)
    {
        var landmarks = LandmarkErasure.Fit(Scans(dataset, ids, domains).Select(scan => (scan.Case.Channels[0], scan.Domain)));
        JsonFile.Write(Path.Combine(Folder, LandmarkErasure.FileName), landmarks, JsonFile.OwnStyle);
        return landmarks;
    }

    private HarmonizationSample Sample((PreprocessedCase Case, int Domain) scan, LandmarkErasure? landmarks, int? ignored)
    {
        var (original, label) = (scan.Case.Channels[0], Options.Reconstruction.LesionWeight > 0 ? scan.Case.Label : null);
        var volume = landmarks?.Apply(original) ?? original;
        var (input, frame) = IntensityFrame.Enter(volume, Options.Vae.InputSize, Options.Range);
        return Options.Transfer == TransferMode.Patches
            ? new HarmonizationSample(scan.Domain, input, label?.Map(number => number == ignored ? (byte)0 : number)) { Native = frame.ToUnit(volume) }
            : new HarmonizationSample(scan.Domain, input, label is null ? null : Lesions(label, ignored, frame.InputGrid));
    }

    /// <summary>1 in every voxel of the input that a lesion reaches into, so that the smallest one is not lost between two of them.</summary>
    private static LabelMap Lesions(LabelMap label, int? ignored, Grid inputGrid)
    {
        var share = Resampler.Resample(new Volume(label.Grid, [.. label.Labels.Select(number => number > 0 && number != ignored ? 1f : 0f)]), inputGrid);
        return new LabelMap(inputGrid, [.. share.Voxels.Select(value => value > 0 ? (byte)1 : (byte)0)]);
    }
}
