using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace MetSeg.Benchmarks;

/// <summary>What a script of peers measured.</summary>
/// <param name="Versions">Versions of Python and its packages.</param>
/// <param name="WrittenBytes">Size of the scan as nibabel compresses it.</param>
/// <param name="Results">Least seconds and an answer per piece of work.</param>
internal sealed record Peers(IReadOnlyDictionary<string, string> Versions, long WrittenBytes, IReadOnlyDictionary<string, PeerResult> Results)
{
    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web);

    /// <summary>Runs a script, on a folder with the case's files.</summary>
    /// <param name="script">peers.py or peers_torch.py.</param>
    /// <param name="arguments">The folder, or what else the script takes.</param>
    /// <returns>The results, or null and why there are none.</returns>
    /// <exception cref="MetSegException">The script failed though its packages are there.</exception>
    public static (Peers? Peers, string? Absence) Measure(string script, params string[] arguments)
    {
        var interpreter = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        var start = new ProcessStartInfo(interpreter, [Path.Combine(AppContext.BaseDirectory, script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var lastLine = errors.Result.Trim().Split('\n')[^1];
            return process.ExitCode == 0 ? (JsonSerializer.Deserialize<Peers>(output, json), null)
                : lastLine.StartsWith("ModuleNotFoundError", StringComparison.Ordinal) ? (null, $"{interpreter}: {lastLine}")
                : throw new MetSegException($"{script} failed: {lastLine}");
        }
        catch (Win32Exception exception)
        {
            return (null, $"{interpreter}: {exception.Message}");
        }
    }
}

/// <summary>One piece of work of a peer.</summary>
/// <param name="Seconds">Least time.</param>
/// <param name="Answer">A number by which to see that the work was the same.</param>
internal sealed record PeerResult(double Seconds, double Answer);
