using BenchmarkDotNet.Attributes;
using MetSeg.Learning.Inference;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Patches;
using MetSeg.Learning.Tensors;
using static TorchSharp.torch;

namespace MetSeg.Benchmarks;

/// <summary>A small U-Net on the CPU, and the matrix product that says what the processor can do.</summary>
public class NetworkBenchmarks
{
    private const int MatrixLength = 1024;
    private const int Patch = 32;
    private const int BatchSize = 2;
    private const int ScanLength = 64;

    private static readonly UNetOptions options = new()
    {
        Features = [16, 32, 64],
        Strides = [[1, 1, 1], [2, 2, 2], [2, 2, 2]],
        Kernels = [[3, 3, 3], [3, 3, 3], [3, 3, 3]],
    };

    private static readonly SlidingWindowOptions window = new() { Mirroring = false };

    private Tensor matrix = null!;
    private Tensor patches = null!;
    private Tensor labels = null!;
    private Tensor scan = null!;
    private UNet network = null!;

    /// <summary>Operations of <see cref="MatrixProduct"/>.</summary>
    internal static double MatrixOperations => 2.0 * MatrixLength * MatrixLength * MatrixLength;

    /// <summary>Operations of <see cref="TrainingStep"/>.</summary>
    internal static double TrainingOperations => ConvolutionWork.ForwardAndBackward(options, BatchSize * Cube(Patch));

    /// <summary>Operations of <see cref="Inference"/>: every tile is a pass of its own.</summary>
    internal static double InferenceOperations => Cube(Tiles.Starts(ScanLength, Patch, window.Step).Length) * ConvolutionWork.Forward(options, Cube(Patch));

    /// <summary>Voxels of the scan of <see cref="Inference"/>.</summary>
    internal static long ScanVoxels => Cube(ScanLength);

    /// <summary>Number of weights of the network.</summary>
    internal static double Weights
    {
        get
        {
            using var generator = new Generator(1);
            using var network = CreateNetwork(generator);
            return network.parameters().Sum(parameter => parameter.numel());
        }
    }

    [GlobalSetup]
    public void Prepare()
    {
        OwnTimes.TakeNormalPriority();
        var device = ComputeDevice.Open("cpu");
        using var generator = new Generator(1, device);
        matrix = randn([MatrixLength, MatrixLength], generator: generator);
        patches = randn([BatchSize, 1, Patch, Patch, Patch], generator: generator);
        labels = patches.gt(2).to(int64);
        scan = randn([1, 1, ScanLength, ScanLength, ScanLength], generator: generator);
        network = CreateNetwork(generator);
    }

    [GlobalCleanup]
    public void Release()
    {
        foreach (var tensor in new[] { matrix, patches, labels, scan })
        {
            tensor.Dispose();
        }

        network.Dispose();
    }

    [Benchmark]
    public void MatrixProduct()
    {
        using var product = mm(matrix, matrix);
    }

    /// <summary>Forward, Dice and cross-entropy, backward; no optimizer.</summary>
    [Benchmark]
    public void TrainingStep()
    {
        using var scope = NewDisposeScope();
        network.zero_grad();
        DiceCrossEntropy.Compute(network.forward(patches), labels).backward();
    }

    /// <summary>Tiles of 32³ at half a tile's distance over 64³ voxels, without mirroring.</summary>
    [Benchmark]
    public void Inference()
    {
        using var logits = SlidingWindow.Run(scan, network.forward, [Patch, Patch, Patch], window, CancellationToken.None);
    }

    private static UNet CreateNetwork(Generator generator) => new(options, generator);

    private static long Cube(long length) => length * length * length;
}
