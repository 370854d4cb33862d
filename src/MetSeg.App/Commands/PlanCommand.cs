using System.CommandLine;
using MetSeg.Datasets;
using MetSeg.Preprocessing;

namespace MetSeg.App.Commands;

/// <summary><c>metseg plan DATASET</c>: planning alone.</summary>
internal static class PlanCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("DATASET") { Description = "A folder with dataset.json; without --fingerprint also the images." }
            .MustExist(PathKind.Folder);
        var fingerprint = new Option<string?>("--fingerprint")
        {
            Description = "A dataset_fingerprint.json, ours or nnU-Net's; otherwise the images are read.",
            HelpName = "FILE",
        }.MustExist(PathKind.File);
        var output = new Option<string>("--out", "-o") { Description = "The plans to write.", HelpName = "PLANS.json", Required = true }
            .MustBeWritable(PathKind.File);
        var command = new MetSegCommand(
            "plan",
            "Plans network and preprocessing by nnU-Net's rules, without preprocessing.",
            "metseg plan tumors --out plans.json",
            "metseg plan tumors --fingerprint dataset_fingerprint.json --memory-gb 11 --out plans.json")
        {
            folder, fingerprint, output,
        };
        var planning = new PlanningArguments(command);
        return command.Runs((parse, context) =>
        {
            var (source, target) = (parse.GetRequiredValue(folder), parse.GetRequiredValue(output));
            var (given, options) = (parse.GetValue(fingerprint), planning.From(parse));
            var dataset = given is null ? NnUNetLayout.Read(source) : NnUNetLayout.Describe(source);
            var plans = Planner.PlanAll(
                given is null ? Fingerprint.Extract(dataset, context.Progress, context.Cancellation) : Fingerprint.Read(given), dataset, options);
            Plans.Write(target, plans);
            var summary = PlansSummary.Of(plans[0]);
            context.Print(summary, output =>
            {
                output.WriteLine($"planned   {string.Join(", ", plans.Select(one => one.Configuration))}");
                summary.Write(output);
            });
        });
    }
}
