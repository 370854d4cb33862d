using System.CommandLine;
using MetSeg.Datasets;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Tensors;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;

namespace MetSeg.App.Commands;

/// <summary><c>metseg harmonize train|apply|assess</c>: the VAE-MMD harmonizer.</summary>
internal static class HarmonizeCommand
{
    private sealed record TrainResult(string Folder, int Epochs, double Reconstruction, double Alignment, string Disclaimer);

    private sealed record ApplyResult(string Folder, IReadOnlyList<HarmonizedCase> Cases, string Disclaimer);

    /// <summary>The command and its three parts.</summary>
    public static Command Create() => new MetSegCommand(
        "harmonize",
        "Harmonizes scans of several hospitals with a variational autoencoder whose latent codes are aligned (VAE-MMD).",
        "metseg harmonize train DATASET --out HARMONIZER")
    {
        Train(), Apply(), Assess(),
    };

    private static MetSegCommand Train()
    {
        var dataset = new Argument<string>("DATASET") { Description = "A data set that 'metseg preprocess' has prepared, with groups.csv." }.MustExist(PathKind.Folder);
        var output = new Option<string>("--out") { Description = "The harmonizer's folder; an interrupted run goes on there.", Required = true, HelpName = "DIR" }
            .MustBeWritable(PathKind.Folder);
        var fold = new Option<string>("--fold") { Description = "Fold of splits_final.json whose training cases it learns from, or all.", DefaultValueFactory = _ => "0", HelpName = "0..4|all" };
        var epochs = new Option<int>("--epochs") { Description = "Number of epochs.", DefaultValueFactory = _ => 100, HelpName = "N" };
        var steps = new Option<int>("--iterations", "--steps-per-epoch") { Description = "Optimizer steps per epoch.", DefaultValueFactory = _ => 250, HelpName = "N" };
        var accept = HarmonizerArguments.AcceptContrastLoss();
        var recipe = new HarmonizerArguments();
        var command = new MetSegCommand(
            "train",
            "Trains a harmonizer on the training split.",
            "metseg harmonize train DATASET --out HARMONIZER --preset ours",
            "metseg harmonize train DATASET --out HARMONIZER --size 64 --base-features 8 --epochs 20")
        {
            dataset, output, fold, epochs, steps, accept,
        };
        recipe.AddTo(command);
        return command.Runs((parse, context) =>
        {
            var run = new HarmonizerRun
            {
                Preprocessed = Path.Combine(parse.GetRequiredValue(dataset), "preprocessed"),
                Folder = parse.GetRequiredValue(output),
                Fold = parse.GetRequiredValue(fold),
                Options = recipe.Read(parse),
                Trainer = new TrainerOptions { Epochs = parse.GetValue(epochs), StepsPerEpoch = parse.GetValue(steps), Seed = context.Seed },
                Warned = context.Note,
                AcceptsContrastLoss = parse.GetValue(accept),
            };
            var log = run.Train(ComputeDevice.Open(context.Device, context.Threads), context.Progress, context.Cancellation);
            var result = new TrainResult(run.Folder, log.Count, log[^1].Validation["reconstruction"], log[^1].Validation["alignment"], Evaluation.EvaluationResult.Disclaimer);
            context.Print(result, text => text.WriteLine(
                $"{result.Epochs} epochs: validation reconstruction loss {result.Reconstruction:0.00}, alignment {result.Alignment:0.0000}. "
                + $"Use it with: metseg train DATASET --out RUN --harmonizer {run.Folder}"));
        });
    }

    private static MetSegCommand Apply()
    {
        var model = ModelArgument();
        var input = new Argument<string>("INPUT") { Description = "A NIfTI file, or a folder of them." }.MustExist(PathKind.FileOrFolder);
        var output = new Option<string>("--out") { Description = "Where the harmonized scans go.", Required = true, HelpName = "DIR" }
            .MustBeWritable(PathKind.Folder);
        return new MetSegCommand("apply", "Harmonizes scans; the results keep each scan's own grid.", "metseg harmonize apply HARMONIZER scan.nii.gz --out harmonized")
        {
            model, input, output,
        }
        .Runs((parse, context) =>
        {
            using var harmonizer = VaeHarmonizer.Load(parse.GetRequiredValue(model), Checkpoint.Best, ComputeDevice.Open(context.Device, context.Threads));
            var folder = parse.GetRequiredValue(output);
            var cases = HarmonizedFolder.Write(harmonizer, parse.GetRequiredValue(model), parse.GetRequiredValue(input), folder, (context.Progress, context.Cancellation));
            context.Print(new ApplyResult(folder, cases, Evaluation.EvaluationResult.Disclaimer), text =>
            {
                foreach (var one in cases)
                {
                    DistributionText.Write(one.Case, one.OutOfDistribution, text);
                }

                text.WriteLine($"{cases.Count} scans harmonized into {folder}");
            });
        });
    }

    private static MetSegCommand Assess()
    {
        var model = ModelArgument();
        var dataset = new Argument<string>("DATASET") { Description = "A data set in nnU-Net's raw layout, with groups.csv." }.MustExist(PathKind.Folder);
        var output = new Option<string>("--out") { Description = "Where figures and numbers go.", Required = true, HelpName = "DIR" }
            .MustBeWritable(PathKind.Folder);
        return new MetSegCommand(
            "assess",
            "Measures the domain gap before and after: how well a classifier tells the hospitals apart.",
            "metseg harmonize assess HARMONIZER DATASET --out gap")
        {
            model, dataset, output,
        }
        .Runs((parse, context) =>
        {
            using var harmonizer = VaeHarmonizer.Load(parse.GetRequiredValue(model), Checkpoint.Best, ComputeDevice.Open(context.Device, context.Threads));
            var plans = Plans.Read(Path.Combine(parse.GetRequiredValue(model), HarmonizerRun.PlansFileName));
            var scans = NnUNetLayout.Read(parse.GetRequiredValue(dataset));
            var result = DomainAssessment.Run(harmonizer, scans, plans, context.Progress, context.Cancellation);
            DomainFigures.Write(result, parse.GetRequiredValue(output));
            HarmonizerFigures.Write(harmonizer, scans, plans, parse.GetRequiredValue(output), context.Cancellation);
            context.Print(result, text =>
            {
                text.WriteLine($"{"features",-40}{"accuracy",9}{"balanced",9}{"chance",7}{"majority",9}{"MMD²",8}{"p",7}{"A-dist.",8}");
                foreach (var measure in result.Measures)
                {
                    var mmd = measure.Discrepancy.Mean;
                    text.WriteLine(
                        $"{measure.Features,-40}{measure.Accuracy,9:0.000}{measure.BalancedAccuracy,9:0.000}{measure.ChanceRate,7:0.00}"
                        + $"{measure.MajorityRate,9:0.000}{mmd.Unbiased,8:0.000}{mmd.P,7:0.000}{measure.ProxyDistance.Mean,8:0.00}");
                }

                foreach (var bin in result.LesionContrast.Where(bin => bin.N > 0))
                {
                    text.WriteLine($"contrast of {bin.N} lesions, {bin.Name}: {bin.ContrastToNoise.Before:0.00} to {bin.ContrastToNoise.After:0.00}, "
                        + $"mean change {100 * bin.ContrastToNoise.MeanRelativeChange:+0.0;-0.0;0.0} %");
                }

                text.WriteLine(
                    $"active latent units {result.ActiveUnits} of {result.LatentUnits}, median PSNR {result.MedianPsnr:0.0} dB, "
                    + $"SSIM {result.MedianSsim:0.000}. {result.Disclaimer}");
            });
        });
    }

    private static Argument<string> ModelArgument() =>
        new Argument<string>("MODEL") { Description = "A harmonizer that 'metseg harmonize train' has made." }.MustExist(PathKind.Folder);
}
