using System.CommandLine;

namespace MetSeg.App.Commands;

/// <summary><c>metseg model</c>: trained models from elsewhere.</summary>
internal static class ModelCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new MetSegCommand(
        "model",
        "Imports trained models.",
        "metseg model import nnUNetTrainer__nnUNetPlans__3d_fullres --out RUN")
    {
        ModelImportCommand.Create(),
    };
}
