using System.Globalization;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tensors;

/// <summary>The device that a run computes on. The only place that knows device names.</summary>
public static class ComputeDevice
{
    /// <summary>Turns "auto", "cpu", "cuda" or "cuda:N" into a device; "auto" is CUDA where libtorch finds a device, else the CPU.</summary>
    /// <param name="name">The option's text.</param>
    /// <param name="threads">Threads of the CPU to compute with; 0 leaves libtorch's choice, one per core.</param>
    /// <exception cref="MetSegException">The name is none of these, or there is no such CUDA device.</exception>
    public static Device Open(string name, int threads = 0)
    {
        var installation = NativeLibraries.Load();
        if (threads > 0)
        {
            set_num_threads(threads);
        }

        if (name == "cpu" || (name == "auto" && installation.CudaDevices == 0))
        {
            return CPU;
        }

        var number = name switch
        {
            "auto" or "cuda" => 0,
            _ when name.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => throw new MetSegException($"--device '{name}' is not known. Use auto, cpu, cuda or cuda:N."),
        };
        if (number >= installation.CudaDevices)
        {
            throw new MetSegException(
                $"--device {name}: libtorch finds {installation.CudaDevices} CUDA devices. Use --device cpu, or let {NativeLibraries.Variable} name "
                + "a CUDA build of PyTorch ('metseg doctor' says which libtorch is loaded).");
        }

        return device($"cuda:{number}");
    }
}
