using System.CommandLine;
using System.Text.Json;
using MetSeg.Datasets;
using MetSeg.Evaluation;
using MetSeg.Files;
using MetSeg.Imaging;

namespace MetSeg.App.Commands;

/// <summary><c>metseg evaluate</c>: predictions against references, per case, lesion and institution.</summary>
internal static class EvaluateCommand
{
    private static readonly EvaluationOptions defaults = new();

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var predictions = new Option<string>("--predictions", "-p") { Description = "Folder of predicted label maps, CASE.nii.gz.", HelpName = "PRED_DIR", Required = true }
            .MustExist(PathKind.Folder);
        var references = new Option<string>("--references", "-r") { Description = "Folder of reference label maps, CASE.nii.gz.", HelpName = "REF_DIR", Required = true }
            .MustExist(PathKind.Folder);
        var groups = new Option<string?>("--groups") { Description = "Table with the columns case,institution,patient; otherwise REF_DIR/../groups.csv if there is one.", HelpName = "groups.csv" }
            .MustExist(PathKind.File);
        var output = new Option<string>("--out", "-o") { Description = "Where to put metrics.json, cases.csv and lesions.csv.", HelpName = "OUT", Required = true }
            .MustBeWritable(PathKind.Folder);
        var command = new MetSegCommand(
            "evaluate",
            "Compares predictions with references: Dice, Hausdorff distances, surface Dice, and lesions found, missed and invented; per case and per institution.",
            "metseg evaluate -p predictions -r tumors/labelsTs -o evaluation",
            "metseg evaluate -p predictions -r tumors/labelsTs --label 1 --surface erosion6 -o evaluation --json")
        {
            predictions, references, groups, output,
        };
        var options = OptionsOf(command);
        return command.Runs((parse, context) =>
        {
            var reference = parse.GetRequiredValue(references);
            var result = Evaluator.EvaluateFolder(
                parse.GetRequiredValue(predictions), reference, Institutions(parse.GetValue(groups), reference), options(parse), context.Progress, context.Cancellation);
            var target = parse.GetRequiredValue(output);
            result.Write(target);
            context.Print(JsonFile.Read<JsonElement>(Path.Combine(target, "metrics.json"), JsonFile.OwnStyle), writer => EvaluationTable.Write(writer, result));
        });
    }

    private static Func<ParseResult, EvaluationOptions> OptionsOf(Command command)
    {
        var label = new Option<int?>("--label") { Description = "Evaluate this label alone; otherwise each label there is.", HelpName = "N" };
        var regions = new Option<string?>("--regions") { Description = "Evaluate joined labels. brats: ET 3, TC 1+3, WT 1+2+3." }.OneOf("brats");
        var surface = new Option<string>("--surface") { Description = "How surfaces are taken.", DefaultValueFactory = _ => "surfel" }.OneOf("surfel", "erosion6");
        var connectivity = new Option<int>("--connectivity") { Description = "Neighbors through which voxels join to a lesion: 6, 18 or 26.", DefaultValueFactory = _ => defaults.Connectivity, HelpName = "N" };
        var percentile = new Option<double>("--percentile") { Description = "Percentile of the robust Hausdorff distance.", DefaultValueFactory = _ => defaults.Percentile, HelpName = "X" };
        var tolerance = new Option<double>("--tolerance") { Description = "Largest distance in mm that counts as agreement in surface Dice.", DefaultValueFactory = _ => defaults.ToleranceMm, HelpName = "MM" };
        var allowMissing = new Option<bool>("--allow-missing") { Description = "Leave out references without a prediction, and list them, instead of refusing." };
        foreach (var option in new Option[] { label, regions, surface, connectivity, percentile, tolerance, allowMissing })
        {
            command.Add(option);
        }

        return parse => new EvaluationOptions
        {
            Label = parse.GetValue(label),
            Regions = parse.GetValue(regions) is null ? [] : EvaluationRegion.Brats,
            Surface = parse.GetValue(surface) == "surfel" ? SurfaceKind.Surfel : SurfaceKind.Erosion6,
            Connectivity = parse.GetValue(connectivity),
            Percentile = parse.GetValue(percentile),
            ToleranceMm = parse.GetValue(tolerance),
            AllowMissing = parse.GetValue(allowMissing),
            Seed = parse.GetValue(CommonOptions.Seed),
        };
    }

    private static IReadOnlyDictionary<string, string>? Institutions(string? groups, string references)
    {
        var path = groups ?? Path.Combine(Path.GetFullPath(references), "..", "groups.csv");
        return groups is not null || File.Exists(path) ? NnUNetLayout.ReadInstitutions(path) : null;
    }
}
