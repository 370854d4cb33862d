using MetSeg.Files;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using static TorchSharp.torch;

namespace MetSeg.Learning.Experiments;

/// <summary>A fold of an imported model.</summary>
/// <param name="Fold">Its name: a number, or "all".</param>
/// <param name="Epochs">Epochs that it was trained for; 0 where the checkpoint does not say.</param>
/// <param name="BestScore">Best smoothed pseudo Dice; NaN where the checkpoint does not say.</param>
public sealed record ImportedFold(string Fold, int Epochs, double BestScore);

/// <summary>What was imported.</summary>
/// <param name="Run">The run's folder.</param>
/// <param name="Plans">Its plans.</param>
/// <param name="Trainer">nnU-Net's trainer.</param>
/// <param name="Weights">Number of weights of one fold's network.</param>
/// <param name="MirroringAxes">The axes that inference mirrors, 0, 1, 2 of the image tensor.</param>
/// <param name="Folds">Its folds.</param>
public sealed record ImportedModel(string Run, Plans Plans, string Trainer, long Weights, IReadOnlyList<int> MirroringAxes, IReadOnlyList<ImportedFold> Folds);

/// <summary>
/// Brings a model that nnU-Net 2 trained, a folder TRAINER__PLANS__CONFIGURATION with plans.json, dataset.json and fold_N/checkpoint_*.pth,
/// into a run that <see cref="Inference.Predictor"/> opens.
/// </summary>
public sealed record NnUNetImport
{
    private const string DatasetFile = "dataset.json";

    /// <summary>nnU-Net's folder.</summary>
    public required string Source { get; init; }

    /// <summary>The run's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Which checkpoint of each fold: "final" (default), "best" or "latest".</summary>
    public string Checkpoint { get; init; } = "final";

    /// <summary>The folds by name; null (default) for all numbered ones that have the checkpoint or, without any, "all".</summary>
    public IReadOnlyList<string>? Folds { get; init; }

    private string CheckpointFile => $"checkpoint_{Checkpoint}.pth";

    /// <summary>
    /// Imports the folds; those that are there already from the same file are left. Every checkpoint is checked against the plans before
    /// anything is written, and a fold's weights are written last.
    /// </summary>
    /// <param name="progress">Told after every fold; may be null.</param>
    /// <param name="cancellation">Checked before every fold.</param>
    /// <exception cref="MetSegException">The folder is no model of nnU-Net 2, a checkpoint is at fault, the model is of a kind that cannot be used, or the run holds another model.</exception>
    public ImportedModel Import(IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var checkpoints = new List<(string Fold, NnUNetCheckpoint Checkpoint)>();
        try
        {
            FindFolds().ForEach(fold => checkpoints.Add((fold, NnUNetCheckpoint.Open(PathOf(fold)))));
            return Import(checkpoints, progress, cancellation);
        }
        finally
        {
            checkpoints.ForEach(open => open.Checkpoint.Dispose());
        }
    }

    private ImportedModel Import(List<(string Fold, NnUNetCheckpoint Checkpoint)> checkpoints, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var (trainer, configuration) = Agreed(checkpoints);
        var plans = Plans.Read(Path.Combine(Source, "plans.json"), configuration);
        using var generator = new Generator(0);
        using var network = new UNet(SegmentationCard.FromPlans(plans).Network, generator);
        checkpoints.ForEach(open => open.Checkpoint.RefuseMisfits(network.state_dict()));
        using var folderLock = FolderLock.Take(Folder);
        WritePlans(plans);
        foreach (var (fold, checkpoint) in checkpoints)
        {
            cancellation.ThrowIfCancellationRequested();
            var target = Path.Combine(Folder, $"fold_{fold}");
            RunRecord.Claim(Path.Combine(target, SegmentationCard.FileName), CardOf(fold, checkpoint, plans, (trainer, configuration)));
            var weights = Path.Combine(target, Training.Checkpoint.Final);
            if (!File.Exists(weights))
            {
                checkpoint.CopyInto(network);
                Training.Checkpoint.Save(weights, [("network", network, null)], new TrainingState(checkpoint.Epochs, double.NaN, checkpoint.BestScore));
            }

            progress?.Report(new Progress("import", checkpoints.FindIndex(open => open.Fold == fold) + 1, checkpoints.Count, $"fold {fold}"));
        }

        var folds = checkpoints.Select(open => new ImportedFold(open.Fold, open.Checkpoint.Epochs, open.Checkpoint.BestScore)).ToList();
        return new ImportedModel(Folder, plans, trainer, network.parameters().Sum(parameter => parameter.numel()), MirroringAxesOf(checkpoints[0].Checkpoint, plans), folds);
    }

    /// <summary>A slice's axes are the last two of ours.</summary>
    private static IReadOnlyList<int> MirroringAxesOf(NnUNetCheckpoint checkpoint, Plans plans) =>
        [.. checkpoint.MirroringAxes.Select(axis => axis + 3 - plans.PatchSize.Count).Where(axis => axis < 3)];

    private string PathOf(string fold) => Path.Combine(Source, $"fold_{fold}", CheckpointFile);

    private List<string> FindFolds()
    {
        if (Path.GetFullPath(Source) == Path.GetFullPath(Folder))
        {
            throw new MetSegException($"'{Source}' is nnU-Net's own folder. Choose another folder for the run.");
        }

        if (!File.Exists(Path.Combine(Source, "plans.json")) || !File.Exists(Path.Combine(Source, DatasetFile)))
        {
            throw new MetSegException($"'{Source}' has no plans.json or no {DatasetFile}. Give the folder TRAINER__PLANS__CONFIGURATION of nnU-Net's results.");
        }

        var present = Directory.GetDirectories(Source, "fold_*").Select(folder => Path.GetFileName(folder)["fold_".Length..])
            .Where(fold => File.Exists(PathOf(fold))).Order(StringComparer.Ordinal).ToList();
        var numbered = present.Where(fold => fold != FoldSelection.All).ToList();
        var wanted = Folds ?? (numbered.Count > 0 ? numbered : present);
        return wanted.Count > 0 && wanted.All(present.Contains)
            ? [.. wanted.Distinct()]
            : throw new MetSegException(
                $"'{Source}' has no {CheckpointFile} of {(Folds is null ? "any fold" : $"fold {string.Join(", ", wanted.Except(present))}")}. "
                + $"There are: {string.Join(", ", Directory.GetFiles(Source, "checkpoint_*.pth", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Source, file)).Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}.");
    }

    /// <summary>Trainer and configuration: as the checkpoints say or, where they do not, the folder's name.</summary>
    private (string Trainer, string Configuration) Agreed(List<(string Fold, NnUNetCheckpoint Checkpoint)> checkpoints)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Source))).Split("__");
        var said = checkpoints.Select(open => (
            Trainer: open.Checkpoint.Trainer ?? name[0],
            Configuration: open.Checkpoint.Configuration ?? name.ElementAtOrDefault(2),
            Axes: string.Join(", ", open.Checkpoint.MirroringAxes))).Distinct().ToList();
        if (said is not [{ Trainer: var trainer, Configuration: { } configuration }])
        {
            throw new MetSegException(said.Count > 1
                ? $"'{Source}': the folds' checkpoints differ in trainer, configuration or mirroring axes ({string.Join("; ", said)}). Import them one by one with the fold's name."
                : $"'{Source}': the checkpoint does not say its configuration. Name the folder TRAINER__PLANS__CONFIGURATION, as nnU-Net does.");
        }

        return configuration switch
        {
            Plans.Cascade => throw new MetSegException(
                $"'{Source}' is a second stage (3d_cascade_fullres), which needs the segmentation of 3d_lowres as input and is not imported. Import 3d_lowres or 3d_fullres, or train the second stage here."),
            _ => (trainer, configuration),
        };
    }

    private void WritePlans(Plans plans)
    {
        var path = Path.Combine(Folder, "plans.json");
        if (File.Exists(path) && Plans.Read(path).Digest != plans.Digest)
        {
            throw new MetSegException($"'{Folder}' holds other plans than '{Source}', and all folds of a run share them. Choose another folder.");
        }

        plans.Write(path);
    }

    private SegmentationCard CardOf(string fold, NnUNetCheckpoint checkpoint, Plans plans, (string Trainer, string Configuration) name) => new(
        fold,
        SegmentationCard.FromPlans(plans),
        new TrainerOptions { Epochs = Math.Max(1, checkpoint.Epochs) },
        TrainingCases: [],
        ValidationCases: [],
        plans.Digest,
        Harmonizer: null,
        Initialization: null)
    {
        MirroringAxes = MirroringAxesOf(checkpoint, plans),
        Origin = new ModelOrigin(name.Trainer, name.Configuration, CheckpointFile, FileDigest.OfFile(PathOf(fold)), checkpoint.Epochs),
    };
}
