using MetSeg.Learning.Patches;
using MetSeg.Learning.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>One step of all modules of a task on a batch: forward, loss, backward, clipping, optimizer. Owns the optimizers.</summary>
/// <remarks>
/// With half floats the loss is scaled before the backward pass and the gradients back after it; a step whose gradients overflow is left
/// out. bfloat16 has the range of 32-bit floats and needs no scale.
/// </remarks>
internal sealed class TrainingStep : IDisposable
{
    private readonly TrainingTask task;
    private readonly Device device;
    private readonly ScalarType? narrowType;

    /// <param name="task">The method.</param>
    /// <param name="narrowType">Half floats or bfloat16 for the operations that bear them; null for 32 bits throughout.</param>
    public TrainingStep(TrainingTask task, ScalarType? narrowType)
    {
        (this.task, this.narrowType) = (task, narrowType);
        device = DeviceOf(task);
        Scale = narrowType == ScalarType.Float16 ? new LossScale() : null;
        Modules = [.. task.Modules.Select(trained => (trained.Name, trained.Module, (OptimizerHelper?)trained.Optimizer.Create(trained.Module.parameters())))];
    }

    /// <summary>The steps of a task at a precision; a task that does not bear 16 bits has 32.</summary>
    /// <exception cref="MetSegException">The loaded libtorch does not offer the precision.</exception>
    public static TrainingStep For(TrainingTask task, Precision precision) =>
        new(task, task.BearsMixedPrecision ? Autocast.TypeFor(precision, DeviceOf(task)) : null);

    /// <summary>The modules by name, each with its optimizer, as checkpoints want them.</summary>
    public IReadOnlyList<(string Name, nn.Module Module, OptimizerHelper? Optimizer)> Modules { get; }

    /// <summary>Multiplier of the loss; null where there is none.</summary>
    public LossScale? Scale { get; set; }

    /// <summary>Puts all modules into training mode, at the learning rates of an epoch.</summary>
    public void Begin(int epoch, int epochs)
    {
        for (var m = 0; m < Modules.Count; m++)
        {
            Modules[m].Module.train();
            foreach (var group in Modules[m].Optimizer!.ParamGroups)
            {
                group.LearningRate = task.Modules[m].Optimizer.RateAt(epoch, epochs);
            }
        }
    }

    /// <summary>Steps all modules on a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="sums">The loss terms are added here, by name.</param>
    /// <exception cref="MetSegException">The loss or a gradient is no longer finite.</exception>
    public void Run(Batch batch, IDictionary<string, double> sums)
    {
        for (var m = 0; m < Modules.Count; m++)
        {
            using var scope = NewDisposeScope();
            Step(m, batch, sums);
        }
    }

    /// <summary>Scores the modules in evaluation mode, without gradients.</summary>
    public Validation Validate(Random random, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (_, module, _) in Modules)
        {
            module.eval();
        }

        using var narrow = Autocast.Enter(narrowType, device);
        return task.Validate(random, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, _, optimizer) in Modules)
        {
            optimizer!.Dispose();
        }
    }

    private static Device DeviceOf(TrainingTask task) => task.Modules[0].Module.parameters().First().device;

    private void Step(int m, Batch batch, IDictionary<string, double> sums)
    {
        var (name, module, optimizer) = Modules[m];
        optimizer!.zero_grad();
        var loss = Loss(m, batch);
        (Scale is null ? loss.Total : loss.Total * Scale.Factor).backward();
        ScaleBack(module);
        var norm = nn.utils.clip_grad_norm_(module.parameters(), task.Modules[m].ClipNorm);
        var value = loss.Total.item<float>();
        var overflowed = !double.IsFinite(norm);
        if (!float.IsFinite(value) || (overflowed && Scale is not { Factor: > 1 }))
        {
            throw new MetSegException(
                $"Training of '{task.Name}' ({name}) diverged: loss {value}, gradient norm {norm}. "
                + "The last whole epoch is saved; start anew elsewhere with a lower learning rate.");
        }

        if (!overflowed)
        {
            optimizer.step();
        }

        Scale = Scale?.After(overflowed);
        sums[$"{name}.loss"] = Sum(sums, $"{name}.loss") + value;
        foreach (var (term, tensor) in loss.Terms)
        {
            sums[$"{name}.{term}"] = Sum(sums, $"{name}.{term}") + tensor.item<float>();
        }
    }

    private static double Sum(IDictionary<string, double> sums, string key) => sums.TryGetValue(key, out var sum) ? sum : 0;

    private StepLoss Loss(int m, Batch batch)
    {
        using var narrow = Autocast.Enter(narrowType, device);
        return task.Loss(m, batch);
    }

    private void ScaleBack(nn.Module module)
    {
        if (Scale is null)
        {
            return;
        }

        using var noGradient = no_grad();
        foreach (var gradient in module.parameters().Select(parameter => parameter.grad).OfType<Tensor>())
        {
            gradient.mul_(1 / Scale.Factor);
        }
    }
}
