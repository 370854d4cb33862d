using System.CommandLine;
using MetSeg.Imaging;
using MetSeg.Nifti;

namespace MetSeg.App.Commands;

/// <summary><c>metseg image brain-mask IMAGE</c>: the brain in a head with its skull on.</summary>
internal static class ImageBrainMaskCommand
{
    private sealed record Result(string File, double BrainCm3);

    /// <summary>Volumes that brains of adults hardly leave, fluid included.</summary>
    private const int SmallestCm3 = 800, LargestCm3 = 2200;

    private static readonly Argument<string> image = ImageCommand.Input();
    private static readonly Option<string> output = ImageCommand.Output();

    private static readonly Option<string?> model = new Option<string?>("--model")
    {
        Description = "An ONNX model to find the brain with, such as SynthStrip; MODEL.json beside it says what it expects (docs/brain-mask.md).",
        HelpName = "MODEL.onnx",
    }.MustExist(PathKind.File);

    private static readonly Option<double> margin = new("--margin")
    {
        Description = "Layer to add around the brain in mm, or to take away if negative.",
        DefaultValueFactory = _ => 0,
        HelpName = "MM",
    };

    private static readonly Option<string?> masked = new Option<string?>("--masked")
    {
        Description = "Also write the image with everything but the brain set to 0.",
        HelpName = "FILE",
    }.MustBeWritable(PathKind.File);

    /// <summary>The command.</summary>
    public static Command Create() => new MetSegCommand(
        "brain-mask",
        "Finds the brain in a T1-weighted head, with or without contrast agent: 1 in the brain, else 0. Look at the result before you rely on it.",
        "metseg image brain-mask head.nii.gz --out brain.nii.gz --masked stripped.nii.gz",
        "metseg image brain-mask head.nii.gz --model synthstrip.onnx --out brain.nii.gz")
    {
        image, output, model, margin, masked,
    }
    .Runs((parse, context) =>
    {
        var options = new BrainMaskOptions { MarginMm = parse.GetValue(margin) };
        OptionsException.ThrowIfAny("brain-mask", options.Problems());
        var volume = NiftiReader.ReadVolume(parse.GetRequiredValue(image));
        var mask = parse.GetValue(model) is { } path ? ByModel(path, volume, options) : BrainMask.Find(volume, options);
        if (parse.GetValue(masked) is { } maskedPath)
        {
            NiftiWriter.Write(maskedPath, BrainMask.Apply(volume, mask));
        }

        var target = parse.GetRequiredValue(output);
        NiftiWriter.Write(target, mask);
        var brain = Components.Find(mask).Items.Sum(piece => (double)piece.Voxels) * mask.Grid.Spacing.VoxelMm3 / 1000;
        if (brain is < SmallestCm3 or > LargestCm3)
        {
            context.Note($"{brain:0} cm³ is no human brain's volume ({SmallestCm3} to {LargestCm3} cm³): look at the mask, or bring a model.");
        }

        context.Print(new Result(target, brain), writer => writer.WriteLine($"written: {target} (brain {brain:0} cm³). Research use only; not for clinical use."));
    });

    private static LabelMap ByModel(string path, Volume volume, BrainMaskOptions options)
    {
        using var network = BrainMaskNetwork.Open(path);
        return BrainMask.WithMargin(network.Find(volume), options.MarginMm);
    }
}
