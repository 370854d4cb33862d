namespace MetSeg.Datasets;

/// <summary>What the columns and values of an imported table mean.</summary>
public sealed record TableLayoutOptions
{
    /// <summary>Names of the image channels, one per image column. The default is T1CE alone.</summary>
    public IReadOnlyList<string> ChannelNames { get; init; } = ["T1CE"];

    /// <summary>Names and values (1 to 255) of the classes; background, 0, is always there. The default is lesion = 1.</summary>
    public IReadOnlyDictionary<string, int> Labels { get; init; } = new OrderedDictionary<string, int> { ["lesion"] = 1 };

    /// <summary>What is wrong with these options, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (ChannelNames.Count == 0 || ChannelNames.Any(string.IsNullOrWhiteSpace))
        {
            yield return "channelNames must name every image column, such as T1CE.";
        }

        if (Labels.Count == 0)
        {
            yield return "labels must name at least one class, such as lesion=1.";
        }

        if (Labels.FirstOrDefault(label => label.Value is < 1 or > byte.MaxValue) is { Key: not null } outside)
        {
            yield return $"labels: '{outside.Key}' must be a value from 1 to 255, not {outside.Value}.";
        }

        if (Labels.Keys.Any(name => string.IsNullOrWhiteSpace(name) || name == "background"))
        {
            yield return "labels: every class needs a name other than background, which is 0 and always there.";
        }

        if (Labels.Values.Distinct().Count() < Labels.Count)
        {
            yield return "labels: two classes have the same value.";
        }
    }
}
