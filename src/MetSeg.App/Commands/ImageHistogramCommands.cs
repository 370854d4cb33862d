using System.CommandLine;
using MetSeg.Files;
using MetSeg.Imaging;
using MetSeg.Nifti;

namespace MetSeg.App.Commands;

/// <summary><c>metseg image learn-histogram</c> and <c>match-histogram</c>: Nyúl's standard intensity scale.</summary>
internal static class ImageHistogramCommands
{
    private static readonly Argument<string[]> images = new Argument<string[]>("IMAGE")
    {
        Description = "NIfTI images of one sequence, from every scanner.",
        Arity = ArgumentArity.OneOrMore,
    }.MustExist(PathKind.File);

    private static readonly Option<string> scaleOutput = new Option<string>("--out", "-o")
    {
        Description = "The scale to write.",
        HelpName = "SCALE.json",
        Required = true,
    }.MustBeWritable(PathKind.File);

    private static readonly Argument<string> image = ImageCommand.Input();
    private static readonly Option<string> output = ImageCommand.Output();
    private static readonly Option<string?> mask = ImageCommand.Mask("Where the landmarks are taken, best the brain; otherwise the foreground.");

    private static readonly Option<string> scale = new Option<string>("--scale")
    {
        Description = "The scale that 'learn-histogram' wrote.",
        HelpName = "SCALE.json",
        Required = true,
    }.MustExist(PathKind.File);

    /// <summary>The command that learns a scale.</summary>
    public static Command CreateLearn() => new MetSegCommand(
        "learn-histogram",
        "Learns a standard intensity scale (Nyul 2000) from images of several scanners.",
        "metseg image learn-histogram imagesTr/*.nii.gz --out scale.json")
    {
        images, scaleOutput,
    }
    .Runs((parse, context) =>
    {
        var paths = parse.GetRequiredValue(images);
        var landmarks = new List<IReadOnlyList<double>>();
        foreach (var path in paths)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            landmarks.Add(HistogramMatching.LandmarksOf(NiftiReader.ReadVolume(path)));
            context.Progress.Report(new Progress("learn-histogram", landmarks.Count, paths.Length, ""));
        }

        var learnt = HistogramMatching.Learn(landmarks);
        var target = parse.GetRequiredValue(scaleOutput);
        JsonFile.Write(target, learnt, JsonFile.OwnStyle);
        context.Print(learnt, writer => writer.WriteLine(
            $"written: {target} (landmarks {string.Join(", ", learnt.Landmarks.Select(landmark => landmark.ToString("0.#")))})"));
    });

    /// <summary>The command that applies a scale.</summary>
    public static Command CreateMatch() => new MetSegCommand(
        "match-histogram",
        "Brings an image onto a standard intensity scale: piecewise linear between its landmarks.",
        "metseg image match-histogram scan.nii.gz --scale scale.json --out matched.nii.gz")
    {
        image, output, scale, mask,
    }
    .Runs((parse, context) =>
    {
        var learnt = JsonFile.Read<StandardScale>(parse.GetRequiredValue(scale), JsonFile.OwnStyle);
        OptionsException.ThrowIfAny($"'{parse.GetRequiredValue(scale)}'", learnt.Problems());
        var volume = NiftiReader.ReadVolume(parse.GetRequiredValue(image));
        var inside = parse.GetValue(mask) is { } path ? NiftiReader.ReadLabelMap(path) : null;
        var target = parse.GetRequiredValue(output);
        NiftiWriter.Write(target, HistogramMatching.Apply(volume, learnt, inside));
        context.PrintImage(target, volume.Grid);
    });
}
