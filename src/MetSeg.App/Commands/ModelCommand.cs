using System.CommandLine;

namespace MetSeg.App.Commands;

/// <summary><c>metseg model</c>: what is done with trained models besides predicting.</summary>
internal static class ModelCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new MetSegCommand(
        "model",
        "Imports trained models, and chooses their postprocessing.",
        "metseg model import nnUNetTrainer__nnUNetPlans__3d_fullres --out RUN",
        "metseg model postprocessing RUN --labels DATASET/labelsTr")
    {
        ModelImportCommand.Create(), ModelPostprocessingCommand.Create(),
    };
}
