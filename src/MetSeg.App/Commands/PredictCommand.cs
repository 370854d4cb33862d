using System.CommandLine;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Inference;
using MetSeg.Learning.Tensors;

namespace MetSeg.App.Commands;

/// <summary><c>metseg predict --model RUN -i SCANS -o DIR</c>: segments scans.</summary>
internal static class PredictCommand
{
    private sealed record Result(string Folder, IReadOnlyList<PredictedCase> Cases, string Disclaimer);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "A run that 'metseg train' has finished; all its folds are averaged.", Required = true, HelpName = "RUN" }
            .MustExist(PathKind.Folder);
        var input = new Option<string>("-i", "--input") { Description = "A NIfTI file, or a folder of them (CASE_0000.nii.gz or CASE.nii.gz).", Required = true, HelpName = "FILE|DIR" }
            .MustExist(PathKind.FileOrFolder);
        var output = new Option<string>("-o", "--output") { Description = "Where the results go.", Required = true, HelpName = "DIR" }
            .MustBeWritable(PathKind.Folder);
        var probabilities = new Option<bool>("--probabilities") { Description = "Write CASE_probability.nii.gz, too, and, where there are several foreground classes, CASE_probability_CLASS.nii.gz." };
        var noMirroring = new Option<bool>("--no-mirroring") { Description = "One pass instead of eight flipped ones: faster, a little less accurate." };
        var step = new Option<double>("--step") { Description = "Step between tiles as a share of a tile.", DefaultValueFactory = _ => 0.5, HelpName = "0..1" };
        var noPostprocessing = new Option<bool>("--no-postprocessing") { Description = "Leave segmentations as they are, though 'metseg model postprocessing' chose otherwise." };
        return new MetSegCommand(
            "predict",
            "Segments scans with a trained model: label map, table of lesions and picture per scan.",
            "metseg predict --model RUN -i scan.nii.gz -o results",
            "metseg predict --model RUN -i DATASET/imagesTs -o results --no-mirroring")
        {
            model, input, output, probabilities, noMirroring, noPostprocessing, step,
        }
        .Runs((parse, context) =>
        {
            var run = new PredictionRun
            {
                Model = parse.GetRequiredValue(model),
                Input = parse.GetRequiredValue(input),
                Folder = parse.GetRequiredValue(output),
                Postprocesses = !parse.GetValue(noPostprocessing),
                Probabilities = parse.GetValue(probabilities),
                Window = new SlidingWindowOptions { Mirroring = !parse.GetValue(noMirroring), Step = parse.GetValue(step) },
            };
            var cases = run.Predict(ComputeDevice.Open(context.Device, context.Threads), context.Progress, context.Cancellation);
            var result = new Result(run.Folder, cases, Evaluation.EvaluationResult.Disclaimer);
            context.Print(result, text =>
            {
                text.WriteLine($"{"case",-32}{"lesions",8}{"cm³",12}");
                foreach (var one in cases)
                {
                    text.WriteLine($"{one.Case,-32}{one.Lesions,8}{one.VolumeCm3,12:0.000}");
                }

                foreach (var one in cases)
                {
                    DistributionText.Write(one.Case, one.OutOfDistribution, text);
                }

                text.WriteLine(result.Disclaimer);
            });
        });
    }
}
