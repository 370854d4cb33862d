using System.CommandLine;
using MetSeg.Imaging;
using MetSeg.Nifti;

namespace MetSeg.App.Commands;

/// <summary><c>metseg image correct-bias IMAGE</c>: N4.</summary>
internal static class ImageCorrectBiasCommand
{
    private static readonly BiasFieldOptions defaults = new();
    private static readonly Argument<string> image = ImageCommand.Input();
    private static readonly Option<string> output = ImageCommand.Output();

    private static readonly Option<string?> mask = ImageCommand.Mask("Where the field is estimated, best the brain; otherwise the foreground.");

    private static readonly Option<string?> field = new Option<string?>("--field")
    {
        Description = "Also write the field by which the image was divided; its mean inside the mask is 1.",
        HelpName = "FILE",
    }.MustBeWritable(PathKind.File);

    private static readonly Option<int> shrink = new Option<int>("--shrink")
    {
        Description = "Estimate from one of N voxels along each axis.",
        DefaultValueFactory = _ => defaults.ShrinkFactor,
        HelpName = "N",
    }.Between(1, 64);

    private static readonly Option<int> levels = new Option<int>("--levels")
    {
        Description = "Number of spline resolutions; each halves the spans of the one before.",
        DefaultValueFactory = _ => defaults.Levels,
        HelpName = "N",
    }.Between(1, 8);

    private static readonly Option<int> iterations = new Option<int>("--iterations")
    {
        Description = "Most iterations at each resolution.",
        DefaultValueFactory = _ => defaults.Iterations,
        HelpName = "N",
    }.Between(1, 10_000);

    /// <summary>The command.</summary>
    public static Command Create() => new MetSegCommand(
        "correct-bias",
        "Removes the slow shading of an MR image by N4 (Tustison 2010).",
        "metseg image correct-bias scan.nii.gz --out corrected.nii.gz",
        "metseg image correct-bias scan.nii.gz --mask brain.nii.gz --field field.nii.gz --out corrected.nii.gz")
    {
        image, output, mask, field, shrink, levels, iterations,
    }
    .Runs((parse, context) =>
    {
        var options = defaults with { ShrinkFactor = parse.GetValue(shrink), Levels = parse.GetValue(levels), Iterations = parse.GetValue(iterations) };
        var volume = NiftiReader.ReadVolume(parse.GetRequiredValue(image));
        var inside = parse.GetValue(mask) is { } path ? NiftiReader.ReadLabelMap(path) : null;
        var estimate = BiasField.Estimate(volume, inside, options, context.Progress, context.Cancellation);
        if (parse.GetValue(field) is { } fieldPath)
        {
            NiftiWriter.Write(fieldPath, estimate.ToVolume());
        }

        var target = parse.GetRequiredValue(output);
        NiftiWriter.Write(target, estimate.Correct(volume));
        context.PrintImage(target, volume.Grid);
    });
}
