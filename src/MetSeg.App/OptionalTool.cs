using System.Diagnostics;

namespace MetSeg.App;

/// <summary>A program or module of others that MetSeg can use and runs without.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NeededFor">What cannot be done without it.</param>
/// <param name="HowToGet">How to install it.</param>
/// <param name="Location">Where it was found (a Python module: its version); null where it is missing.</param>
internal sealed record OptionalTool(string Name, string NeededFor, string HowToGet, string? Location)
{
    private const int PatienceMs = 10_000;

    /// <summary>Looks for all of them.</summary>
    public static IReadOnlyList<OptionalTool> FindAll() =>
    [
        OnPath("dcm2niix", "reading DICOM series", "apt install dcm2niix, or https://github.com/rordenlab/dcm2niix/releases", "dcm2niix"),
        OnPath("plastimatch", "writing DICOM RT structure sets", "apt install plastimatch, or https://plastimatch.org", "plastimatch"),
        OnPath("chromium", "tests of the report and the viewer", "apt install chromium", "chromium", "chromium-browser", "google-chrome"),
        PythonModule("nibabel", "tests against another NIfTI reader", "apt install python3-nibabel, or pip install nibabel"),
    ];

    /// <summary>A program by the first of its names that is on the PATH.</summary>
    public static OptionalTool OnPath(string name, string neededFor, string howToGet, params string[] programs)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var extension = OperatingSystem.IsWindows() ? ".exe" : "";
        var location = programs.SelectMany(program => folders.Select(folder => Path.Combine(folder, program + extension))).FirstOrDefault(File.Exists);
        return new OptionalTool(name, neededFor, howToGet, location);
    }

    /// <summary>A Python module, found when one of the system's Pythons imports it.</summary>
    private static OptionalTool PythonModule(string module, string neededFor, string howToGet)
    {
        string[] interpreters = ["/usr/bin/python3", "python3"];
        var version = interpreters.Select(python => Output(python, "-c", $"import {module}; print({module}.__version__)")).FirstOrDefault(text => text is not null);
        return new OptionalTool($"python3-{module}", neededFor, howToGet, version);
    }

    private static string? Output(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var text = process.StandardOutput.ReadToEndAsync();
            if (process.WaitForExit(PatienceMs))
            {
                return process.ExitCode == 0 ? text.GetAwaiter().GetResult().Trim() : null;
            }

            process.Kill(entireProcessTree: true);
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
