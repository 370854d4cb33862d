using System.CommandLine;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Tensors;

namespace MetSeg.App.Commands;

/// <summary><c>metseg model import FOLDER --out RUN</c>: a model that nnU-Net 2 trained becomes a run.</summary>
internal static class ModelImportCommand
{
    private static readonly Argument<string> source = new Argument<string>("FOLDER")
    {
        Description = "nnU-Net's folder TRAINER__PLANS__CONFIGURATION with plans.json, dataset.json and fold_N/checkpoint_final.pth.",
    }.MustExist(PathKind.Folder);

    private static readonly Option<string> output = new Option<string>("--out", "-o")
    {
        Description = "The run's folder; what is there already of the same model is left.",
        HelpName = "RUN",
        Required = true,
    }.MustBeWritable(PathKind.Folder);

    private static readonly Option<string> checkpoint = new Option<string>("--checkpoint")
    {
        Description = "Which checkpoint of each fold.",
        DefaultValueFactory = _ => "final",
    }.OneOf("final", "best", "latest");

    private static readonly Option<IReadOnlyList<string>?> folds = OptionValues.List<string>(
        "--folds", "0,1,2", "The folds to import, or all for nnU-Net's fold_all; otherwise every numbered one or, without any, fold_all.");

    /// <summary>The command.</summary>
    public static Command Create() => new MetSegCommand(
        "import",
        "Imports a model that nnU-Net 2 trained, for 'metseg predict --model RUN' or 'metseg train --init'. Nothing in its files is executed.",
        "metseg model import nnUNetTrainer__nnUNetPlans__3d_fullres --out RUN",
        "metseg model import nnUNetTrainer__nnUNetPlans__3d_fullres --checkpoint best --folds 0,1 --out RUN")
    {
        source, output, checkpoint, folds,
    }
    .Runs(Import);

    private static void Import(ParseResult parse, CommandContext context)
    {
        ComputeDevice.Open("cpu", context.Threads);
        var import = new NnUNetImport
        {
            Source = parse.GetRequiredValue(source),
            Folder = parse.GetRequiredValue(output),
            Checkpoint = parse.GetRequiredValue(checkpoint),
            Folds = parse.GetValue(folds),
        };
        var model = import.Import(context.Progress, context.Cancellation);
        var result = new
        {
            model.Run,
            model.Trainer,
            model.Plans.Configuration,
            Network = $"{model.Plans.Architecture}",
            model.Weights,
            Channels = model.Plans.ChannelNames,
            model.Plans.Labels,
            model.MirroringAxes,
            model.Plans.ImageReader,
            model.Folds,
        };
        context.Print(result, text => Write(text, model));
    }

    private static void Write(TextWriter text, ImportedModel model)
    {
        var plans = model.Plans;
        text.WriteLine($"run          {model.Run}");
        text.WriteLine($"trained by   {model.Trainer}, {plans.Configuration}");
        text.WriteLine($"network      {plans.Architecture}, {model.Weights:N0} weights, patch {string.Join(" × ", plans.PatchSize)}");
        text.WriteLine($"channels     {string.Join(", ", plans.ChannelNames)}");
        text.WriteLine($"labels       {plans.Labels}");
        text.WriteLine($"mirroring    {(model.MirroringAxes.Count == 0 ? "none" : $"axes {string.Join(", ", model.MirroringAxes)}")}");
        text.WriteLine($"orientation  {(plans.ImageReader.Contains("Reorient", StringComparison.Ordinal) ? "turned to RAS" : "as stored")} ({plans.ImageReader})");
        TextTable.Write(text, ["fold", "epochs", "best pseudo Dice"], model.Folds.Select(fold => new[] { fold.Fold, $"{fold.Epochs}", TextTable.Number(fold.BestScore) }));
    }
}
