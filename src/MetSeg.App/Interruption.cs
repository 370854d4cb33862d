using System.Runtime.InteropServices;

namespace MetSeg.App;

/// <summary>
/// Turns Ctrl-C (SIGINT) and SIGTERM into a request to stop at the next safe point; a second signal ends the program at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const string ShowCursor = "\u001b[?25h";

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private int exitCode;

    /// <summary>Starts to listen.</summary>
    public Interruption()
    {
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
    }

    /// <summary>Canceled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>The exit code that the first signal asks for; null where none came.</summary>
    public int? ExitCode => exitCode == 0 ? null : exitCode;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        var code = context.Signal == PosixSignal.SIGINT ? App.ExitCode.Interrupted : App.ExitCode.Terminated;
        if (Interlocked.CompareExchange(ref exitCode, code, 0) == 0)
        {
            source.Cancel();
        }
        else
        {
            ExitAtOnce(code);
        }
    }

    private static void ExitAtOnce(int code)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write(ShowCursor);
        }

        // Environment.Exit would wait for libtorch's threads, which may be deep in a kernel.
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(code);
        }

        ExitProcess(code);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void ExitProcess(int status);
}
