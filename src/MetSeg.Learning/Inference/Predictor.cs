using MetSeg.Files;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Tensors;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using TorchSharp;
using static TorchSharp.torch;

namespace MetSeg.Learning.Inference;

/// <summary>What a model found in one scan, on the scan's own grid.</summary>
/// <param name="Labels">The segmentation.</param>
/// <param name="Probability">Probability that a voxel is not background, in [0, 1]; 0 outside the part that the network saw.</param>
public sealed record Prediction(LabelMap Labels, Volume Probability);

/// <summary>
/// Segments scans with a trained run: preprocessing by its plans, its harmonizer where it has one, sliding window over the network of every
/// fold (mean of the logits), and back to the scan's own grid.
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

    /// <summary>Opens one fold of a run, for its validation.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static Predictor OpenFold(string run, string fold, Device device, SlidingWindowOptions options) => throw new NotImplementedException();

    /// <summary>Segments a preprocessed case.</summary>
    public LabelMap Segment(PreprocessedCase one, LabelMap? previous, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>SHA-256 over the weights of a run: its folds' and its harmonizer's. Tells two models apart.</summary>
    public static string Digest(string run)
    {
        var files = FinishedFolds(run).Select(fold => Path.Combine(fold, Checkpoint.Final))
            .Append(Path.Combine(run, SegmentationCard.HarmonizerFolder, Checkpoint.Best)).Where(File.Exists);
        return FileDigest.OfText(string.Join('\n', files.Select(FileDigest.OfFile)));
    }

    /// <summary>Segments one scan.</summary>
    /// <param name="channels">The scan's channels, all on one grid, in the data set's order.</param>
    /// <param name="cancellation">Checked before each tile.</param>
    /// <exception cref="MetSegException">There are more or fewer channels than the model needs, or the image is empty.</exception>
    public Prediction Predict(IReadOnlyList<Volume> channels, CancellationToken cancellation)
    {
        if (channels.Count != Channels)
        {
            throw new MetSegException($"The model needs {Channels} channels ({string.Join(", ", plans.ChannelNames)}), not {channels.Count}.");
        }

        var preprocessed = Preprocessor.Preprocess(channels, null, plans);
        var images = harmonizer is null ? preprocessed.Channels : [.. preprocessed.Channels.Select(harmonizer.Apply)];
        var classes = Probabilities(images, preprocessed.Geometry, cancellation);
        return ToLabels(classes, channels[0].Grid);
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

    /// <summary>Probability of every foreground class on the scan's own grid.</summary>
    private List<Volume> Probabilities(IReadOnlyList<Volume> images, CaseGeometry geometry, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var image = VolumeTensor.FromVolumes(images).to(device);
        var total = default(Tensor);
        foreach (var (network, axes) in networks)
        {
            var logits = SlidingWindow.Run(image, network.forward, plans.NetworkPatch, options with { Axes = axes }, cancellation);
            total = total is null ? logits : total + logits;
        }

        var probabilities = nn.functional.softmax(total! / networks.Count, dim: 1);
        return [.. Enumerable.Range(1, (int)probabilities.shape[1] - 1).Select(k =>
            Preprocessor.ToOriginalGrid(VolumeTensor.ToVolume(probabilities[0, k], geometry.Preprocessed), geometry))];
    }

    private Prediction ToLabels(List<Volume> classes, Grid grid)
    {
        var values = plans.Labels.Foreground.Select(entry => entry.Values[0]).ToList();
        var labels = new byte[grid.Size.Count];
        var foreground = new float[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var (best, sum) = (0, 0f);
            for (var k = 0; k < classes.Count; k++)
            {
                sum += classes[k].Voxels[i];
                best = classes[k].Voxels[i] > classes[best].Voxels[i] ? k : best;
            }

            foreground[i] = Math.Min(1, sum);
            labels[i] = classes[best].Voxels[i] > 1 - sum ? (byte)values[best] : (byte)0;
        }

        return new Prediction(new LabelMap(grid, labels), new Volume(grid, foreground));
    }
}
