using System.Text.Json;
using MetSeg.Files;

namespace MetSeg.Statistics;

/// <summary>
/// Reads the cases of a metrics.json as rows with the columns of cases.csv: dice, hd95, lesionF1, …; with several regions dice_ET and so on.
/// </summary>
internal static class MetricsJson
{
    private const string Lesions = "lesions";

    private const string Undefined = "undefined";

    private static readonly string[] scoreNames =
        ["tp", "fn", "fp", "sensitivity", "precision", "componentPrecision", "f1", "f2", "dice", "hd95", "surfaceDice"];

    /// <summary>The rows; all have the columns of any.</summary>
    /// <exception cref="MetSegException">The file is missing, is not JSON, or has no list "cases".</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string path)
    {
        var root = JsonFile.Read<JsonElement>(path, JsonFile.OwnStyle);
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("cases", out var cases) || cases.ValueKind != JsonValueKind.Array
            || cases.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.Object))
        {
            throw new MetSegException($"'{path}' has no list \"cases\"; a metrics.json that 'metseg evaluate' wrote does.");
        }

        var rows = cases.EnumerateArray().Select(Row).ToList();
        string[] columns = [.. rows.SelectMany(row => row.Keys).Distinct(StringComparer.OrdinalIgnoreCase)];
        return [.. rows.Select(row => columns.ToDictionary(column => column, column => row.GetValueOrDefault(column, ""), StringComparer.OrdinalIgnoreCase))];
    }

    private static Dictionary<string, string> Row(JsonElement evaluated)
    {
        var row = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in evaluated.EnumerateObject())
        {
            if (property.Name == Undefined)
            {
                continue;
            }

            if (property.Name != Lesions)
            {
                Add(row, property.Name, property.Value);
            }
            else if (property.Value is { ValueKind: JsonValueKind.Object } lesions
                && lesions.EnumerateObject().Any(one => one.Value.ValueKind == JsonValueKind.Object))
            {
                foreach (var region in property.Value.EnumerateObject())
                {
                    AddLesions(row, region.Value, "_" + region.Name);
                }
            }
            else
            {
                AddLesions(row, property.Value, "");
            }
        }

        return row;
    }

    private static void AddLesions(Dictionary<string, string> row, JsonElement scores, string suffix)
    {
        foreach (var name in scoreNames)
        {
            if (scores.ValueKind == JsonValueKind.Object && scores.TryGetProperty(name, out var value))
            {
                row[$"lesion{char.ToUpperInvariant(name[0])}{name[1..]}{suffix}"] = Text(value);
            }
        }
    }

    private static void Add(Dictionary<string, string> row, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var region in value.EnumerateObject())
            {
                row[$"{name}_{region.Name}"] = Text(region.Value);
            }
        }
        else
        {
            row[name] = Text(value);
        }
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };
}
