using System.Diagnostics;
using Xunit;

namespace MetSeg.Tests;

/// <summary>Runs a script in the system's Python: an independent reader and writer to compare with.</summary>
internal static class PythonPeer
{
    private const string Interpreter = "/usr/bin/python3";
    private const int MissingModule = 77;

    /// <summary>Runs a script and returns what it printed; skips the test where Python or a module is missing.</summary>
    /// <param name="modules">Modules that the script imports, comma-separated.</param>
    /// <param name="script">The script; its arguments are in sys.argv[1:].</param>
    /// <param name="arguments">Arguments.</param>
    public static string Run(string modules, string script, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Interpreter), $"{Interpreter} is missing.");
        var guard = $"try:\n  import {modules}\nexcept ImportError as missing:\n  print(missing)\n  raise SystemExit({MissingModule})\n";
        var (exitCode, output, errors) = Start(guard + script, arguments);
        Assert.SkipWhen(exitCode == MissingModule, $"{Interpreter}: {output.Trim()} (apt install python3-nibabel python3-scipy python3-skimage python3-sklearn python3-torch).");
        Assert.True(exitCode == 0, errors);
        return output.Trim();
    }

    private static (int ExitCode, string Output, string Errors) Start(string script, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Interpreter, ["-c", script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
