using System.CommandLine;

namespace MetSeg.App.Commands;

/// <summary><c>metseg dataset</c>: import, check and split data sets.</summary>
internal static class DatasetCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new MetSegCommand(
        "dataset",
        "Imports, checks and splits data sets in nnU-Net's raw layout.",
        "metseg dataset import --layout table cases.csv --out tumors",
        "metseg dataset check tumors")
    {
        DatasetImportCommand.Create(),
        DatasetCheckCommand.Create(),
        DatasetSplitCommand.Create(),
    };
}
