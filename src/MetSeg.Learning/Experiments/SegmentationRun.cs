using MetSeg.Evaluation;
using MetSeg.Files;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Inference;
using MetSeg.Learning.Patches;
using MetSeg.Learning.Tensors;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using static TorchSharp.torch;

namespace MetSeg.Learning.Experiments;

/// <summary>A segmentation model to train.</summary>
public sealed record SegmentationRun
{
    private const int StepsWorthAnEstimate = 50;

    /// <summary>A name for progress and logs. The default is "train".</summary>
    public string Name { get; init; } = "train";

    /// <summary>The preprocessed data set's folder.</summary>
    public required string Preprocessed { get; init; }

    /// <summary>The run's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Fold of splits_final.json, or "all" to train on every case. The default is "0".</summary>
    public string Fold { get; init; } = "0";

    /// <summary>Configuration of the plans; null (default) for 3d_fullres or, without that, the only one there is.</summary>
    public string? Configuration { get; init; }

    /// <summary>
    /// For the second stage of a cascade: the run of 3d_lowres whose folds have been validated on every training case; it becomes part of this
    /// run. Else null.
    /// </summary>
    public string? Previous { get; init; }

    /// <summary>A harmonizer to pass every scan through, as <see cref="HarmonizerFiles"/> takes it; or null.</summary>
    public string? Harmonizer { get; init; }

    /// <summary>Whether a harmonizer is taken though it lowers the contrast of small lesions. The default is false.</summary>
    public bool AcceptsContrastLoss { get; init; }

    /// <summary>A checkpoint whose network's weights to start from, or null for random ones.</summary>
    public string? Initialization { get; init; }

    /// <summary>Changes the options that follow from the plans; the default leaves them.</summary>
    public Func<SegmentationOptions, SegmentationOptions> Adjust { get; init; } = options => options;

    /// <summary>How long to train.</summary>
    public TrainerOptions Trainer { get; init; } = new();

    /// <summary>Memory that loaded cases may take, in bytes. The default is 4 GiB; cases beyond it are read anew each time.</summary>
    public long CacheBytes { get; init; } = 4L << 30;

    /// <summary>How the validation cases are tiled when training has ended; null for no validation. The default is nnU-Net's way.</summary>
    public SlidingWindowOptions? Validation { get; init; } = new();

    /// <summary>Told what a new run will cost before it begins, unless it has fewer than 50 steps; null measures nothing.</summary>
    public Action<TrainingCost>? Announce { get; init; }

    /// <summary>Told what the validation at the end of training found; null tells nobody.</summary>
    public Action<SegmentationSummary>? Validated { get; init; }

    private string FoldFolder => Path.Combine(Folder, $"fold_{Fold}");

    /// <summary>Trains, or goes on with what the folder holds of the same run.</summary>
    /// <exception cref="MetSegException">The data, the folder or the options are at fault.</exception>
    public IReadOnlyList<EpochRecord> Train(Device device, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var (dataset, card) = Describe();
        ThrowIfFoldsDiffer(card);
        if (Harmonizer is not null && !AcceptsContrastLoss)
        {
            HarmonizerAppraisal.ThrowIfContrastIsLost(Harmonizer);
        }

        var previous = Previous is null ? null : PreviousStage.Of(Previous, card.TrainingCases.Concat(card.ValidationCases));
        var isNew = !File.Exists(Path.Combine(FoldFolder, Checkpoint.Latest));
        if (isNew && Announce is not null && (long)Trainer.Epochs * Trainer.StepsPerEpoch >= StepsWorthAnEstimate)
        {
            Announce(Cost(dataset, card, device, progress, cancellation));
        }

        RunRecord.Claim(Path.Combine(FoldFolder, SegmentationCard.FileName), card);
        dataset.Plans.Write(Path.Combine(Folder, SegmentationCard.PlansFile));
        using var harmonizer = CopyHarmonizer(device);
        previous?.CopyInto(Folder);
        using var generator = new Generator((ulong)Seeds.Derive(Trainer.Seed, "weights", Fold));
        using var task = new SegmentationTask(
            Name, card.Options, Cache(dataset, card.TrainingCases, harmonizer, previous), Cache(dataset, card.ValidationCases, harmonizer, previous), (device, generator));
        if (Initialization is not null)
        {
            Weights.Load(Initialization, "network", task.Modules[0].Module);
        }

        var log = new Trainer(task, Trainer, FoldFolder, progress).Run(cancellation);
        if (Validation is { } window)
        {
            var validation = new FoldValidation { Name = Name, Dataset = dataset, Run = Folder, Fold = Fold, Window = window };
            var summary = validation.Validate(card.ValidationCases, previous is null ? null : previous.Load, device, progress, cancellation);
            Validated?.Invoke(summary);
        }

        return log;
    }

    /// <summary>What training will cost, by a few steps on noise. Nothing is written.</summary>
    /// <exception cref="MetSegException">The data or the options are at fault, or there is too little memory.</exception>
    public TrainingCost Estimate(Device device, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var (dataset, card) = Describe();
        return Cost(dataset, card, device, progress, cancellation);
    }

    private (PreprocessedDataset Dataset, SegmentationCard Card) Describe()
    {
        var dataset = PreprocessedDataset.Open(Preprocessed, Configuration);
        var (trainingIds, validationIds) = FoldSelection.Choose(Preprocessed, dataset, Fold);
        var card = new SegmentationCard(
            Fold,
            Adjust(SegmentationCard.FromPlans(dataset.Plans)),
            Trainer,
            trainingIds,
            validationIds,
            dataset.Plans.Digest,
            Harmonizer is null ? null : HarmonizerFiles.Digest(Harmonizer),
            Initialization is null ? null : FileDigest.OfFile(Initialization))
        {
            MirroringAxes = dataset.Plans.Configuration == Plans.Slices ? [1, 2] : null,
            Previous = Previous is null ? null : Predictor.Digest(Previous),
        };
        OptionsException.ThrowIfAny("train", card.Options.Problems().Concat(Trainer.Problems()).Concat(DataProblems(dataset.Plans)));
        return (dataset, card);
    }

    private TrainingCost Cost(
        PreprocessedDataset dataset, SegmentationCard card, Device device, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var cases = Path.Combine(Preprocessed, dataset.Plans.DataIdentifier);
        return TrainingCost.Measure(card.Options, Trainer, device, progress, cancellation).WithCases(Kept(card.TrainingCases) + Kept(card.ValidationCases));

        // Cases lie there as they are kept in memory: uncompressed.
        long Kept(IReadOnlyList<string> ids) =>
            Math.Min(CacheBytes, ids.Sum(id => Directory.GetFiles(cases, $"{id}_*.nii").Sum(file => new FileInfo(file).Length)));
    }

    private IEnumerable<string> DataProblems(Plans plans)
    {
        if (plans.IsSecondStage != Previous is not null)
        {
            yield return plans.IsSecondStage
                ? $"{plans.Configuration} goes on from the segmentations of {Plans.LowResolution}: name the run that was trained on all its folds (--previous)."
                : $"--previous is for {Plans.Cascade} alone, not for {plans.Configuration}.";
        }

        if (Harmonizer is not null && plans.ChannelNames.Count != 1)
        {
            yield return $"A harmonizer takes one channel (T1CE), but the data set has {plans.ChannelNames.Count}.";
        }
    }

    /// <summary>A run has one plans.json and one harmonizer for all of its folds.</summary>
    private void ThrowIfFoldsDiffer(SegmentationCard card)
    {
        foreach (var fold in Directory.Exists(Folder) ? Directory.GetDirectories(Folder, "fold_*") : [])
        {
            var path = Path.Combine(fold, SegmentationCard.FileName);
            if (File.Exists(path) && JsonFile.Read<SegmentationCard>(path, JsonFile.OwnStyle) is var other
                && (other.PlansDigest != card.PlansDigest || other.Harmonizer != card.Harmonizer || other.Previous != card.Previous))
            {
                throw new OptionsException(
                    $"'{fold}' was trained with {(other.PlansDigest != card.PlansDigest ? "other plans" : other.Harmonizer != card.Harmonizer ? "another harmonizer, or none" : "another first stage")}, "
                    + "and all folds of a run share them. Choose another folder.");
            }
        }
    }

    private Harmonizer? CopyHarmonizer(Device device)
    {
        if (Harmonizer is null)
        {
            return null;
        }

        var folder = Path.Combine(Folder, SegmentationCard.HarmonizerFolder);
        HarmonizerFiles.Copy(Harmonizer, folder);
        return HarmonizerFiles.Load(folder, device);
    }

    private CaseCache Cache(PreprocessedDataset dataset, IReadOnlyList<string> ids, Harmonizer? harmonizer, PreviousStage? previous)
    {
        var institutions = dataset.Entries.Select(entry => entry.Institution).Distinct().Order(StringComparer.Ordinal).ToList();
        var domainOf = dataset.Entries.ToDictionary(entry => entry.Id, entry => institutions.IndexOf(entry.Institution));
        return new CaseCache(Load, ids.Count, CacheBytes);

        TrainingCase Load(int number)
        {
            var loaded = dataset.Load(ids[number]);
            var channels = harmonizer is null ? loaded.Channels : [.. loaded.Channels.Select(harmonizer.Apply)];
            var foreground = loaded.ForegroundLocations.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<int>)pair.Value);
            return new TrainingCase(ids[number], domainOf[ids[number]], channels, loaded.MarkedLabel(TrainingCase.Outside)!, foreground)
            {
                MaskedChannels = loaded.Inside is null ? [] : dataset.Plans.UseMaskForNormalization,
                Previous = previous?.Load(ids[number], loaded.Geometry),
            };
        }
    }
}
