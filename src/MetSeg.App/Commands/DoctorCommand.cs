using System.CommandLine;
using MetSeg.Learning.Tensors;

namespace MetSeg.App.Commands;

/// <summary><c>metseg doctor</c>: what is installed, which device, what is missing and how to get it.</summary>
internal static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create() =>
        new MetSegCommand(
            "doctor",
            "Shows what is installed, which device networks run on, what is missing and how to get it.",
            "metseg doctor",
            "METSEG_LIBTORCH=$(python3 -c 'import torch; print(torch.__path__[0])') metseg doctor")
        .Runs((_, context) =>
        {
            var diagnosis = Diagnosis.Make();
            context.Print(diagnosis, output => Write(output, diagnosis));
        });

    private static void Write(TextWriter output, Diagnosis diagnosis)
    {
        Line("metseg", $"{diagnosis.Version}, .NET {diagnosis.DotNet}, {diagnosis.OperatingSystem}, {diagnosis.Architecture}");
        Line("machine", $"{diagnosis.Cores} cores, {diagnosis.MemoryGb} GB memory ({diagnosis.FreeMemoryGb} GB free), {diagnosis.FreeDiskGb} GB free in this folder");
        Line("libtorch", Torch(diagnosis));
        Line("devices", Devices(diagnosis.Torch));
        foreach (var tool in diagnosis.Tools)
        {
            Line(tool.Name, tool.Location ?? $"missing; needed for {tool.NeededFor}. Get it: {tool.HowToGet}");
        }

        void Line(string subject, string finding) => output.WriteLine($"{subject,-16} {finding}");
    }

    private static string Torch(Diagnosis diagnosis)
    {
        if (diagnosis.Torch is not { } torch)
        {
            return $"does not load: {diagnosis.TorchProblem}";
        }

        var mended = torch.LibraryMended switch
        {
            true => "libLibTorchSharp mended by the build",
            false => "libLibTorchSharp as shipped (not mended)",
            null => "libLibTorchSharp needs no mending here",
        };
        return $"{torch.Version}, {(torch.IsPackaged ? "packaged" : "from METSEG_LIBTORCH")}, in {torch.Folder}; {mended}";
    }

    private static string Devices(TorchInstallation? torch) =>
        torch is null ? "none" : string.Join(", ", Enumerable.Range(0, torch.CudaDevices).Select(number => $"cuda:{number}").Prepend("cpu"));
}
