using System.Reflection;
using System.Runtime.InteropServices;
using MetSeg.Learning.Tensors;

namespace MetSeg.App;

/// <summary>What this machine offers to the program.</summary>
/// <param name="Version">The program's version.</param>
/// <param name="DotNet">The .NET runtime's version.</param>
/// <param name="OperatingSystem">Name and version of the operating system.</param>
/// <param name="Architecture">The processor's architecture.</param>
/// <param name="Cores">Number of cores that this process may use.</param>
/// <param name="MemoryGb">Memory that this process may use, in GiB.</param>
/// <param name="FreeMemoryGb">Memory free now, in GiB; NaN where the system does not say.</param>
/// <param name="FreeDiskGb">Space left in the current folder, in GiB.</param>
/// <param name="Torch">The libtorch that networks run on; null where none loads.</param>
/// <param name="TorchProblem">Why none loads; null where one does.</param>
/// <param name="Tools">Optional tools, found or missing.</param>
internal sealed record Diagnosis(
    string Version,
    string DotNet,
    string OperatingSystem,
    string Architecture,
    int Cores,
    double MemoryGb,
    double FreeMemoryGb,
    double FreeDiskGb,
    TorchInstallation? Torch,
    string? TorchProblem,
    IReadOnlyList<OptionalTool> Tools)
{
    private const double BytesPerGb = 1L << 30;

    /// <summary>Looks at this machine; loads libtorch.</summary>
    public static Diagnosis Make()
    {
        var (torch, problem) = LoadTorch();
        return new Diagnosis(
            typeof(Diagnosis).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            Environment.Version.ToString(),
            SystemName(),
            RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            Environment.ProcessorCount,
            Rounded(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
            MachineMemory.Available is { } free ? Rounded(free) : double.NaN,
            Rounded(new DriveInfo(Environment.CurrentDirectory).AvailableFreeSpace),
            torch,
            problem,
            OptionalTool.FindAll());
    }

    private static (TorchInstallation? Torch, string? Problem) LoadTorch()
    {
        try
        {
            return (NativeLibraries.Load(), null);
        }
        catch (MetSegException exception)
        {
            return (null, exception.Message);
        }
    }

    private static string SystemName()
    {
        const string Key = "PRETTY_NAME=";
        const string ReleaseFile = "/etc/os-release";
        var name = File.Exists(ReleaseFile) ? File.ReadLines(ReleaseFile).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) : null;
        return name is null ? RuntimeInformation.OSDescription : name[Key.Length..].Trim('"');
    }

    private static double Rounded(double bytes) => Math.Round(bytes / BytesPerGb, 1);
}
