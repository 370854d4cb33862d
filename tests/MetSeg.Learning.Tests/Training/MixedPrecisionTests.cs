using MetSeg.Learning.Patches;
using MetSeg.Learning.Tensors;
using MetSeg.Learning.Training;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Training;

/// <summary>Training with 16 bits where the operations bear them. On the processor bfloat16 takes the way that half floats take on a card.</summary>
public sealed class MixedPrecisionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public MixedPrecisionTests()
    {
        Assert.SkipUnless(Autocast.IsAvailable, "This libtorch does not let its automatic mixed precision be asked for.");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Learns_as_with_32_bits()
    {
        var wide = Train("wide", new TrainerOptions { Epochs = 3, StepsPerEpoch = 15 });
        var mixed = Train("mixed", new TrainerOptions { Epochs = 3, StepsPerEpoch = 15, Precision = Precision.Mixed });

        Assert.NotEqual(Bytes("wide"), Bytes("mixed"));
        for (var epoch = 0; epoch < wide.Count; epoch++)
        {
            Assert.Equal(wide[epoch].Training["network.loss"], mixed[epoch].Training["network.loss"], tolerance: 0.03);
        }

        Assert.Equal(wide[^1].Validation["pseudoDice"], mixed[^1].Validation["pseudoDice"], tolerance: 0.1);
        using var scope = NewDisposeScope();
        Assert.All(Safetensors.Read(Path.Combine(folder.At("mixed"), Checkpoint.Latest)).Tensors.Values, tensor => Assert.Equal(ScalarType.Float32, tensor.dtype));
    }

    [Fact]
    public void A_stopped_run_ends_with_the_bytes_of_one_that_never_stopped()
    {
        var options = new TrainerOptions { Epochs = 3, StepsPerEpoch = 2, Precision = Precision.Mixed };
        Train("whole", options);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Train("stopped", options, stop));

        Train("stopped", options);

        Assert.Equal(Bytes("whole"), Bytes("stopped"));
    }

    [Fact]
    public void The_loss_scale_is_halved_by_an_overflow_and_doubled_after_2000_good_steps()
    {
        var scale = new LossScale();
        Assert.Equal(new LossScale(65536, 0), scale);
        Assert.Equal(new LossScale(65536, 1), scale.After(overflowed: false));
        Assert.Equal(new LossScale(32768, 0), scale.After(overflowed: false).After(overflowed: true));

        for (var step = 0; step < 2000; step++)
        {
            scale = scale.After(overflowed: false);
        }

        Assert.Equal(new LossScale(131072, 0), scale);
    }

    [Fact]
    public void Half_floats_learn_what_32_bits_learn_and_leave_out_a_step_that_overflows()
    {
        var (wide, _) = Step(null, scale: null);
        var (half, after) = Step(ScalarType.Float16, new LossScale());
        var (skipped, halved) = Step(ScalarType.Float16, new LossScale(Math.Pow(2, 120)));

        Assert.Equal(new LossScale(65536, 1), after);
        Assert.Equal(new LossScale(Math.Pow(2, 119)), halved);
        Assert.All(skipped, change => Assert.Equal(0f, change));
        var (largest, difference) = (wide.Max(MathF.Abs), wide.Zip(half, (one, other) => MathF.Abs(one - other)).Max());
        Assert.InRange(difference, 1e-9f, 0.1f * largest);
    }

    [Fact]
    public void The_loss_scale_is_kept_by_a_checkpoint()
    {
        var path = folder.At("checkpoint.safetensors");
        using var module = nn.Linear(1, 1);
        IReadOnlyList<(string, nn.Module, TorchSharp.Modules.OptimizerHelper?)> modules = [("network", module, null)];

        var state = new TrainingState(3, 0.5, 0.75) { Scale = new LossScale(4096, 17) };
        Checkpoint.Save(path, modules, state);
        Assert.Equal(state, Checkpoint.Load(path, modules));
        Checkpoint.Save(path, modules, state with { Scale = null });
        Assert.Null(Checkpoint.Load(path, modules).Scale);
    }

    /// <summary>What one step changes in the network's weights, and the loss scale after it.</summary>
    private static (float[] Change, LossScale? Scale) Step(ScalarType? type, LossScale? scale)
    {
        using var scope = NewDisposeScope();
        using var task = Task();
        using var step = new TrainingStep(task, type);
        step.Scale = scale;
        var before = Weights(task);
        step.Begin(0, 1);
        using Batch batch = task.NextBatch(new Random(3));
        step.Run(batch, new Dictionary<string, double>());
        return ([.. Weights(task).Zip(before, (now, was) => now - was)], step.Scale);
    }

    private static float[] Weights(TrainingTask task) => [.. task.Modules[0].Module.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];

    private static SegmentationTask Task()
    {
        using var generator = new Generator(11);
        return new SegmentationTask("toy", ToyCases.Segmentation, ToyCases.Cache(6), ToyCases.Cache(3, firstSeed: 100), (CPU, generator));
    }

    private byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(folder.At(name), Checkpoint.Final));

    private IReadOnlyList<EpochRecord> Train(string name, TrainerOptions options, CancellationTokenSource? stop = null)
    {
        using var task = Task();
        var afterThreeSteps = new Callback(progress =>
        {
            if (progress.Done == 3)
            {
                stop?.Cancel();
            }
        });
        return new Trainer(task, options, folder.At(name), afterThreeSteps).Run(stop?.Token ?? TestContext.Current.CancellationToken);
    }
}
