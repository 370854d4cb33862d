using System.Text.Json;
using System.Text.Json.Serialization;
using MetSeg.Files;

namespace MetSeg.Learning.Training;

/// <summary>One epoch as a line of log.jsonl.</summary>
/// <param name="Epoch">Counted from 0.</param>
/// <param name="Training">Mean of each loss term over the epoch's steps.</param>
/// <param name="Validation">Validation figures.</param>
/// <param name="Score">Smoothed validation score; higher is better.</param>
/// <param name="LearningRate">Learning rate of the first module.</param>
/// <param name="Seconds">Time the epoch took.</param>
public sealed record EpochRecord(
    int Epoch,
    IReadOnlyDictionary<string, double> Training,
    IReadOnlyDictionary<string, double> Validation,
    double Score,
    double LearningRate,
    double Seconds)
{
    /// <summary>What the user should know of the epoch, one sentence each; null where there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }
}

/// <summary>The log of a run: one JSON line per epoch, in log.jsonl.</summary>
public static class TrainingLog
{
    /// <summary>Name of the file in a run's folder.</summary>
    public const string FileName = "log.jsonl";

    private static readonly JsonSerializerOptions options = new(JsonFile.OwnStyle) { WriteIndented = false, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    /// <summary>The epochs logged in a run's folder; none where there is no log.</summary>
    /// <exception cref="MetSegException">A line is damaged.</exception>
    public static IReadOnlyList<EpochRecord> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<EpochRecord>(line, options)!)] : [];
        }
        catch (JsonException exception)
        {
            throw new MetSegException($"Cannot read '{path}': {exception.Message.ReplaceLineEndings(" ")} Delete the file; training goes on without its earlier lines.", exception);
        }
    }

    /// <summary>Writes all epochs of a run anew, whole or not at all: a resumed run has no epoch twice and no half line.</summary>
    public static void Write(string folder, IEnumerable<EpochRecord> epochs) =>
        AtomicFile.WriteText(Path.Combine(folder, FileName), string.Concat(epochs.Select(epoch => JsonSerializer.Serialize(epoch, options) + "\n")));
}
