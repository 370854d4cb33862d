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
    private readonly VaeHarmonizer? harmonizer;
    private readonly IReadOnlyList<(UNet Network, MirroringAxes Axes)> networks;
    private readonly Device device;
    private readonly SlidingWindowOptions options;

    private Predictor(Plans plans, VaeHarmonizer? harmonizer, IReadOnlyList<(UNet Network, MirroringAxes Axes)> networks, Device device, SlidingWindowOptions options)
    {
        (this.plans, this.harmonizer, this.networks, this.device, this.options) = (plans, harmonizer, networks, device, options);
    }

    /// <summary>Number of image channels that a case needs.</summary>
    public int Channels => plans.ChannelNames.Count;

    /// <summary>Names of the foreground classes, each with the network's output that stands for it.</summary>
    public IReadOnlyList<(string Name, int Output)> Foreground =>
        [.. plans.Labels.Where(label => label.Value != 0).OrderBy(label => label.Value).Select((label, k) => (label.Key, k + 1))];

    /// <summary>What the outputs mean.</summary>
    private LogitDecoding Decoding => new([.. plans.Labels.Values.Order()], hasRegions: false);

    /// <summary>Opens a run's folder.</summary>
    /// <param name="run">Holds plans.json, fold_*/ and perhaps harmonizer/. Folds whose training has not ended are left out.</param>
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

        var plans = Plans.Read(Path.Combine(run, "plans.json"));
        var harmonizerFolder = Path.Combine(run, SegmentationCard.HarmonizerFolder);
        var harmonizer = Directory.Exists(harmonizerFolder) ? VaeHarmonizer.Load(harmonizerFolder, Checkpoint.Best, device) : null;
        return new Predictor(plans, harmonizer, [.. folds.Select(fold => LoadNetwork(fold, device))], device, options);
    }

    /// <summary>SHA-256 over the weights of a run: its folds' and its harmonizer's. Tells two models apart.</summary>
    public static string Digest(string run)
    {
        var files = FinishedFolds(run).Select(fold => Path.Combine(fold, Checkpoint.Final))
            .Append(Path.Combine(run, SegmentationCard.HarmonizerFolder, Checkpoint.Best)).Where(File.Exists);
        return FileDigest.OfText(string.Join('\n', files.Select(FileDigest.OfFile)));
    }

    /// <summary>Segments one scan.</summary>
    /// <inheritdoc cref="Prepare" path="/param|/exception"/>
    /// <inheritdoc cref="Infer" path="/param[@name='cancellation']"/>
    public Prediction Predict(IReadOnlyList<Volume> channels, CancellationToken cancellation)
    {
        using var logits = Infer(Prepare(channels), null, cancellation);
        return logits.Export.Segment();
    }

    /// <summary>The first step: the scan as the network wants it. Uses no libtorch.</summary>
    /// <param name="channels">The scan's channels, all on one grid, in the data set's order.</param>
    /// <exception cref="MetSegException">There are more or fewer channels than the model needs, or the image is empty.</exception>
    public PreprocessedCase Prepare(IReadOnlyList<Volume> channels) => channels.Count == Channels
        ? Preprocessor.Preprocess(channels, null, plans)
        : throw new MetSegException($"The model needs {Channels} channels ({string.Join(", ", plans.ChannelNames)}), not {channels.Count}.");

    /// <summary>The second step: what the networks say.</summary>
    /// <param name="scan">The scan, prepared.</param>
    /// <param name="progress">Told how many of the networks' passes are done; may be null.</param>
    /// <param name="cancellation">Checked before each tile.</param>
    /// <returns>For the third step; its memory is the caller's to free.</returns>
    public ScanLogits Infer(PreprocessedCase scan, IProgress<(int Done, int Total)>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = inference_mode();
        var image = VolumeTensor.FromVolumes(harmonizer is null ? scan.Channels : [.. scan.Channels.Select(harmonizer.Apply)]).to(device);
        var total = default(Tensor);
        for (var i = 0; i < networks.Count; i++)
        {
            var window = options with { Axes = networks[i].Axes, HasRegions = Decoding.HasRegions, Progress = new PassesOfFold(progress, i, networks.Count) };
            var logits = SlidingWindow.Run(image, networks[i].Network.forward, plans.PatchSize, window, cancellation);
            total = total is null ? logits : total.add_(logits);
        }

        return new ScanLogits(total!.div_(networks.Count), scan.Geometry, plans.VoxelSize, Decoding);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
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
