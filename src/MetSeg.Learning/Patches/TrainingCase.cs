namespace MetSeg.Learning.Patches;

/// <summary>A preprocessed case as training needs it.</summary>
/// <param name="Id">The case's id.</param>
/// <param name="Domain">The institution's number in the data set.</param>
/// <param name="Channels">The preprocessed channels, all on one grid.</param>
/// <param name="Label">The reference on the same grid; <see cref="Outside"/> outside the nonzero region where channels are masked.</param>
/// <param name="Foreground">
/// Per class or region, from 1, the flat indices of some of its voxels (x fastest); those without voxels are absent. Under 0, where voxels are
/// ignored, some that are not.
/// </param>
public sealed record TrainingCase(
    string Id,
    int Domain,
    IReadOnlyList<Volume> Channels,
    LabelMap Label,
    IReadOnlyDictionary<int, IReadOnlyList<int>> Foreground)
{
    /// <summary>The label of voxels outside the nonzero region, and of what lies beyond the image, where channels are masked.</summary>
    public const byte Outside = byte.MaxValue;

    /// <summary>Per channel whether what lies outside the nonzero region is 0 and stays so whatever is done to the patch; empty where none is.</summary>
    public IReadOnlyList<bool> MaskedChannels { get; init; } = [];

    /// <summary>What the first stage of a cascade found, on the same grid; null without cascade.</summary>
    public LabelMap? Previous { get; init; }

    /// <summary>The label of what lies beyond the image.</summary>
    public byte Beyond => MaskedChannels.Contains(true) ? Outside : (byte)0;

    /// <summary>Memory that the voxels take, in bytes.</summary>
    public long Bytes => Label.Labels.Length * (1L + (4L * Channels.Count) + (Previous is null ? 0 : 1));
}

/// <summary>
/// Loads cases once and keeps them while they fit into a budget of memory; later ones are read anew each time. Several threads may ask at once.
/// </summary>
/// <param name="load">Reads a case by its number.</param>
/// <param name="count">Number of cases.</param>
/// <param name="budgetBytes">Memory that kept cases may take.</param>
public sealed class CaseCache(Func<int, TrainingCase> load, int count, long budgetBytes)
{
    private readonly TrainingCase?[] kept = new TrainingCase?[count];
    private long bytes;

    /// <summary>Number of cases.</summary>
    public int Count => kept.Length;

    /// <summary>The case with a number from 0 to <see cref="Count"/> − 1.</summary>
    public TrainingCase this[int number]
    {
        get
        {
            if (Volatile.Read(ref kept[number]) is { } known)
            {
                return known;
            }

            var loaded = load(number);
            lock (kept)
            {
                if (kept[number] is null && bytes + loaded.Bytes <= budgetBytes)
                {
                    kept[number] = loaded;
                    bytes += loaded.Bytes;
                }
            }

            return loaded;
        }
    }
}
