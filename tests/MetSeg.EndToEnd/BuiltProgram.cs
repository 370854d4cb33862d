using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace MetSeg.EndToEnd;

/// <summary>The built program, run from outside as a user does.</summary>
internal static class BuiltProgram
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(5);

    /// <summary>The folder that holds MetSeg.slnx.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <summary>Runs <c>metseg ARGUMENTS</c> on the app's own build output, of the same configuration as this test.</summary>
    public static ProgramRun Run(params string[] arguments) => Start(DotNetHost, [Assembly, .. arguments], Environment.CurrentDirectory);

    /// <summary>Runs <c>metseg ARGUMENTS</c> and interrupts it, as Ctrl-C does, once a file has been written.</summary>
    /// <param name="file">The file to wait for; its folder must be there.</param>
    /// <param name="arguments">The command line.</param>
    public static ProgramRun RunUntil(string file, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent by programs of Linux.");
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(file)!, Path.GetFileName(file));
        using var written = new ManualResetEventSlim();
        watcher.Renamed += (_, _) => written.Set();
        watcher.EnableRaisingEvents = true;

        // A shell's background jobs, and so their children, ignore SIGINT; env takes that back.
        using var running = new Running("env", ["--default-signal=INT", DotNetHost, Assembly, .. arguments], Environment.CurrentDirectory);
        Assert.True(written.Wait(patience, TestContext.Current.CancellationToken), $"'{file}' was not written within {patience}.");
        Start("kill", ["-INT", $"{running.Id}"], Environment.CurrentDirectory);
        return running.End();
    }

    /// <summary>Runs <c>metseg ARGUMENTS</c> and kills it with SIGKILL at a moment.</summary>
    /// <returns>Whether it was killed; else it ended well before.</returns>
    public static bool RunAndKill(TimeSpan moment, params string[] arguments)
    {
        using var running = new Running(DotNetHost, [Assembly, .. arguments], Environment.CurrentDirectory);
        var wasKilled = running.KillAt(moment);
        var run = running.End();
        Assert.True(wasKilled || run.ExitCode == 0, run.Errors);
        return wasKilled;
    }

    /// <summary>Runs any program, with stdin closed, until it ends.</summary>
    public static ProgramRun Start(string program, string[] arguments, string folder)
    {
        using var running = new Running(program, arguments, folder);
        return running.End();
    }

    private static string Assembly
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(RepositoryRoot, "src", "MetSeg.App", "bin", framework.Parent!.Name, framework.Name, "MetSeg.App.dll");
        }
    }

    /// <summary>The dotnet that runs this test: shared/Microsoft.NETCore.App/VERSION/ is three folders below it.</summary>
    private static string DotNetHost => Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    private static string FindRepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MetSeg.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No folder above '{AppContext.BaseDirectory}' holds MetSeg.slnx.");
        }

        return folder.FullName;
    }

    /// <summary>A program under way.</summary>
    private sealed class Running : IDisposable
    {
        private readonly Process process;
        private readonly string commandLine;
        private readonly Task<string> output;
        private readonly Task<string> errors;

        public Running(string program, string[] arguments, string folder)
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            commandLine = $"{program} {string.Join(' ', arguments)}";
            process = Process.Start(start)!;
            process.StandardInput.Close();
            output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        }

        public int Id => process.Id;

        /// <summary>Kills the program unless it ends before; returns whether it did not.</summary>
        public bool KillAt(TimeSpan moment)
        {
            if (process.WaitForExit(moment))
            {
                return false;
            }

            process.Kill(entireProcessTree: true);
            return true;
        }

        public ProgramRun End()
        {
            if (!process.WaitForExit(patience))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"'{commandLine}' did not end within {patience}.");
            }

            return new ProgramRun(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
        }

        public void Dispose() => process.Dispose();
    }
}

/// <summary>What a program left behind.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All of stdout.</param>
/// <param name="Errors">All of stderr.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Asserts a user's mistake: exit code 2, nothing on stdout, one line on stderr that contains all the parts.</summary>
    public void IsRefused(params string[] parts)
    {
        Assert.Equal("", Output);
        IsRefusedOnStandardError(parts);
    }

    /// <summary>As <see cref="IsRefused"/>, whatever stdout holds (--json).</summary>
    public void IsRefusedOnStandardError(params string[] parts)
    {
        Assert.Equal(2, ExitCode);
        Assert.StartsWith("metseg", Errors);
        Assert.Equal(1, Errors.Count(character => character == '\n'));
        Assert.All(parts, part => Assert.Contains(part, Errors));
    }
}
