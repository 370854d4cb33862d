using System.Text.Json;

namespace MetSeg.Datasets;

/// <summary>A label scheme as dataset.json keeps it: "labels" and "regions_class_order".</summary>
internal static class LabelSchemeJson
{
    /// <summary>Reads a scheme; version 1's {"1": "lesion"} is understood, too.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="labels">The key "labels".</param>
    /// <param name="order">The key "regions_class_order".</param>
    /// <exception cref="DatasetException">It is not a scheme, or contradicts itself.</exception>
    public static LabelScheme Parse(string path, JsonElement labels, IReadOnlyList<int>? order)
    {
        if (labels.ValueKind != JsonValueKind.Object)
        {
            throw new DatasetException($"'{path}' needs \"labels\", such as {{\"background\": 0, \"metastasis\": 1}}.");
        }

        var scheme = new LabelScheme([.. labels.EnumerateObject().Select(entry => Entry(path, entry))], order);
        return scheme.Problems().FirstOrDefault() is { } problem ? throw new DatasetException($"'{path}': {problem}") : scheme;
    }

    /// <summary>The key "labels".</summary>
    public static OrderedDictionary<string, object> Labels(LabelScheme scheme) =>
        new(scheme.Entries.Select(entry => KeyValuePair.Create<string, object>(entry.Name, entry.Values.Count == 1 ? entry.Values[0] : entry.Values)));

    private static LabelEntry Entry(string path, JsonProperty entry)
    {
        var (name, value) = entry.Value.ValueKind == JsonValueKind.String && int.TryParse(entry.Name, out var key)
            ? (entry.Value.GetString()!, JsonSerializer.SerializeToElement(key))
            : (entry.Name, entry.Value);
        return new LabelEntry(name, value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => Value(path, name, item))]
            : [Value(path, name, value)]);
    }

    private static int Value(string path, string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number is >= 0 and <= byte.MaxValue
            ? number
            : throw new DatasetException($"'{path}': label \"{name}\" is {value.GetRawText()}, but a label is a whole number from 0 to 255.");
}
