using MetSeg.Learning.Networks;
using MetSeg.Learning.Tensors;
using static TorchSharp.torch;

namespace MetSeg.Learning.Experiments;

/// <summary>A checkpoint_*.pth of nnU-Net 2: what it says of the model, and its weights.</summary>
public sealed class NnUNetCheckpoint : IDisposable
{
    private const int Axes = 3;
    private static readonly string[] wrappers = ["module.", "_orig_mod."];
    private readonly string path;
    private readonly PyTorchCheckpoint file;
    private readonly Dictionary<string, StoredTensor> weights;

    private NnUNetCheckpoint(string path, PyTorchCheckpoint file)
    {
        (this.path, this.file) = (path, file);
        var content = file.Content as PickledMap ?? throw Unlike("that holds no dictionary");
        weights = WeightsOf(content["network_weights"] as PickledMap ?? throw Unlike("without \"network_weights\""));
        Trainer = content["trainer_name"] as string;
        Configuration = (content["init_args"] as PickledMap)?["configuration"] as string;
        MirroringAxes = AxesOf(content["inference_allowed_mirroring_axes"]);
        Epochs = content["current_epoch"] is long and > 0 and < int.MaxValue and var epochs ? (int)epochs : 0;
        BestScore = content["_best_ema"] is double score ? score : double.NaN;
    }

    /// <summary>Name of the trainer's class; null where the file does not say.</summary>
    public string? Trainer { get; }

    /// <summary>The configuration of the plans, such as 3d_fullres; null where the file does not say.</summary>
    public string? Configuration { get; }

    /// <summary>The axes (0, 1, 2 of the image tensor) that inference may mirror; empty where the file allows none or does not say, as nnU-Net takes it.</summary>
    public IReadOnlyList<int> MirroringAxes { get; }

    /// <summary>Epochs that it was trained for; 0 where the file does not say.</summary>
    public int Epochs { get; }

    /// <summary>Best smoothed pseudo Dice; NaN where the file does not say.</summary>
    public double BestScore { get; }

    /// <summary>Names of the weights as nnU-Net's network has them, without wrappers' prefixes and without the names of weights that have another.</summary>
    public IEnumerable<string> Names => weights.Keys;

    /// <summary>Opens a checkpoint; nothing in it is executed.</summary>
    /// <exception cref="MetSegException">The file cannot be read (see <see cref="PyTorchCheckpoint.Open"/>) or is no checkpoint of nnU-Net 2.</exception>
    public static NnUNetCheckpoint Open(string path)
    {
        var file = PyTorchCheckpoint.Open(path);
        try
        {
            return new NnUNetCheckpoint(path, file);
        }
        catch (MetSegException)
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Copies the weights into a network, as single precision.</summary>
    /// <exception cref="MetSegException">Weights are missing, of another shape, or not the network's; the network is unchanged then.</exception>
    public void CopyInto(UNet network)
    {
        var targets = network.state_dict();
        RefuseMisfits(targets);
        using var noGradient = no_grad();
        foreach (var (name, target) in targets)
        {
            using var value = file.Read(weights[name]);
            target.copy_(value.reshape(target.shape));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    /// <summary>Refuses weights that are not those of a network: names and shapes.</summary>
    /// <param name="targets">The network's weights.</param>
    /// <exception cref="MetSegException">Weights are missing, of another shape, or not the network's.</exception>
    internal void RefuseMisfits(IReadOnlyDictionary<string, Tensor> targets)
    {
        var missing = targets.Keys.Where(name => !weights.ContainsKey(name)).ToList();
        var extra = weights.Keys.Where(name => !targets.ContainsKey(name)).ToList();
        var misshaped = targets.Where(pair => weights.TryGetValue(pair.Key, out var stored) && !Fits(stored.Shape, pair.Value.shape)).Select(pair =>
            $"'{pair.Key}' of shape [{string.Join(", ", weights[pair.Key].Shape)}] instead of [{string.Join(", ", pair.Value.shape)}]").ToList();
        string[] faults =
        [
            .. missing.Count > 0 ? [$"it lacks {FirstOf(missing.Select(name => $"'{name}'"))}"] : Array.Empty<string>(),
            .. extra.Count > 0 ? [$"it has {FirstOf(extra.Select(name => $"'{PickleGlobals.Shown(name)}'"))}, unknown there"] : Array.Empty<string>(),
            .. misshaped.Count > 0 ? [$"it has {FirstOf(misshaped)}"] : Array.Empty<string>(),
        ];
        if (faults.Length > 0)
        {
            throw new MetSegException(
                $"'{path}' does not fit the network of plans.json and dataset.json: {string.Join("; ", faults)}. "
                + "Import the folder that nnU-Net trained it in, with its own plans.json and dataset.json.");
        }
    }

    /// <summary>Whether weights are of a shape; a kernel of a 2-D network is one of depth 1.</summary>
    private static bool Fits(IReadOnlyList<long> stored, long[] wanted) =>
        stored.SequenceEqual(wanted) || (stored.Count == 4 && wanted is [var outputs, var inputs, 1, .. var plane] && stored.SequenceEqual([outputs, inputs, .. plane]));

    /// <summary>The first of some texts, and how many there are besides.</summary>
    private static string FirstOf(IEnumerable<string> texts)
    {
        var all = texts.ToList();
        return all.Count == 1 ? all[0] : $"{all[0]} (and {all.Count - 1} more)";
    }

    private Dictionary<string, StoredTensor> WeightsOf(PickledMap saved)
    {
        var found = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in saved.Items)
        {
            var name = key;
            while (wrappers.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } wrapper)
            {
                name = name[wrapper.Length..];
            }

            var isDuplicate = name.StartsWith("decoder.encoder.", StringComparison.Ordinal) || name.Contains(".all_modules.", StringComparison.Ordinal);
            if (!isDuplicate && (value is not StoredTensor tensor || !found.TryAdd(name, tensor)))
            {
                throw Unlike($"with a weight '{PickleGlobals.Shown(key)}' that is {(value is StoredTensor ? "there twice" : "no tensor")}");
            }
        }

        return found;
    }

    private int[] AxesOf(object? saved)
    {
        IReadOnlyList<object?> axes = saved switch
        {
            null => [],
            object?[] tuple => tuple,
            List<object?> list => list,
            _ => throw Unlike("whose \"inference_allowed_mirroring_axes\" are no list"),
        };
        return axes.All(axis => axis is long and >= 0 and < Axes)
            ? [.. axes.Select(axis => (int)(long)axis!).Distinct().Order()]
            : throw Unlike($"whose \"inference_allowed_mirroring_axes\" are not of 0 to {Axes - 1}");
    }

    private MetSegException Unlike(string how) =>
        new($"'{path}' is a PyTorch file {how}: no checkpoint of nnU-Net 2. Give the folder that nnU-Net 2 trained, TRAINER__PLANS__CONFIGURATION.");
}
