using System.CommandLine;
using MetSeg.Evaluation;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Inference;
using MetSeg.Learning.Patches;
using MetSeg.Learning.Tensors;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;

namespace MetSeg.App.Commands;

/// <summary><c>metseg train DATASET --out RUN</c>: trains a segmentation model.</summary>
internal static class TrainCommand
{
    private sealed record Result(string Folder, string Fold, int Epochs, double PseudoDice, double? ValidationDice, TrainingCost? Estimate, string Disclaimer);

    private const string NoHarmonizer = "none";

    private static readonly Argument<string> dataset = new Argument<string>("DATASET") { Description = "A data set that 'metseg preprocess' has prepared." }
        .MustExist(PathKind.Folder);

    private static readonly Option<string?> run = new Option<string?>("--out") { Description = "The run's folder; an interrupted run goes on there. Required but for --estimate.", HelpName = "RUN" }
        .MustBeWritable(PathKind.Folder);

    private static readonly Option<string> fold = new("--fold") { Description = "Fold of splits_final.json, or all.", DefaultValueFactory = _ => "0", HelpName = "0..4|all" };
    private static readonly Option<int> epochs = new("--epochs") { Description = "Number of epochs.", DefaultValueFactory = _ => new TrainerOptions().Epochs, HelpName = "N" };
    private static readonly Option<int> iterations = new("--iterations", "--steps-per-epoch") { Description = "Optimizer steps per epoch; a fifth as many random batches score it, as in nnU-Net.", DefaultValueFactory = _ => new TrainerOptions().StepsPerEpoch, HelpName = "N" };
    private static readonly Option<double?> rate = new("--learning-rate") { Description = "Learning rate of the first epoch; 0.01 (sgd) or 0.0003 (adam) where not given.", HelpName = "LR" };
    private static readonly Option<string> optimizer = new("--optimizer")
    {
        Description = "sgd with Nesterov momentum 0.99 (nnU-Net's), or adam, which learns sooner in short runs.",
        DefaultValueFactory = _ => "sgd",
        HelpName = "sgd|adam",
    };

    private static readonly Option<string> network = new("--network") { Description = "The network.", DefaultValueFactory = _ => "unet", HelpName = "unet" };
    private static readonly Option<string> loss = new("--loss") { Description = "The loss.", DefaultValueFactory = _ => "dice-ce", HelpName = "dice-ce" };
    private static readonly Option<string?> init = new Option<string?>("--init") { Description = "A run or checkpoint whose weights to start from.", HelpName = "MODEL" }
        .MustExist(PathKind.FileOrFolder);

    private static readonly Option<string?> harmonizer = new Option<string?>("--harmonizer")
    {
        Description = $"What every scan passes through first: a folder of 'metseg harmonize train', a scale of 'metseg image learn-histogram', {HarmonizerFiles.ZScore}, or {NoHarmonizer}.",
        HelpName = $"DIR|SCALE.json|{HarmonizerFiles.ZScore}|{NoHarmonizer}",
    }.MustExist(PathKind.FileOrFolder, HarmonizerFiles.ZScore, NoHarmonizer);

    private static readonly Option<bool> acceptContrastLoss = HarmonizerArguments.AcceptContrastLoss();

    private static readonly Option<string?> configuration = new Option<string?>("--configuration") { Description = "Which of the preprocessed configurations; otherwise 3d_fullres or the only one." }
        .OneOf(Plans.FullResolution, Plans.LowResolution, Plans.Cascade, Plans.Slices);

    private static readonly Option<string?> previous = new Option<string?>("--previous") { Description = "For 3d_cascade_fullres: the run of 3d_lowres, all of whose folds are trained.", HelpName = "RUN" }
        .MustExist(PathKind.Folder);

    private static readonly Option<string> augmentation = new Option<string>("--augmentation")
    {
        Description = "nnunet: all of nnU-Net's; light: without turning, scaling, blurring and coarsening, for runs of a few hundred steps; none.",
        DefaultValueFactory = _ => "nnunet",
    }.OneOf("nnunet", "light", "none");

    private static readonly Option<bool> noValidation = new("--no-validation") { Description = "Do not segment the validation cases when training has ended." };

    private static readonly Option<bool> resume = new("--resume") { Description = "Go on with an interrupted run; an error where there is none." };

    private static readonly Option<bool> estimate = new("--estimate") { Description = "Only say what training would cost, measured in five steps; nothing is written." };
    private static readonly Option<Precision> precision = new("--precision")
    {
        Description = "Numbers that the network computes with: mixed has 16 bits where they do; auto is mixed on a graphics card, fp32 on the processor.",
        CustomParser = result => Enum.Parse<Precision>(result.Tokens[0].Value, ignoreCase: true),
        DefaultValueFactory = _ => Precision.Auto,
    };

    static TrainCommand()
    {
        network.AcceptOnlyFromAmong("unet");
        loss.AcceptOnlyFromAmong("dice-ce");
        optimizer.AcceptOnlyFromAmong("sgd", "adam");
        precision.OneOf("auto", "fp32", "mixed");
    }

    /// <summary>The command.</summary>
    public static Command Create() => new MetSegCommand(
        "train",
        "Trains a segmentation model as nnU-Net does: U-Net, Dice and cross-entropy, foreground oversampling, deep supervision.",
        "metseg train DATASET --out RUN",
        "metseg train DATASET --out RUN --fold all --epochs 100 --iterations 100 --harmonizer HARMONIZER",
        "metseg train DATASET --estimate")
    {
        dataset, run, fold, epochs, iterations, optimizer, rate, network, loss, init, configuration, previous, harmonizer, acceptContrastLoss, augmentation, precision, noValidation, resume, estimate,
    }
    .Runs(Train);

    private static void Train(ParseResult parse, CommandContext context)
    {
        var onlyEstimate = parse.GetValue(estimate);
        var folder = parse.GetValue(run) ?? (onlyEstimate ? "" : throw new MetSegException("option '--out' is required. See 'metseg train --help'."));
        var checkpoint = Path.Combine(folder, $"fold_{parse.GetValue(fold)}", Checkpoint.Latest);
        if (parse.GetValue(resume) && !File.Exists(checkpoint))
        {
            throw new MetSegException($"--resume: there is no '{checkpoint}' to go on from. Leave --resume away to start a new run.");
        }

        var device = ComputeDevice.Open(context.Device, context.Threads);
        if (onlyEstimate)
        {
            var cost = RunOf(parse, context, folder).Estimate(device, context.Progress, context.Cancellation);
            context.Print(cost, output => CostSummary.Write(cost, output));
            return;
        }

        TrainingCost? announced = null;
        SegmentationSummary? validated = null;
        var described = RunOf(parse, context, folder) with { Announce = Announce, Validated = summary => validated = summary };
        var log = (parse.GetValue(noValidation) ? described with { Validation = null } : described).Train(device, context.Progress, context.Cancellation);
        var result = new Result(folder, parse.GetRequiredValue(fold), log.Count, log[^1].Score, validated?.ForegroundMean, announced, EvaluationResult.Disclaimer);
        context.Print(result, output =>
            output.WriteLine($"{result.Epochs} epochs, smoothed pseudo Dice {result.PseudoDice:0.000}{ValidationText(validated)}. Predict with: metseg predict --model {folder} -i SCANS -o DIR"));

        void Announce(TrainingCost cost)
        {
            announced = cost;
            context.Note(CostSummary.Line(cost));
        }
    }

    private static string ValidationText(SegmentationSummary? validated) => validated is null ? ""
        : $", Dice of {validated.Cases.Count} validation cases {(double.IsFinite(validated.ForegroundMean) ? $"{validated.ForegroundMean:0.000}" : "undefined")}";

    private static SegmentationRun RunOf(ParseResult parse, CommandContext context, string folder) => new()
    {
        Preprocessed = Path.Combine(parse.GetRequiredValue(dataset), "preprocessed"),
        Folder = folder,
        Fold = parse.GetRequiredValue(fold),
        Configuration = parse.GetValue(configuration),
        Previous = parse.GetValue(previous),
        Harmonizer = parse.GetValue(harmonizer) is { } source && source != NoHarmonizer ? source : null,
        AcceptsContrastLoss = parse.GetValue(acceptContrastLoss),
        Initialization = parse.GetValue(init) is { } model ? WeightsOf(model, parse.GetRequiredValue(fold)) : null,
        Trainer = new TrainerOptions
        {
            Epochs = parse.GetValue(epochs), StepsPerEpoch = parse.GetValue(iterations), Seed = context.Seed, Precision = parse.GetValue(precision),
        },
        Adjust = options => options.ValidatedFor(parse.GetValue(iterations)) with { Optimizer = OptimizerOf(parse), Augmentation = AugmentationOf(parse) },
    };

    /// <summary>Adam's rate is our choice: it learns within the few hundred steps of a trial run, where SGD with momentum 0.99 does not.</summary>
    private static OptimizerOptions OptimizerOf(ParseResult parse)
    {
        OptimizerOptions chosen = parse.GetValue(optimizer) == "adam" ? new AdamOptions { LearningRate = 3e-4, DecayExponent = 0.9 } : new SgdOptions();
        return parse.GetValue(rate) is { } value ? chosen with { LearningRate = value } : chosen;
    }

    private static RandomAugmentation AugmentationOf(ParseResult parse) =>
        parse.GetValue(augmentation) switch { "none" => RandomAugmentation.None, "light" => RandomAugmentation.Light, _ => new() };

    private static string WeightsOf(string model, string fold)
    {
        string[] candidates = File.Exists(model) ? [model] :
        [
            Path.Combine(model, $"fold_{fold}", Checkpoint.Final), Path.Combine(model, $"fold_{fold}", Checkpoint.Best), Path.Combine(model, Checkpoint.Final),
        ];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new MetSegException($"--init '{model}' holds no {Checkpoint.Final} for fold {fold}. Name a checkpoint, a fold's folder or a finished run.");
    }
}
