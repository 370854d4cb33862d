using System.CommandLine;
using MetSeg.Datasets;

namespace MetSeg.App.Commands;

/// <summary><c>metseg dataset import --layout NAME SRC</c>: any collection of images into nnU-Net's raw layout.</summary>
internal static class DatasetImportCommand
{
    private static readonly TableLayoutOptions defaults = new();
    private static readonly Option<string> layout = new Option<string>("--layout")
    {
        Description = "How the source is laid out. table: a CSV file with a row per case; columns case, image (or image_0, image_1, …), "
            + "label, label_values, mask, split, institution, patient. See docs/own-data.md.",
        Required = true,
    }.OneOf("table");

    private static readonly Argument<string> source = new Argument<string>("SRC") { Description = "The table. Its paths count from its own folder." }
        .MustExist(PathKind.File);

    private static readonly Option<string> output = new Option<string>("--out", "-o")
    {
        Description = "The data set's folder; an unfinished import of the same table is gone on with.",
        HelpName = "DATASET",
        Required = true,
    }.MustBeWritable(PathKind.Folder);

    private static readonly Option<IReadOnlyList<string>?> channels = OptionValues.List<string>(
        "--channel-names", "T1CE,FLAIR", $"Names of the image columns; otherwise {string.Join(',', defaults.ChannelNames)}.");

    private static readonly Option<OrderedDictionary<string, int>?> labels = OptionValues.NamedNumbers(
        "--labels",
        "edema=1,core=2",
        $"Names and values of the classes; otherwise {string.Join(',', defaults.Labels.Select(label => $"{label.Key}={label.Value}"))}.");

    /// <summary>The command.</summary>
    public static Command Create() => new MetSegCommand(
        "import",
        "Brings any collection of images into nnU-Net's raw layout. Of each file only voxels and geometry are taken over.",
        "metseg dataset import --layout table cases.csv --out tumors",
        "metseg dataset import --layout table cases.csv --channel-names T1CE,FLAIR --labels edema=1,core=2 --out tumors")
    {
        layout, source, output, channels, labels,
    }
    .Runs(Import);

    private static void Import(ParseResult parse, CommandContext context)
    {
        var options = new TableLayoutOptions
        {
            ChannelNames = parse.GetValue(channels) ?? defaults.ChannelNames,
            Labels = parse.GetValue(labels) ?? defaults.Labels,
        };
        var folder = parse.GetRequiredValue(output);
        TableLayout.Import(parse.GetRequiredValue(source), folder, options, context.Progress, context.Cancellation);
        var summary = DatasetSummary.Of(NnUNetLayout.Read(folder));
        context.Print(summary, summary.Write);
    }
}
