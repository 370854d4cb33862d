using System.Globalization;
using MetSeg.Learning.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>Where a run stands between two epochs.</summary>
/// <param name="Epoch">The next epoch, counted from 0.</param>
/// <param name="Score">Smoothed validation score, NaN before the first.</param>
/// <param name="BestScore">Best smoothed score so far, negative infinity before the first.</param>
public sealed record TrainingState(int Epoch, double Score, double BestScore)
{
    /// <summary>Multiplier of the loss; null where precision is not mixed with half floats.</summary>
    public LossScale? Scale { get; init; }
}

/// <summary>
/// Saves modules, their optimizers and the run's state in one .safetensors file, and brings them back. A file that does not fit is refused
/// before the first weight is changed.
/// </summary>
public static class Checkpoint
{
    /// <summary>Name of the file to resume from.</summary>
    public const string Latest = "checkpoint_latest.safetensors";

    /// <summary>Name of the file with the weights of the best validation score.</summary>
    public const string Best = "checkpoint_best.safetensors";

    /// <summary>Name of the file with the weights after the last epoch.</summary>
    public const string Final = "checkpoint_final.safetensors";

    private const string OptimizerMark = "optimizer";
    private const string LossScaleMark = "lossScale";
    private const string GoodStepsMark = "lossScaleGoodSteps";

    /// <summary>Saves weights, buffers and optimizer states.</summary>
    /// <param name="path">The file.</param>
    /// <param name="modules">Modules by name, each with its optimizer; null where only the weights matter.</param>
    /// <param name="state">Where the run stands.</param>
    public static void Save(string path, IReadOnlyList<(string Name, nn.Module Module, OptimizerHelper? Optimizer)> modules, TrainingState state)
    {
        using var scope = NewDisposeScope();
        Safetensors.Write(path, new TensorFile(Tensors(modules), Metadata(state)));
    }

    /// <summary>Saves weights and buffers alone.</summary>
    /// <inheritdoc cref="Save" path="/param"/>
    public static void SaveWeights(string path, IReadOnlyList<(string Name, nn.Module Module, OptimizerHelper? Optimizer)> modules, TrainingState state) =>
        Save(path, WithoutOptimizers(modules), state);

    /// <summary>Brings back everything that <see cref="Save"/> saved.</summary>
    /// <exception cref="MetSegException">The file is damaged or belongs to other modules.</exception>
    public static TrainingState Load(string path, IReadOnlyList<(string Name, nn.Module Module, OptimizerHelper? Optimizer)> modules)
    {
        using var scope = NewDisposeScope();
        var file = Safetensors.Read(path);
        foreach (var (name, module, _) in modules)
        {
            Weights.Check(path, file, name, module);
        }

        foreach (var (name, module, optimizer) in modules)
        {
            Weights.Copy(file, name, module);
            if (optimizer is not null)
            {
                RestoreOptimizer(file, $"{name}.{OptimizerMark}.", optimizer);
            }
        }

        return new TrainingState(
            (int)Number(path, file, "epoch"),
            Number(path, file, "score"),
            Number(path, file, "bestScore"))
        {
            Scale = file.Metadata.ContainsKey(LossScaleMark)
                ? new LossScale(Number(path, file, LossScaleMark), (int)Number(path, file, GoodStepsMark))
                : null,
        };
    }

    private static Dictionary<string, Tensor> Tensors(IReadOnlyList<(string Name, nn.Module Module, OptimizerHelper? Optimizer)> modules)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, module, optimizer) in modules)
        {
            Weights.Collect(module, name, tensors);
            foreach (var (key, value) in optimizer is null ? [] : OptimizerTensors(optimizer))
            {
                tensors.Add($"{name}.{OptimizerMark}.{key}", value);
            }
        }

        return tensors;
    }

    private static Dictionary<string, string> Metadata(TrainingState state)
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "metseg-checkpoint-1",
            ["epoch"] = state.Epoch.ToString(CultureInfo.InvariantCulture),
            ["score"] = state.Score.ToString("R", CultureInfo.InvariantCulture),
            ["bestScore"] = state.BestScore.ToString("R", CultureInfo.InvariantCulture),
        };
        if (state.Scale is { } scale)
        {
            metadata[LossScaleMark] = scale.Factor.ToString("R", CultureInfo.InvariantCulture);
            metadata[GoodStepsMark] = scale.GoodSteps.ToString(CultureInfo.InvariantCulture);
        }

        return metadata;
    }

    private static List<(string Name, nn.Module Module, OptimizerHelper? Optimizer)> WithoutOptimizers(
        IReadOnlyList<(string Name, nn.Module Module, OptimizerHelper? Optimizer)> modules) =>
        [.. modules.Select(module => (module.Name, module.Module, (OptimizerHelper?)null))];

    private static double Number(string path, TensorFile file, string key) =>
        file.Metadata.TryGetValue(key, out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new MetSegException($"'{path}' does not say its {key}: it is no checkpoint to go on from. Delete it to start anew.");

    private static IEnumerable<(string Key, Tensor Value)> OptimizerTensors(OptimizerHelper optimizer)
    {
        var states = optimizer.state_dict().State;
        for (var i = 0; i < states.Count; i++)
        {
            switch (states[i])
            {
                case SGD.State { momentum_buffer: { } buffer }:
                    yield return ($"{i}.momentum", buffer);
                    break;
                case Adam.State adam:
                    yield return ($"{i}.step", tensor(adam.step, ScalarType.Int64));
                    yield return ($"{i}.moment1", adam.exp_avg);
                    yield return ($"{i}.moment2", adam.exp_avg_sq);
                    break;
            }
        }
    }

    private static void RestoreOptimizer(TensorFile file, string prefix, OptimizerHelper optimizer)
    {
        var states = optimizer.state_dict().State;
        for (var i = 0; i < states.Count; i++)
        {
            switch (states[i])
            {
                case SGD.State sgd when file.Tensors.TryGetValue($"{prefix}{i}.momentum", out var buffer):
                    sgd.momentum_buffer = buffer.to(optimizer.parameters().First().device).clone().DetachFromDisposeScope();
                    break;
                case Adam.State adam when file.Tensors.TryGetValue($"{prefix}{i}.step", out var step)
                    && file.Tensors.TryGetValue($"{prefix}{i}.moment1", out var moment1)
                    && file.Tensors.TryGetValue($"{prefix}{i}.moment2", out var moment2):
                    adam.step = step.item<long>();
                    adam.exp_avg.copy_(moment1);
                    adam.exp_avg_sq.copy_(moment2);
                    break;
            }
        }
    }
}
