namespace MetSeg;

/// <summary>An entry of dataset.json's "labels": a class of one value, or a region of several.</summary>
/// <param name="Name">Its name, such as "metastasis".</param>
/// <param name="Values">The values that a voxel of it may have in a label map.</param>
public sealed record LabelEntry(string Name, IReadOnlyList<int> Values)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {string.Join('+', Values)}";
}

/// <summary>
/// What the values of a data set's label maps mean, as dataset.json says: classes, of which a voxel has one, or regions, which may overlap (a
/// whole tumor and its core), and perhaps a value for voxels that nobody labelled.
/// </summary>
/// <param name="Entries">All labels, background (0) included, in the file's order.</param>
/// <param name="RegionsClassOrder">The value to write for each region, in their order; later ones overwrite earlier ones. Null where there are no regions.</param>
/// <remarks>nnU-Net v2's label manager: an entry that lists more than one value makes all entries but background and "ignore" regions.</remarks>
public sealed record LabelScheme(IReadOnlyList<LabelEntry> Entries, IReadOnlyList<int>? RegionsClassOrder = null)
{
    /// <summary>Name of the label of voxels that training passes over.</summary>
    public const string IgnoreName = "ignore";

    private const string Background = "background";

    /// <summary>Labels of one value each.</summary>
    public static LabelScheme Plain(IEnumerable<KeyValuePair<string, int>> labels) => new([.. labels.Select(label => new LabelEntry(label.Key, [label.Value]))]);

    /// <summary>Whether the labels are regions.</summary>
    public bool HasRegions => Entries.Any(entry => entry.Values.Count > 1);

    /// <summary>The value of voxels that training passes over, or null.</summary>
    public int? Ignore => Entries.FirstOrDefault(entry => entry.Name == IgnoreName)?.Values[0];

    /// <summary>What is to be segmented: all entries but background and "ignore", classes by their value, regions in the file's order.</summary>
    public IReadOnlyList<LabelEntry> Foreground
    {
        get
        {
            var foreground = Entries.Where(entry => entry.Name is not (Background or IgnoreName));
            return [.. HasRegions ? foreground : foreground.OrderBy(entry => entry.Values[0])];
        }
    }

    /// <summary>Outputs of a network: one for each region, or one for each class and the background.</summary>
    public int Outputs => Foreground.Count + (HasRegions ? 0 : 1);

    /// <summary>The value to write into a label map for each of <see cref="Foreground"/>.</summary>
    public IReadOnlyList<int> Written => HasRegions ? RegionsClassOrder ?? [] : [.. Foreground.Select(entry => entry.Values[0])];

    /// <summary>How many values a voxel that is labelled may have besides 0: what a cascade's second stage gets as channels.</summary>
    public int ForegroundValues => Values.Count(value => value != 0 && value != Ignore);

    /// <summary>All values that a label map may hold.</summary>
    public IReadOnlySet<int> Values => Entries.SelectMany(entry => entry.Values).ToHashSet();

    /// <summary>What contradicts itself, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Entries.Any(entry => entry.Values.Count == 0 || entry.Values.Any(value => value is < 0 or > byte.MaxValue)))
        {
            yield return "\"labels\" must be whole numbers from 0 to 255, or lists of them.";
            yield break;
        }

        if (!Entries.Any(entry => entry is { Name: Background, Values: [0] }))
        {
            yield return "\"labels\" must hold \"background\": 0.";
        }

        if (Foreground.Count == 0)
        {
            yield return "\"labels\" must name something besides background.";
        }

        if (Entries.Any(entry => entry.Name == IgnoreName && entry.Values.Count > 1) || (Ignore is { } ignore && ignore != Values.Max()))
        {
            yield return $"the label \"{IgnoreName}\" must be one value, the highest of all.";
        }

        if (HasRegions && (RegionsClassOrder?.Count != Foreground.Count || RegionsClassOrder.Any(value => !Values.Contains(value) || value == 0)))
        {
            yield return $"\"regions_class_order\" must hold one label value for each of the {Foreground.Count} regions ({string.Join(", ", Foreground.Select(entry => entry.Name))}), "
                + "in their order: later ones overwrite earlier ones.";
        }

        if (!HasRegions && Entries.Select(entry => entry.Values[0]).Distinct().Count() < Entries.Count)
        {
            yield return "two \"labels\" have the same value.";
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Entries);
}
