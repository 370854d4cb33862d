using System.Diagnostics;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Tensors;
using MetSeg.Learning.Training;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Methods => ["segmentation", "harmonization", "harmonization in parts"];

    [Fact]
    public void Defaults_are_nnUNets()
    {
        var (trainer, segmentation, sgd) = (new TrainerOptions(), new SegmentationOptions(), new SgdOptions());

        Assert.Equal((1000, 250), (trainer.Epochs, trainer.StepsPerEpoch));
        Assert.Equal((12.0, true, 0.33), (segmentation.ClipNorm, segmentation.DeepSupervision, segmentation.Patches.ForegroundShare));
        Assert.Equal((0.01, 0.99, 3e-5), (sgd.LearningRate, sgd.Momentum, sgd.WeightDecay));
        Assert.Equal(0.01 * Math.Pow(0.5, 0.9), sgd.RateAt(500, 1000), tolerance: 1e-12);
    }

    [Fact]
    public void Learns_to_find_a_bright_ball()
    {
        var log = Train("segmentation", "a", new TrainerOptions { Epochs = 4, StepsPerEpoch = 25 });

        Assert.True(log[^1].Training["network.loss"] < log[0].Training["network.loss"] - 0.3);
        Assert.True(log[^1].Validation["pseudoDice"] > 0.7, $"pseudo Dice {log[^1].Validation["pseudoDice"]}");
    }

    [Fact]
    public void The_harmonizer_learns_to_reconstruct_better_than_a_gray_image_does()
    {
        var log = Train("harmonization", "a", new TrainerOptions { Epochs = 4, StepsPerEpoch = 20 });

        using var scope = NewDisposeScope();
        var gray = ToyCases.Samples(4).Average(sample =>
        {
            var image = VolumeTensor.FromVolumes([sample.Input]);
            return Reconstruction.Compute(image, full_like(image, image.mean().item<float>())).item<float>();
        });
        Assert.True(log[^1].Validation["reconstruction"] < 0.7 * gray, $"{log[^1].Validation["reconstruction"]} against {gray}");
        Assert.Contains("vae.mmd", log[0].Training.Keys);
        Assert.Contains("discriminator.loss", log[0].Training.Keys);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others(string method)
    {
        var options = new TrainerOptions { Epochs = 2, StepsPerEpoch = 3, Seed = 5 };
        Train(method, "a", options);
        Train(method, "b", options);
        Train(method, "c", options with { Seed = 6 });

        Assert.Equal(Weights("a"), Weights("b"));
        Assert.NotEqual(Weights("a"), Weights("c"));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_run_stopped_in_the_middle_of_an_epoch_ends_with_the_bytes_of_one_that_never_stopped(string method)
    {
        var options = new TrainerOptions { Epochs = 3, StepsPerEpoch = 4 };
        Train(method, "whole", options);
        using (var stop = new CancellationTokenSource())
        {
            var afterSixSteps = new Callback(progress =>
            {
                if (progress.Done == 6)
                {
                    stop.Cancel();
                }
            });
            Assert.ThrowsAny<OperationCanceledException>(() => Train(method, "stopped", options, afterSixSteps, stop));
        }

        var log = Train(method, "stopped", options);

        Assert.Equal(Weights("whole"), Weights("stopped"));
        Assert.Equal([0, 1, 2], log.Select(record => record.Epoch));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Memory_is_flat_over_200_iterations(string method)
    {
        using var task = Task(method);
        var counts = new List<(long Tensors, long Bytes)>();
        var sampler = new Callback(progress =>
        {
            if (progress.Done is 40 or 240)
            {
                using var process = Process.GetCurrentProcess();
                counts.Add((LiveTensors.Settled(), process.WorkingSet64));
            }
        });

        new Trainer(task, new TrainerOptions { Epochs = 1, StepsPerEpoch = 240 }, folder.At("m"), sampler).Run(TestContext.Current.CancellationToken);

        Assert.InRange(counts[1].Tensors, 0, counts[0].Tensors);
        Assert.True(counts[1].Bytes - counts[0].Bytes < 30 << 20, $"{(counts[1].Bytes - counts[0].Bytes) >> 20} MiB more after 200 iterations");
    }

    [Fact]
    public void A_diverging_run_stops_and_says_so()
    {
        var error = Assert.Throws<MetSegException>(() => Train(
            "segmentation",
            "d",
            new TrainerOptions { Epochs = 1, StepsPerEpoch = 30 },
            adjust: options => options with { Optimizer = new SgdOptions { LearningRate = 1e30 }, ClipNorm = 1e30 }));

        Assert.Contains("lower learning rate", error.Message);
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_and_left_as_it_is()
    {
        var options = new TrainerOptions { Epochs = 1, StepsPerEpoch = 1 };
        Train("segmentation", "a", options);
        var path = Path.Combine(folder.At("a"), Checkpoint.Latest);
        var damaged = File.ReadAllBytes(path)[..^10];
        File.WriteAllBytes(path, damaged);

        Assert.Throws<MetSegException>(() => Train("segmentation", "a", options with { Epochs = 2 }));
        Assert.Equal(damaged, File.ReadAllBytes(path));
    }

    [Fact]
    public void What_a_killed_run_was_writing_is_removed_and_nothing_else()
    {
        Directory.CreateDirectory(folder.At("a"));
        string[] files = [$"{Checkpoint.Latest}.17-abc.partial", $"{TrainingLog.FileName}.17-abc.partial", "notes.txt.17-abc.partial", "notes.txt"];
        Array.ForEach(files, file => File.WriteAllText(Path.Combine(folder.At("a"), file), "half"));

        Train("segmentation", "a", new TrainerOptions { Epochs = 1, StepsPerEpoch = 1 });

        Assert.Equal([false, false, true, true], files.Select(file => File.Exists(Path.Combine(folder.At("a"), file))));
    }

    [Fact]
    public void A_folder_in_use_is_refused()
    {
        using var held = MetSeg.Files.FolderLock.Take(folder.At("a"));

        var error = Assert.Throws<MetSegException>(() => Train("segmentation", "a", new TrainerOptions { Epochs = 1, StepsPerEpoch = 1 }));

        Assert.Contains("in use", error.Message);
    }

    private static TrainingTask Task(string method, Func<SegmentationOptions, SegmentationOptions>? adjust = null)
    {
        using var generator = new Generator(11);
        return method == "segmentation"
            ? new SegmentationTask("toy", (adjust ?? (options => options))(ToyCases.Segmentation), ToyCases.Cache(6), ToyCases.Cache(3, firstSeed: 100), (CPU, generator))
            : new HarmonizationTask(method == "harmonization" ? ToyCases.Harmonization : ToyCases.OurHarmonization, ToyCases.Samples(8), ToyCases.Samples(4), (CPU, generator));
    }

    private byte[] Weights(string name) => File.ReadAllBytes(Path.Combine(folder.At(name), Checkpoint.Final));

    private IReadOnlyList<EpochRecord> Train(
        string method,
        string name,
        TrainerOptions options,
        IProgress<Progress>? progress = null,
        CancellationTokenSource? stop = null,
        Func<SegmentationOptions, SegmentationOptions>? adjust = null)
    {
        using var task = Task(method, adjust);
        return new Trainer(task, options, folder.At(name), progress).Run(stop?.Token ?? TestContext.Current.CancellationToken);
    }
}
