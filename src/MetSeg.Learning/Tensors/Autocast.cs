using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tensors;

/// <summary>
/// libtorch's automatic mixed precision: while it is entered, the operations of this thread that lose nothing by it (convolutions, matrix
/// products) cast their input to 16 bits, and those that would (losses, sums) to 32. Weights stay as they are.
/// </summary>
/// <remarks>
/// TorchSharp 0.107 has no access to it, so that libtorch's own functions are called by the names that they have on Linux and macOS
/// (Itanium C++ ABI). Where they are missing, networks compute with 32 bits.
/// </remarks>
public static class Autocast
{
    private const string Library = "libtorch_cpu";

    private static readonly Lazy<Functions?> functions = new(Find);

    /// <summary>Whether the loaded libtorch lets itself be asked.</summary>
    public static bool IsAvailable => functions.Value is not null;

    /// <summary>The type to compute with on a device; null for 32 bits throughout.</summary>
    /// <param name="precision">What was asked for.</param>
    /// <param name="device">Where the network is.</param>
    /// <exception cref="MetSegException">Mixed precision was asked for by name, and the loaded libtorch does not offer it.</exception>
    public static ScalarType? TypeFor(Precision precision, Device device)
    {
        var onCard = device.type == DeviceType.CUDA;
        if (precision == Precision.Fp32 || (precision == Precision.Auto && !(onCard && IsAvailable)))
        {
            return null;
        }

        return IsAvailable
            ? onCard ? ScalarType.Float16 : ScalarType.BFloat16
            : throw new MetSegException("--precision mixed: the loaded libtorch does not offer it to this program. Use --precision fp32.");
    }

    /// <summary>Lets this thread compute with 16 bits on a device until the result is disposed, on the same thread.</summary>
    /// <param name="type">From <see cref="TypeFor"/>; null changes nothing.</param>
    /// <param name="device">Where the network is.</param>
    public static IDisposable? Enter(ScalarType? type, Device device) => type is { } narrow ? new Region(functions.Value!, narrow, device.type) : null;

    private static Functions? Find()
    {
        var name = OperatingSystem.IsMacOS() ? $"{Library}.dylib" : $"{Library}.so";
        if (OperatingSystem.IsWindows() || !NativeLibrary.TryLoad(Path.Combine(NativeLibraries.Load().Folder, name), out var library))
        {
            return null;
        }

        string[] symbols =
        [
            "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE",
            "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb",
            "_ZN2at8autocast18get_autocast_dtypeEN3c1010DeviceTypeE",
            "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE",
            "_ZN2at8autocast17increment_nestingEv",
            "_ZN2at8autocast17decrement_nestingEv",
            "_ZN2at8autocast11clear_cacheEv",
        ];
        var found = symbols.Select(symbol => NativeLibrary.TryGetExport(library, symbol, out var address) ? address : 0).ToArray();
        return found.Contains(0) ? null : new Functions(
            Marshal.GetDelegateForFunctionPointer<GetByte>(found[0]),
            Marshal.GetDelegateForFunctionPointer<SetByte>(found[1]),
            Marshal.GetDelegateForFunctionPointer<GetByte>(found[2]),
            Marshal.GetDelegateForFunctionPointer<SetByte>(found[3]),
            Marshal.GetDelegateForFunctionPointer<Count>(found[4]),
            Marshal.GetDelegateForFunctionPointer<Count>(found[5]),
            Marshal.GetDelegateForFunctionPointer<Clear>(found[6]));
    }

    /// <summary>libtorch's DeviceType, ScalarType and bool are one byte each.</summary>
    private sealed record Functions(
        GetByte IsEnabled, SetByte SetEnabled, GetByte NarrowType, SetByte SetNarrowType, Count EnterNesting, Count LeaveNesting, Clear ClearCache);

    /// <summary>The state that libtorch keeps for each thread, as the region found it.</summary>
    private sealed class Region : IDisposable
    {
        private readonly Functions functions;
        private readonly sbyte device;
        private readonly sbyte typeBefore;
        private readonly sbyte enabledBefore;
        private bool ended;

        public Region(Functions functions, ScalarType type, DeviceType device)
        {
            (this.functions, this.device) = (functions, (sbyte)device);
            (enabledBefore, typeBefore) = (functions.IsEnabled(this.device), functions.NarrowType(this.device));
            functions.SetNarrowType(this.device, (sbyte)type);
            functions.SetEnabled(this.device, 1);
            functions.EnterNesting();
        }

        public void Dispose()
        {
            if (ended)
            {
                return;
            }

            ended = true;

            // The 16-bit copies of the weights are kept until here: after the next step they would be old.
            if (functions.LeaveNesting() == 0)
            {
                functions.ClearCache();
            }

            functions.SetEnabled(device, enabledBefore);
            functions.SetNarrowType(device, typeBefore);
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate sbyte GetByte(sbyte device);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void SetByte(sbyte device, sbyte value);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Count();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void Clear();
}
