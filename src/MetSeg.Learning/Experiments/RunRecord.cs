using System.Text.Json;
using MetSeg.Files;

namespace MetSeg.Learning.Experiments;

/// <summary>The record that a run's folder holds of how it was started: the same record goes on, another is refused.</summary>
public static class RunRecord
{
    /// <summary>Writes the record of a new run, or checks that the one found is the same.</summary>
    /// <param name="path">The record's file in the run's folder.</param>
    /// <param name="record">How this run is started.</param>
    /// <exception cref="OptionsException">The folder holds a run that was started otherwise; the message names the first difference.</exception>
    public static void Claim<T>(string path, T record)
    {
        var text = JsonSerializer.Serialize(record, JsonFile.OwnStyle);
        if (!File.Exists(path))
        {
            AtomicFile.WriteText(path, text + "\n");
            return;
        }

        var found = File.ReadAllText(path).TrimEnd('\n');
        if (found != text)
        {
            var (before, now) = found.Split('\n').Zip(text.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second);
            throw new OptionsException(
                $"'{Path.GetDirectoryName(path)}' holds a run that was started with other options ('{before?.Trim()}' where this one has '{now?.Trim()}'). "
                + "Use the same options to go on with it, or another folder.");
        }
    }

    /// <summary>Whether the folder holds the same record already.</summary>
    public static bool Matches<T>(string path, T record) =>
        File.Exists(path) && File.ReadAllText(path).TrimEnd('\n') == JsonSerializer.Serialize(record, JsonFile.OwnStyle);
}
