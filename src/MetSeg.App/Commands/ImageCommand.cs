using System.CommandLine;

namespace MetSeg.App.Commands;

/// <summary><c>metseg image</c>: what is done to one image before and after a network.</summary>
internal static class ImageCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new MetSegCommand(
        "image",
        "Resamples an image, corrects its bias field, finds the brain, or matches its intensities to other scans.",
        "metseg image resample scan.nii.gz --spacing 1,1,1 --out scan_1mm.nii.gz",
        "metseg image brain-mask head.nii.gz --out brain.nii.gz")
    {
        ImageResampleCommand.Create(),
        ImageCorrectBiasCommand.Create(),
        ImageHistogramCommands.CreateLearn(),
        ImageHistogramCommands.CreateMatch(),
    };

    /// <summary>The image that a subcommand works on.</summary>
    public static Argument<string> Input() => new Argument<string>("IMAGE") { Description = "A NIfTI image." }.MustExist(PathKind.File);

    /// <summary>Where a subcommand's image goes.</summary>
    public static Option<string> Output() => new Option<string>("--out", "-o")
    {
        Description = "The image to write: a name ending in .nii or .nii.gz.",
        HelpName = "FILE",
        Required = true,
    }.MustBeWritable(PathKind.File);

    /// <summary>A mask on the image's grid.</summary>
    public static Option<string?> Mask(string description) =>
        new Option<string?>("--mask") { Description = description, HelpName = "FILE" }.MustExist(PathKind.File);

    /// <summary>A result that is an image: its name and grid.</summary>
    public static void PrintImage(this CommandContext context, string path, Grid grid) =>
        context.Print(
            new { File = path, Shape = grid.Size.ToArray(), Spacing = grid.Spacing.ToArray(), grid.Orientation },
            output => output.WriteLine($"written: {path} ({grid.Size} voxels of {grid.Spacing}, {grid.Orientation})"));
}
