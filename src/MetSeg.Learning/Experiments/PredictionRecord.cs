using MetSeg.Files;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Inference;

namespace MetSeg.Learning.Experiments;

/// <summary>What a folder of predictions was made with and from, in prediction.json: lets an interrupted run go on and no other result stay.</summary>
/// <param name="Model">SHA-256 of the model's weights.</param>
/// <param name="Window">How the volumes were tiled.</param>
/// <param name="Probabilities">Whether probability maps were written.</param>
/// <param name="Disclaimer">What the results must not be used for.</param>
public sealed record PredictionRecord(string Model, SlidingWindowOptions Window, bool Probabilities, string Disclaimer = "Research use only; not for clinical use.")
{
    /// <summary>Name of the file in the folder of predictions.</summary>
    public const string FileName = "prediction.json";

    /// <summary>The scans that were segmented, each with the SHA-256 of its files: of two scans with one name, one is not taken for the other.</summary>
    public IReadOnlyDictionary<string, string> Scans { get; init; } = new Dictionary<string, string>();

    /// <summary>How unlike its harmonizer's scans each of them is, where the model can say.</summary>
    public IReadOnlyDictionary<string, DistributionScore> OutOfDistribution { get; init; } = new Dictionary<string, DistributionScore>();

    /// <summary>The digest of a scan's files.</summary>
    /// <exception cref="MetSegException">A file cannot be read.</exception>
    public static string DigestOf(ScanFiles scan) => FileDigest.OfText(string.Join('\n', scan.Channels.Select(FileDigest.OfFile)));

    /// <summary>
    /// The record that a folder holds of the same model and options, or else this one, after the label maps that the other record names were
    /// deleted.
    /// </summary>
    /// <exception cref="MetSegException">The folder's record is damaged.</exception>
    public PredictionRecord GoOnIn(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var found = File.Exists(path) ? JsonFile.Read<PredictionRecord>(path, JsonFile.OwnStyle) : this;
        if (found == this with { Scans = found.Scans, OutOfDistribution = found.OutOfDistribution })
        {
            return found;
        }

        found.Scans.Keys.ToList().ForEach(id => File.Delete(LabelPath(folder, id)));
        return this;
    }

    /// <summary>Whether the folder holds the segmentation of this very scan.</summary>
    public bool Has(string folder, string id, string digest) => Scans.GetValueOrDefault(id) == digest && File.Exists(LabelPath(folder, id));

    /// <summary>Writes the record with one more scan.</summary>
    /// <returns>That record.</returns>
    /// <exception cref="MetSegException">The folder cannot be written.</exception>
    public PredictionRecord WriteWith(string folder, string id, string digest, DistributionScore? score)
    {
        var next = this with
        {
            Scans = new SortedDictionary<string, string>(Scans.ToDictionary(), StringComparer.Ordinal) { [id] = digest },
            OutOfDistribution = score is null ? OutOfDistribution
                : new SortedDictionary<string, DistributionScore>(OutOfDistribution.ToDictionary(), StringComparer.Ordinal) { [id] = score },
        };
        JsonFile.Write(Path.Combine(folder, FileName), next, JsonFile.OwnStyle);
        return next;
    }

    /// <summary>Path of a scan's label map.</summary>
    internal static string LabelPath(string folder, string id) => Path.Combine(folder, $"{id}.nii.gz");
}
