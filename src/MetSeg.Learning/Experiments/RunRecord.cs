using System.Text.Json;
using System.Text.Json.Nodes;
using MetSeg.Files;

namespace MetSeg.Learning.Experiments;

/// <summary>The record that a run's folder holds of how it was started: the same record goes on, another is refused.</summary>
public static class RunRecord
{
    private const int LongestValue = 80;

    /// <summary>Writes the record of a new run, or checks that the one found is the same.</summary>
    /// <param name="path">The record's file in the run's folder.</param>
    /// <param name="record">How this run is started.</param>
    /// <exception cref="OptionsException">The folder holds a run that was started otherwise; the message names the first difference.</exception>
    /// <exception cref="MetSegException">The record found is damaged, or cannot be written.</exception>
    public static void Claim<T>(string path, T record)
    {
        if (!File.Exists(path))
        {
            JsonFile.Write(path, record, JsonFile.OwnStyle);
            return;
        }

        var (found, wanted) = (JsonFile.Read<JsonObject>(path, JsonFile.OwnStyle), JsonSerializer.SerializeToNode(record, JsonFile.OwnStyle));
        if (!JsonNode.DeepEquals(found, wanted))
        {
            throw new OptionsException(
                $"'{Path.GetDirectoryName(path)}' holds a run that was started with other options: {Difference(found, wanted, "")}. "
                + "Use the same options to go on with it, or another folder.");
        }
    }

    private static string Difference(JsonNode? found, JsonNode? wanted, string key)
    {
        if (found is JsonObject before && wanted is JsonObject now)
        {
            var name = before.Select(pair => pair.Key).Union(now.Select(pair => pair.Key)).First(name => !JsonNode.DeepEquals(before[name], now[name]));
            return Difference(before[name], now[name], key == "" ? name : $"{key}.{name}");
        }

        return $"{key} was {Text(found)}, now it is {Text(wanted)}";
    }

    private static string Text(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "null";
        return text.Length <= LongestValue ? text : $"{text[..LongestValue]}…";
    }
}
