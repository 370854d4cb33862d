using System.Runtime.InteropServices;
using TorchSharp;

namespace MetSeg.Learning.Tensors;

/// <summary>The libtorch that this process runs on.</summary>
/// <param name="Folder">The folder it was loaded from.</param>
/// <param name="IsPackaged">Whether it came with the program; false where METSEG_LIBTORCH named it.</param>
/// <param name="Version">libtorch's version.</param>
/// <param name="LibraryMended">Whether the build made TorchSharp's need of GLIBCXX_3.4.32 optional; null where there is nothing to mend.</param>
/// <param name="CudaDevices">Number of CUDA devices that libtorch can use.</param>
public sealed record TorchInstallation(string Folder, bool IsPackaged, string Version, bool? LibraryMended, int CudaDevices);

/// <summary>Loads libtorch before TorchSharp looks for it: the packaged one, or that of an existing PyTorch (METSEG_LIBTORCH).</summary>
/// <remarks>
/// On Linux the native files lie in libtorch/ beside the program, outside .NET's search path (build/Torch.targets). Once loaded here,
/// TorchSharp's own look-up by name meets the loaded libraries, because the dynamic linker knows them by their SONAME.
/// </remarks>
public static class NativeLibraries
{
    /// <summary>Environment variable that names a folder with another libtorch (or a PyTorch install that has it in lib/).</summary>
    public const string Variable = "METSEG_LIBTORCH";

    private static readonly string[] loadOrder = ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];
    private static readonly Lazy<TorchInstallation> installation = new(LoadOnce);

    /// <summary>Loads libtorch if that has not happened yet, and says which one it is.</summary>
    /// <exception cref="MetSegException">METSEG_LIBTORCH names a folder without libtorch, or the libraries there do not load.</exception>
    public static TorchInstallation Load() => installation.Value;

    private static TorchInstallation LoadOnce()
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "libtorch");
        var named = Environment.GetEnvironmentVariable(Variable);
        var folder = string.IsNullOrEmpty(named) ? PackagedFolder(shipped) : NamedFolder(named);
        if (OperatingSystem.IsLinux())
        {
            LoadInOrder(folder, shipped, named);
        }

        var cuda = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        return new TorchInstallation(folder, string.IsNullOrEmpty(named), VersionOf(folder, named), Mended(shipped), cuda);
    }

    private static string PackagedFolder(string shipped) =>
        File.Exists(Path.Combine(shipped, "libtorch_cpu.so"))
            ? shipped
            : Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");

    private static string NamedFolder(string named)
    {
        string[] candidates = [named, Path.Combine(named, "lib"), Path.Combine(named, "torch", "lib")];
        return candidates.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "libtorch_cpu.so")))
            ?? throw new MetSegException(
                $"{Variable} is '{named}', but there is no libtorch_cpu.so in it, its lib/ or its torch/lib/. "
                + "Name the folder that \"python3 -c 'import torch; print(torch.__path__[0])'\" prints, or unset it.");
    }

    private static void LoadInOrder(string folder, string shipped, string? named)
    {
        var files = Directory.GetFiles(folder, "libgomp*.so*").Concat(loadOrder.Select(name => Path.Combine(folder, name)))
            .Where(File.Exists).Append(Path.Combine(shipped, "libLibTorchSharp.so"));
        foreach (var file in files)
        {
            try
            {
                NativeLibrary.Load(file);
            }
            catch (DllNotFoundException exception)
            {
                var cure = string.IsNullOrEmpty(named) ? "Delete src/MetSeg.App/bin and build again." : $"Unset {Variable} to use the packaged one; TorchSharp 0.107 needs libtorch 2.10.";
                throw new MetSegException($"Cannot load '{file}': {Reason(exception.Message)}. {cure}", exception);
            }
        }
    }

    /// <summary>The dynamic linker's own words, which .NET puts behind its advice.</summary>
    private static string Reason(string message) =>
        message.Split('\n').LastOrDefault(line => line.Contains(".so", StringComparison.Ordinal))?.Trim().TrimEnd('.') ?? message.ReplaceLineEndings(" ");

    private static string VersionOf(string folder, string? named)
    {
        var versionFile = Path.Combine(folder, "..", "version.py");
        return !string.IsNullOrEmpty(named) && File.Exists(versionFile)
            ? File.ReadLines(versionFile).FirstOrDefault(line => line.StartsWith("__version__", StringComparison.Ordinal))?.Split('\'', '"')[1] ?? "unknown"
            : torch.__version__;
    }

    private static bool? Mended(string shipped)
    {
        var file = Path.Combine(shipped, "libLibTorchSharp.so");
        return File.Exists(file) ? ElfVersionNeeds.Read(file).Where(need => need.Name == "GLIBCXX_3.4.32").All(need => need.IsWeak) : null;
    }
}
