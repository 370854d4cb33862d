using MetSeg.Files;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Tensors;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using TorchSharp;
using static TorchSharp.torch;

namespace MetSeg.Learning.Inference;

/// <summary>
/// Segments scans with a trained run, in three steps: preprocessing by its plans; its harmonizer, where it has one, and a sliding window over the
/// network of every fold (mean of the logits); and back to the scan's own grid (<see cref="ScanLogits.Export"/>).
/// </summary>
public sealed class Predictor : IDisposable
{
    private readonly Plans plans;
    private readonly Harmonizer? harmonizer;
    private readonly IReadOnlyList<(UNet Network, MirroringAxes Axes)> networks;
    private readonly Device device;
    private readonly SlidingWindowOptions options;
    private Predictor? first;

    private Predictor(Plans plans, Harmonizer? harmonizer, IReadOnlyList<(UNet Network, MirroringAxes Axes)> networks, Device device, SlidingWindowOptions options)
    {
        (this.plans, this.harmonizer, this.networks, this.device, this.options) = (plans, harmonizer, networks, device, options);
    }

    /// <summary>Number of image channels that a case needs.</summary>
    public int Channels => plans.ChannelNames.Count;

    /// <summary>Names of the foreground classes or regions, each with the network's output that stands for it.</summary>
    public IReadOnlyList<(string Name, int Output)> Foreground =>
        [.. plans.Labels.Foreground.Zip(Decoding.Foreground, (entry, output) => (entry.Name, output))];

    /// <summary>What the outputs mean.</summary>
    private LogitDecoding Decoding => LogitDecoding.Of(plans.Labels);

    /// <summary>Opens a run's folder.</summary>
    /// <param name="run">
    /// Holds plans.json, fold_*/ and perhaps harmonizer/ and, of a cascade, previous/. Folds whose training has not ended are left out.
    /// </param>
    /// <param name="device">Where it computes.</param>
    /// <param name="options">How the volume is tiled.</param>
    /// <exception cref="MetSegException">The folder holds no finished model, or a file of it is damaged.</exception>
    public static Predictor Open(string run, Device device, SlidingWindowOptions options)
    {
        OptionsException.ThrowIfAny("predict", options.Problems());
        var folds = FinishedFolds(run);
        if (folds.Count == 0)
        {
            throw new MetSegException($"--model '{run}' holds no trained fold (fold_*/checkpoint_final.safetensors). Name a run that 'metseg train' has finished.");
        }

        var predictor = Open(run, folds, device, options);
        if (predictor.plans.IsSecondStage)
        {
            predictor.first = Open(Path.Combine(run, SegmentationCard.PreviousFolder), device, options);
        }

        return predictor;
    }

    /// <summary>Opens one fold of a run, to validate it: without the first stage of a cascade, whose segmentations are there already.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="fold">The fold, whose training has ended.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="options">How volumes are tiled.</param>
    public static Predictor OpenFold(string run, string fold, Device device, SlidingWindowOptions options) =>
        Open(run, [Path.Combine(run, $"fold_{fold}")], device, options);

    private static Predictor Open(string run, IReadOnlyList<string> folds, Device device, SlidingWindowOptions options)
    {
        var plans = Plans.Read(Path.Combine(run, SegmentationCard.PlansFile));
        var harmonizerFolder = Path.Combine(run, SegmentationCard.HarmonizerFolder);
        var harmonizer = Directory.Exists(harmonizerFolder) ? HarmonizerFiles.Load(harmonizerFolder, device) : null;
        return new Predictor(plans, harmonizer, [.. folds.Select(fold => LoadNetwork(fold, device))], device, options);
    }

    /// <summary>SHA-256 over the weights of a run: its folds', its harmonizer's files and its first stage's. Tells two models apart.</summary>
    public static string Digest(string run)
    {
        var harmonizer = Path.Combine(run, SegmentationCard.HarmonizerFolder);
        var files = FinishedFolds(run).Concat(FinishedFolds(Path.Combine(run, SegmentationCard.PreviousFolder))).Select(fold => Path.Combine(fold, Checkpoint.Final));
        return FileDigest.OfText(string.Join('\n', files.Select(FileDigest.OfFile).Concat(Directory.Exists(harmonizer) ? [HarmonizerFiles.Digest(harmonizer)] : [])));
    }

    /// <summary>Segments one scan.</summary>
    /// <inheritdoc cref="Prepare" path="/param|/exception"/>
    /// <inheritdoc cref="Infer(PreparedScan, IProgress{ValueTuple{int, int}}?, CancellationToken)" path="/param[@name='cancellation']"/>
    public Prediction Predict(IReadOnlyList<Volume> channels, CancellationToken cancellation)
    {
        using var logits = Infer(Prepare(channels), null, cancellation);
        return logits.Export.Segment();
    }

    /// <summary>The first step: the scan as the network wants it. Uses no libtorch.</summary>
    /// <param name="channels">The scan's channels, all on one grid, in the data set's order.</param>
    /// <exception cref="MetSegException">There are more or fewer channels than the model needs, or the image is empty.</exception>
    public PreparedScan Prepare(IReadOnlyList<Volume> channels) => channels.Count == Channels
        ? new PreparedScan(Preprocessor.Preprocess(channels, null, plans), first?.Prepare(channels))
        : throw new MetSegException($"The model needs {Channels} channels ({string.Join(", ", plans.ChannelNames)}), not {channels.Count}.");

    /// <summary>The second step: what the networks say.</summary>
    /// <param name="scan">The scan, prepared.</param>
    /// <param name="progress">Told how many of the networks' passes are done; may be null.</param>
    /// <param name="cancellation">Checked before each tile.</param>
    /// <returns>For the third step; its memory is the caller's to free.</returns>
    public ScanLogits Infer(PreparedScan scan, IProgress<(int Done, int Total)>? progress, CancellationToken cancellation)
    {
        if (first is null)
        {
            return Infer(scan.Case, null, progress, cancellation);
        }

        using var firstLogits = first.Infer(scan.First!, null, cancellation);
        return Infer(scan.Case, Preprocessor.ToPreprocessedGrid(firstLogits.Export.Segment().Labels, scan.Case.Geometry), progress, cancellation);
    }

    /// <summary>What the networks say of a preprocessed case.</summary>
    /// <param name="scan">The case.</param>
    /// <param name="previous">What the first stage of a cascade found, on the grid that the network sees; else null.</param>
    /// <param name="progress">Told how many of the networks' passes are done; may be null.</param>
    /// <param name="cancellation">Checked before each tile.</param>
    public ScanLogits Infer(PreprocessedCase scan, LabelMap? previous, IProgress<(int Done, int Total)>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = inference_mode();
        var harmonized = harmonizer is null ? null : scan.Channels.Select(harmonizer.Harmonize).ToList();
        using var narrow = Autocast.Enter(Autocast.TypeFor(Precision.Auto, device), device);
        var image = VolumeTensor.FromVolumes(harmonized is null ? scan.Channels : [.. harmonized.Select(one => one.Volume)]);
        image = (previous is null
            ? image : cat([image, VolumeTensor.OneHot(VolumeTensor.FromLabels(previous)[0], plans.Labels.ForegroundValues).unsqueeze(0)], 1)).to(device);
        var total = default(Tensor);
        for (var i = 0; i < networks.Count; i++)
        {
            var window = options with { Axes = networks[i].Axes, HasRegions = Decoding.HasRegions, Progress = new PassesOfFold(progress, i, networks.Count) };
            var logits = SlidingWindow.Run(image, networks[i].Network.forward, plans.NetworkPatch, window, cancellation);
            total = total is null ? logits : total.add_(logits);
        }

        return new ScanLogits(total!.div_(networks.Count), scan.Geometry, plans.VoxelSizeFor(scan.Geometry.Reoriented), Decoding)
        {
            OutOfDistribution = harmonized?[0].OutOfDistribution,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        first?.Dispose();
        harmonizer?.Dispose();
        foreach (var (network, _) in networks)
        {
            network.Dispose();
        }
    }

    private static List<string> FinishedFolds(string run) => Directory.Exists(run)
        ? [.. Directory.GetDirectories(run, "fold_*").Where(fold => File.Exists(Path.Combine(fold, Checkpoint.Final))).Order(StringComparer.Ordinal)]
        : [];

    private static (UNet Network, MirroringAxes Axes) LoadNetwork(string fold, Device device)
    {
        var card = JsonFile.Read<SegmentationCard>(Path.Combine(fold, SegmentationCard.FileName), JsonFile.OwnStyle);
        using var generator = new Generator(0);
        var network = new UNet(card.Options.Network, generator);
        Weights.Load(Path.Combine(fold, Checkpoint.Final), "network", network);
        network.to(device);
        network.eval();
        return (network, card.MirroringAxes?.Aggregate(MirroringAxes.None, (axes, axis) => axes | (MirroringAxes)(1 << axis)) ?? MirroringAxes.All);
    }

    /// <summary>Tells the passes of one fold's network as a part of all folds' passes.</summary>
    private sealed class PassesOfFold(IProgress<(int Done, int Total)>? progress, int fold, int folds) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => progress?.Report((value.Done + (fold * value.Total), folds * value.Total));
    }
}
