using System.Runtime.InteropServices;
using BenchmarkDotNet.Configs;
using MetSeg.Learning.Tensors;
using TorchSharp;

namespace MetSeg.Benchmarks;

/// <summary>What a figure needs beside it: the processor, the versions, and how busy the machine was.</summary>
internal static class Machine
{
    /// <summary>Processes that wanted a processor over the last minute, one's own included; NaN where the system does not say.</summary>
    public static double Load() =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]) : double.NaN;

    /// <summary>Cores, processor, system and the versions of everything on our side.</summary>
    public static string Description()
    {
        var torchVersion = NativeLibraries.Load().Version;
        return $"{Environment.ProcessorCount} cores ({Processor()}), {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
            + $"BenchmarkDotNet {typeof(ManualConfig).Assembly.GetName().Version?.ToString(3)}, libtorch {torchVersion} on {torch.get_num_threads()} threads";
    }

    private static string Processor() =>
        File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown"
            : RuntimeInformation.ProcessArchitecture.ToString();
}
