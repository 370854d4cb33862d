using MetSeg.Files;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Training;
using static TorchSharp.torch;

namespace MetSeg.Learning.Inference;

/// <summary>
/// Where a harmonizer comes from: the folder of a VAE-MMD that 'metseg harmonize train' has made, the tone curve in it alone (its
/// intensity_landmarks.json), a standard scale that 'metseg image learn-histogram' has written, or the word z-score. Inside a run it is a folder with the files that it needs.
/// </summary>
public static class HarmonizerFiles
{
    /// <summary>The word for <see cref="ZScoreHarmonizer"/>.</summary>
    public const string ZScore = "z-score";

    /// <summary>Loads a harmonizer.</summary>
    /// <param name="source">Folder, file or word.</param>
    /// <param name="device">Where it computes.</param>
    /// <exception cref="MetSegException">There is no harmonizer, or a file of it is missing or damaged.</exception>
    public static Harmonizer Load(string source, Device device)
    {
        var names = Of(source).Select(file => file.Name).ToList();
        return names.Contains(HarmonizerCard.FileName) ? VaeHarmonizer.Load(source, Checkpoint.Best, device)
            : names.Contains(ZScoreHarmonizer.FileName) ? new ZScoreHarmonizer()
            : names.Contains(LandmarkErasure.FileName) ? new LandmarkHarmonizer(LandmarkErasure.Read(Of(source)[0].Path!))
            : NyulHarmonizer.Load(Of(source)[0].Path!);
    }

    /// <summary>Copies what a harmonizer needs into a folder.</summary>
    /// <param name="source">Folder, file or word.</param>
    /// <param name="folder">The folder; files of another harmonizer do not stay there.</param>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static void Copy(string source, string folder)
    {
        var files = Of(source);
        foreach (var old in Known.Except(files.Select(file => file.Name)))
        {
            File.Delete(Path.Combine(Directory.CreateDirectory(folder).FullName, old));
        }

        foreach (var (path, name) in files)
        {
            if (path is null)
            {
                JsonFile.Write(Path.Combine(folder, name), ZScore, JsonFile.OwnStyle);
            }
            else
            {
                AtomicFile.Copy(path, Path.Combine(folder, name));
            }
        }
    }

    /// <summary>SHA-256 over the harmonizer's files: tells two harmonizers apart, also by how they are used.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static string Digest(string source) => FileDigest.OfText(string.Join(
        '\n', Of(source).Select(file => $"{file.Name} {(file.Path is null || file.Name == ZScoreHarmonizer.FileName ? "" : FileDigest.OfFile(file.Path))}")));

    private static IEnumerable<string> Known =>
        [HarmonizerCard.FileName, Checkpoint.Best, OutOfDistribution.FileName, LandmarkErasure.FileName, NyulHarmonizer.FileName, ZScoreHarmonizer.FileName];

    /// <summary>The files that make a harmonizer, each with its name inside a run; that of the word z-score has no path.</summary>
    private static IReadOnlyList<(string? Path, string Name)> Of(string source)
    {
        if (source == ZScore)
        {
            return [(null, ZScoreHarmonizer.FileName)];
        }

        if (File.Exists(source))
        {
            return [(source, Path.GetFileName(source) == LandmarkErasure.FileName ? LandmarkErasure.FileName : NyulHarmonizer.FileName)];
        }

        var names = Known.Where(name => File.Exists(Path.Combine(source, name))).ToList();
        string[] optional = [OutOfDistribution.FileName, LandmarkErasure.FileName];
        string[] own = names.Contains(HarmonizerCard.FileName) ? [HarmonizerCard.FileName, Checkpoint.Best, .. optional] : [.. names.Take(1)];
        return own.Length > 0
            ? [.. own.Where(name => !optional.Contains(name) || names.Contains(name)).Select(name => ((string?)Path.Combine(source, name), name))]
            : throw new MetSegException(
                $"--harmonizer '{source}' is no harmonizer. Name a folder that 'metseg harmonize train' has made, a standard scale (JSON) that 'metseg image learn-histogram' has written, or {ZScore}.");
    }
}
