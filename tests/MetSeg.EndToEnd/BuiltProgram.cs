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

    /// <summary>Runs any program, with stdin closed, until it ends.</summary>
    public static ProgramRun Start(string program, string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{program} {string.Join(' ', arguments)}' did not end within {patience}.");
        }

        return new ProgramRun(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
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
