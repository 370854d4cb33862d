using MetSeg.Files;
using MetSeg.Learning.Harmonization;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using MetSeg.Reports;

namespace MetSeg.Learning.Experiments;

/// <summary>Pictures of what a harmonizer does to scans.</summary>
public static class HarmonizerFigures
{
    /// <summary>Name of the file with the latent traversal.</summary>
    public const string TraversalFileName = "latent_traversal.png";

    private const int MostDirections = 3;
    private static readonly double[] steps = [-2, -1, 0, 1, 2];

    /// <summary>
    /// Writes, of each institution's first scan, CASE.png with original, harmonized scan and difference; and latent_traversal.png of the very
    /// first.
    /// </summary>
    /// <param name="harmonizer">The harmonizer.</param>
    /// <param name="dataset">The raw data set.</param>
    /// <param name="plans">The plans that the harmonizer's input follows.</param>
    /// <param name="folder">Where the pictures go.</param>
    /// <param name="cancellation">Checked before each scan.</param>
    /// <returns>The pictures' paths.</returns>
    /// <exception cref="MetSegException">A scan cannot be read, or a picture cannot be written.</exception>
    public static IReadOnlyList<string> Write(VaeHarmonizer harmonizer, Dataset dataset, Plans plans, string folder, CancellationToken cancellation = default)
    {
        var paths = new List<string>();
        foreach (var one in dataset.TrainingCases.Concat(dataset.TestCases).GroupBy(one => one.Institution).Select(group => group.First()))
        {
            cancellation.ThrowIfCancellationRequested();
            var original = Preprocessor.Preprocess([NiftiReader.ReadVolume(one.ImagePaths[0])], null, plans).Channels[0];
            paths.Add(Path.Combine(folder, $"{one.Id}.png"));
            WritePicture(paths[^1], DifferencePicture.Draw(original, harmonizer.Apply(original), $"{one.Id}, {one.Institution}"));
            if (paths.Count == 1 && Traversal(harmonizer, original) is { } traversal)
            {
                paths.Add(Path.Combine(folder, TraversalFileName));
                WritePicture(paths[^1], traversal);
            }
        }

        return paths;
    }

    /// <summary>
    /// A scan decoded from its latent code moved by −2 to 2 standard deviations along the leading principal directions of the harmonizer's own
    /// scans. The skips stay the scan's: what the picture does not show to change passes by the latent code.
    /// </summary>
    /// <param name="harmonizer">The harmonizer.</param>
    /// <param name="scan">A preprocessed scan.</param>
    /// <returns>The picture as PNG; null where the harmonizer does not know what its scans are like.</returns>
    public static byte[]? Traversal(VaeHarmonizer harmonizer, Volume scan)
    {
        if (harmonizer.Distribution?.Latents is not { } latents)
        {
            return null;
        }

        return TraversalPicture.Draw(
            [.. latents.Directions.Take(MostDirections).Select((direction, i) => new TraversalRow($"direction {i + 1}", [.. steps.Select(step =>
                harmonizer.DecodeMoved(scan, [.. direction.Select(entry => step * Math.Sqrt(latents.Variances[i]) * entry)]))]))],
            [.. steps.Select(step => $"{step:+0;−0;0} SD")]);
    }

    /// <summary>Writes a picture, whole or not at all.</summary>
    internal static void WritePicture(string path, byte[] png) => AtomicFile.Write(path, stream => stream.Write(png));
}
