using System.CommandLine;
using MetSeg.Imaging;
using MetSeg.Nifti;

namespace MetSeg.App.Commands;

/// <summary><c>metseg image resample IMAGE</c>: an image on another grid.</summary>
internal static class ImageResampleCommand
{
    private static readonly Argument<string> image = ImageCommand.Input();
    private static readonly Option<string> output = ImageCommand.Output();

    private static readonly Option<IReadOnlyList<double>?> spacing = OptionValues.List<double>(
        "--spacing", "1,1,1", "Voxel size x,y,z in mm of the result, over the same field of view.");

    private static readonly Option<string?> like = new Option<string?>("--like")
    {
        Description = "An image whose grid the result takes; what lies outside IMAGE becomes 0.",
        HelpName = "IMAGE",
    }.MustExist(PathKind.File);

    private static readonly Option<string> interpolation = new Option<string>("--interpolation")
    {
        Description = "How values between voxels are found. cubic: B-spline of order 3, clipped to the image's range.",
        DefaultValueFactory = _ => "cubic",
    }.OneOf("nearest", "linear", "cubic");

    private static readonly Option<bool> labels = new("--labels")
    {
        Description = "IMAGE is a label map. With --spacing a label is written where its linearly interpolated share reaches one half, as nnU-Net; "
            + "with --like the nearest voxel's.",
    };

    private static readonly Option<bool> antiAliasing = new("--anti-aliasing")
    {
        Description = "Smooth along axes that become coarser, as skimage's resize.",
    };

    /// <summary>The command.</summary>
    public static Command Create() => new MetSegCommand(
        "resample",
        "Puts an image onto another grid: another voxel size, or the grid of another image.",
        "metseg image resample scan.nii.gz --spacing 1,1,1 --out scan_1mm.nii.gz",
        "metseg image resample tumor.nii.gz --labels --like scan.nii.gz --out tumor_on_scan.nii.gz")
    {
        image, output, spacing, like, interpolation, labels, antiAliasing,
    }
    .Runs(Resample);

    private static void Resample(ParseResult parse, CommandContext context)
    {
        var (source, target) = (parse.GetRequiredValue(image), parse.GetRequiredValue(output));
        if (parse.GetValue(labels))
        {
            var map = NiftiReader.ReadLabelMap(source);
            var grid = TargetOf(parse, map.Grid);
            map = parse.GetValue(like) is null ? new ShapeResampling(map.Grid, grid.Spacing).Apply(map) : Resampler.Resample(map, grid);
            NiftiWriter.Write(target, map);
            context.PrintImage(target, map.Grid);
            return;
        }

        var volume = NiftiReader.ReadVolume(source);
        var kind = Enum.Parse<Interpolation>(parse.GetRequiredValue(interpolation), ignoreCase: true);
        var result = Resampler.Resample(volume, TargetOf(parse, volume.Grid), kind, antiAliasing: parse.GetValue(antiAliasing));
        NiftiWriter.Write(target, result);
        context.PrintImage(target, result.Grid);
    }

    private static Grid TargetOf(ParseResult parse, Grid source) => (parse.GetValue(spacing), parse.GetValue(like)) switch
    {
        (null, { } other) => NiftiReader.ReadHeader(other).Grid,
        ([var x, var y, var z], null) when new[] { x, y, z }.All(length => double.IsFinite(length) && length > 0) =>
            Resampler.Regrid(source, new Spacing(x, y, z)),
        ({ }, null) => throw new OptionsException("option '--spacing' takes three positive lengths in mm, such as 1,1,1."),
        _ => throw new OptionsException("give either '--spacing' or '--like': one of them says where the voxels go."),
    };
}
