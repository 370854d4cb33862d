using System.Diagnostics;
using System.Globalization;
using MetSeg.Learning.Inference;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Tensors;
using MetSeg.Learning.Tests;
using MetSeg.Learning.Training;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using static TorchSharp.torch;

namespace MetSeg.Benchmarks;

/// <summary>
/// One scan of 240×240×155 voxels through the predictor with nnU-Net's default network and mirroring, in a process of its own: time, peak memory,
/// and how much of the time is not the network's. The weights are random; that changes no time.
/// </summary>
internal static class VolumeRun
{
    private const int Stages = 6;
    private const int MostFeatures = 320;

    /// <summary>Runs the command line "volume [features of the first stage] [patch edge]" and prints what was measured.</summary>
    /// <returns>0.</returns>
    /// <exception cref="MetSegException">An argument is not a number, or the peer's network is another one.</exception>
    public static int Start(string[] arguments)
    {
        int Argument(int place, int otherwise) => arguments.Length <= place ? otherwise
            : int.TryParse(arguments[place], NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value
            : throw new MetSegException($"'{arguments[place]}' is no number: volume [features] [patch], such as 'volume 32 128'.");
        var (features, edge) = (Argument(0, 32), Argument(1, 128));
        ComputeDevice.Open("cpu");
        var folder = Directory.CreateTempSubdirectory("metseg-volume-").FullName;
        try
        {
            Measure(RandomModel.Write(folder, PlansOf(features, edge)), Path.Combine(folder, "scan.nii.gz"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string model, string path)
    {
        var (plans, load) = (Plans.Read(Path.Combine(model, "plans.json")), Machine.Load());
        NiftiWriter.Write(path, SyntheticCase.Create().Scan);
        using var predictor = Predictor.Open(model, CPU, new SlidingWindowOptions());
        var (scan, reading) = Timed(() => NiftiReader.ReadVolume(path));
        var (prepared, preparing) = Timed(() => predictor.Prepare([scan]));
        var passes = new Passes();
        var (logits, inferring) = Timed(() => predictor.Infer(prepared, passes, CancellationToken.None));
        var (found, exporting) = Timed(logits.Export.Segment);
        var (_, writing) = Timed(() =>
        {
            NiftiWriter.Write(path, found.Labels);
            return 0;
        });
        var peak = PeakGigabytes();
        var blending = Blending(prepared.Case, plans);
        var (network, total) = (inferring - blending, reading + preparing + inferring + exporting + writing);
        Console.WriteLine($"{scan.Grid.Size} voxels, cropped to {prepared.Case.Geometry.Preprocessed.Size}, {passes.Total} passes of {string.Join('×', plans.PatchSize)}, features {string.Join(", ", plans.FeaturesPerStage)}");
        Console.WriteLine($"total {total:0.0} s; peak memory {peak:0.00} GB; outside the network {(total - network) / total:0.0%}");
        Console.WriteLine($"reading {reading:0.00} s, preprocessing {preparing:0.00} s, network {network:0.0} s, tiles and blending {blending:0.00} s, export {exporting:0.00} s, writing {writing:0.00} s");
        var ours = OneTile(plans);
        var (peer, absence) = Peers.Measure("peers_torch.py", $"{plans.PatchSize[0]}", string.Join(',', plans.FeaturesPerStage));
        var row = Comparison.AgainstPeer("one tile", ours, peer?.Results["tile"], "PyTorch, the same network", "");
        Console.WriteLine($"{row.What}: {row.Ours}, {row.Peer}, {row.Ratio} {absence}");
        Console.WriteLine($"\n{DateTime.UtcNow:yyyy-MM-dd}, {Machine.Description()}. Load of the machine before: {load:0.0}, after: {Machine.Load():0.0}.");
    }

    /// <summary>Time of the same sliding window with a network that does nothing.</summary>
    private static double Blending(PreprocessedCase prepared, Plans plans)
    {
        using var scope = NewDisposeScope();
        var image = VolumeTensor.FromVolumes(prepared.Channels);
        return Timed(() => SlidingWindow.Run(image, tiles => cat([tiles, tiles], 1), plans.NetworkPatch, new SlidingWindowOptions(), CancellationToken.None)).Seconds;
    }

    private static Plans PlansOf(int features, int edge)
    {
        int[] three = [3, 3, 3];
        return RandomModel.Small("background", "metastasis") with
        {
            Spacing = [1, 1, 1],
            PatchSize = [edge, edge, edge],
            FeaturesPerStage = [.. Enumerable.Range(0, Stages).Select(stage => Math.Min(MostFeatures, features << stage))],
            Strides = [.. Enumerable.Range(0, Stages).Select(stage => stage == 0 ? new[] { 1, 1, 1 } : [2, 2, 2])],
            KernelSizes = [.. Enumerable.Repeat(three, Stages)],
            ConvPerStage = [.. Enumerable.Repeat(2, Stages)],
            ConvPerStageDecoder = [.. Enumerable.Repeat(2, Stages - 1)],
        };
    }

    /// <summary>One tile through the network as the peer does it: the least of two times after one that does not count; its answer is the number of weights.</summary>
    private static PeerResult OneTile(Plans plans)
    {
        using var scope = NewDisposeScope();
        using var noGradient = inference_mode();
        using var generator = new Generator(1);
        using var network = new UNet(SegmentationCard.FromPlans(plans).Network, generator);
        network.eval();
        var tile = randn([1, 1, .. plans.PatchSize.Select(edge => (long)edge)], generator: generator);
        var seconds = Enumerable.Range(0, 3).Select(_ => Timed(() =>
        {
            network.forward(tile).Dispose();
            return 0;
        }).Seconds).Skip(1).Min();
        return new PeerResult(seconds, network.parameters().Sum(parameter => parameter.numel()));
    }

    private static (T Result, double Seconds) Timed<T>(Func<T> work)
    {
        var start = Stopwatch.GetTimestamp();
        var result = work();
        return (result, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>The most memory that this process has had, as Linux counts it; NaN elsewhere.</summary>
    private static double PeakGigabytes()
    {
        const string Key = "VmHWM:";
        var line = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) : null;
        return line is null ? double.NaN : double.Parse(line[Key.Length..^"kB".Length], CultureInfo.InvariantCulture) * 1024 / 1e9;
    }

    private sealed class Passes : IProgress<(int Done, int Total)>
    {
        public int Total { get; private set; }

        public void Report((int Done, int Total) value)
        {
            Total = value.Total;
            Console.Error.Write($"\r{value.Done} of {value.Total} passes ");
        }
    }
}
