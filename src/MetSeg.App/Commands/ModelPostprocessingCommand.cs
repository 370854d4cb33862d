using System.CommandLine;
using MetSeg.Learning.Experiments;

namespace MetSeg.App.Commands;

/// <summary><c>metseg model postprocessing RUN --labels DIR</c>: lets cross-validation decide on postprocessing.</summary>
internal static class ModelPostprocessingCommand
{
    private sealed record Result(string Folder, IReadOnlyList<TriedPostprocessing> Tried, string Disclaimer);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "A run whose folds have been trained and validated." }.MustExist(PathKind.Folder);
        var labels = new Option<string>("--labels") { Description = "Folder of the reference segmentations, such as DATASET/labelsTr.", Required = true, HelpName = "DIR" }
            .MustExist(PathKind.Folder);
        return new MetSegCommand(
            "postprocessing",
            "Tries to keep only the largest component, of all foreground and of each class, on the segmentations of the validation cases, and lets "
                + "'metseg predict' do what raised the Dice, as nnU-Net does. Where patients have several lesions it rarely does.",
            "metseg model postprocessing RUN --labels DATASET/labelsTr")
        {
            run, labels,
        }
        .Runs((parse, context) =>
        {
            var selection = new PostprocessingSelection { Run = parse.GetRequiredValue(run), References = parse.GetRequiredValue(labels) };
            var result = new Result(selection.Run, selection.Choose(context.Progress, context.Cancellation), Evaluation.EvaluationResult.Disclaimer);
            context.Print(result, output =>
            {
                TextTable.Write(output, ["largest component of", "Dice before", "after", "adopted"], result.Tried.Select(one => new[]
                {
                    string.Join('+', one.Labels), Text(one.Before), Text(one.After), one.IsAdopted ? "yes" : "no",
                }));
                output.WriteLine(result.Disclaimer);
            });
        });
    }

    private static string Text(IReadOnlyList<double> dice) => string.Join(' ', dice.Select(value => double.IsFinite(value) ? $"{value:0.0000}" : "-"));
}
