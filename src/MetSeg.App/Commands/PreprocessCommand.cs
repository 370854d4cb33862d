using System.CommandLine;
using MetSeg.Datasets;
using MetSeg.Preprocessing;

namespace MetSeg.App.Commands;

/// <summary><c>metseg preprocess DATASET</c>: fingerprint, plans and preprocessed cases.</summary>
internal static class PreprocessCommand
{
    private sealed record Result(string Folder, int Cases, PlansSummary Plans);

    /// <summary>Where a data set's preprocessed cases go unless the user says otherwise.</summary>
    public static string FolderIn(string dataset) => Path.Combine(dataset, "preprocessed");

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("DATASET") { Description = "A data set in nnU-Net's raw layout." }.MustExist(PathKind.Folder);
        var output = new Option<string?>("--out", "-o") { Description = "Where to put the result; otherwise DATASET/preprocessed.", HelpName = "DIR" }
            .MustBeWritable(PathKind.Folder);
        var command = new MetSegCommand(
            "preprocess",
            "Fingerprints a data set, plans network and preprocessing by nnU-Net's rules, and preprocesses the training cases. "
                + "A splits_final.json in DATASET is taken over. Cases that are done are not done again.",
            "metseg preprocess tumors",
            "metseg preprocess tumors --spacing 1,1,1 --memory-gb 4")
        {
            folder, output,
        };
        var planning = new PlanningArguments(command);
        return command.Runs((parse, context) =>
        {
            var dataset = NnUNetLayout.Read(parse.GetRequiredValue(folder));
            var options = planning.From(parse);
            var target = OutputPath.RequireFolder(parse.GetValue(output) ?? FolderIn(dataset.Folder));
            var plans = Preprocessor.PlanAndPreprocess(dataset, options, target, context.Progress, context.Cancellation);
            var (summary, cases) = (PlansSummary.Of(plans), dataset.TrainingCases.Count);
            context.Print(new Result(target, cases, summary), writer =>
            {
                summary.Write(writer);
                writer.WriteLine($"cases     {cases} in {Path.Combine(target, plans.DataIdentifier)}");
            });
        });
    }
}
