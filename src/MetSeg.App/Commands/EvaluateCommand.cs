using System.CommandLine;
using System.Text.Json;
using MetSeg.Datasets;
using MetSeg.Evaluation;
using MetSeg.Files;

namespace MetSeg.App.Commands;

/// <summary><c>metseg evaluate</c>: predictions against references, per case, lesion and institution.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> predictions = new Option<string>("--predictions", "-p")
    {
        Description = "Folder of predicted label maps, CASE.nii.gz.",
        HelpName = "PRED_DIR",
        Required = true,
    }.MustExist(PathKind.Folder);

    private static readonly Option<string> references = new Option<string>("--references", "-r")
    {
        Description = "Folder of reference label maps, CASE.nii.gz.",
        HelpName = "REF_DIR",
        Required = true,
    }.MustExist(PathKind.Folder);

    private static readonly Option<string?> groups = new Option<string?>("--groups")
    {
        Description = "Table with the columns case,institution,patient; otherwise REF_DIR/../groups.csv if there is one.",
        HelpName = "groups.csv",
    }.MustExist(PathKind.File);

    private static readonly Option<string?> brainMasks = new Option<string?>("--brain-mask")
    {
        Description = "Folder of brain masks, CASE.nii.gz: what is predicted outside of them is removed first (P2).",
        HelpName = "MASK_DIR",
    }.MustExist(PathKind.Folder);

    private static readonly Option<string?> probabilities = new Option<string?>("--probabilities")
    {
        Description = "Folder of probability maps, CASE_probability.nii.gz: adds average precision, calibration error and reliability curve, inside "
            + "the brain masks where there are any.",
        HelpName = "DIR",
    }.MustExist(PathKind.Folder);

    private static readonly Option<string> output = new Option<string>("--out", "-o")
    {
        Description = "Where to put metrics.json, cases.csv and lesions.csv.",
        HelpName = "OUT",
        Required = true,
    }.MustBeWritable(PathKind.Folder);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new MetSegCommand(
            "evaluate",
            "Compares predictions with references: Dice, Hausdorff distances, surface Dice, and lesions found, missed and invented; "
                + "per case and per institution.",
            "metseg evaluate -p predictions -r tumors/labelsTs -o evaluation",
            "metseg evaluate -p predictions -r tumors/labelsTs --label 1 --surface erosion6 -o evaluation --json",
            "metseg evaluate -p predictions -r glioma/labelsTs --preset brats-met -o evaluation")
        {
            predictions, references, groups, brainMasks, probabilities, output,
        };
        var options = new EvaluationArguments(command);
        return command.Runs((parse, context) => Evaluate(parse, options.From(parse, context.Seed), context));
    }

    private static void Evaluate(ParseResult parse, EvaluationOptions options, CommandContext context)
    {
        var (prediction, reference) = (parse.GetRequiredValue(predictions), parse.GetRequiredValue(references));
        var input = new EvaluationInput
        {
            Predictions = prediction,
            References = reference,
            BrainMasks = parse.GetValue(brainMasks),
            Probabilities = parse.GetValue(probabilities),
            Groups = Groups(parse.GetValue(groups), reference),
        };
        var result = Evaluator.EvaluateFolder(input, options, context.Progress, context.Cancellation);
        var target = parse.GetRequiredValue(output);
        result.Write(target);
        var metrics = JsonFile.Read<JsonElement>(Path.Combine(target, "metrics.json"), JsonFile.OwnStyle);
        context.Print(metrics, writer => EvaluationTable.Write(writer, result));
    }

    private static IReadOnlyDictionary<string, (string Institution, string Patient)>? Groups(string? given, string references)
    {
        var path = given ?? Path.Combine(Path.GetFullPath(references), "..", "groups.csv");
        return given is not null || File.Exists(path) ? NnUNetLayout.ReadGroups(path) : null;
    }
}
