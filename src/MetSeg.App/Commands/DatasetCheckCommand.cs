using System.CommandLine;
using MetSeg.Datasets;

namespace MetSeg.App.Commands;

/// <summary><c>metseg dataset check DATASET</c>: opens every image and says all that training would stumble over.</summary>
internal static class DatasetCheckCommand
{
    private sealed record Result(DatasetSummary Dataset, IReadOnlyList<string> Problems);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("DATASET") { Description = "A data set in nnU-Net's raw layout." }.MustExist(PathKind.Folder);
        return new MetSegCommand(
            "check",
            "Opens every image of a data set and lists all problems. Exit code 2 where there are any.",
            "metseg dataset check tumors")
        {
            folder,
        }
        .RunsTo((parse, context) =>
        {
            var dataset = NnUNetLayout.Read(parse.GetRequiredValue(folder));
            var problems = NnUNetLayout.Check(dataset, context.Progress, context.Cancellation);
            var summary = DatasetSummary.Of(dataset);
            context.Print(new Result(summary, problems), output =>
            {
                summary.Write(output);
                foreach (var problem in problems)
                {
                    output.WriteLine(problem);
                }

                output.WriteLine(problems.Count == 1 ? "1 problem." : $"{(problems.Count == 0 ? "No" : problems.Count)} problems.");
            });
            return problems.Count == 0 ? ExitCode.Done : ExitCode.UserMistake;
        });
    }
}
