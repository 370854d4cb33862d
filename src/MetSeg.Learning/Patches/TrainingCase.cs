namespace MetSeg.Learning.Patches;

/// <summary>A preprocessed case as training needs it.</summary>
/// <param name="Id">The case's id.</param>
/// <param name="Domain">The institution's number in the data set.</param>
/// <param name="Channels">The preprocessed channels, all on one grid.</param>
/// <param name="Label">The reference on the same grid.</param>
/// <param name="Foreground">Per class the flat indices of some of its voxels (x fastest); classes without voxels are absent.</param>
public sealed record TrainingCase(
    string Id,
    int Domain,
    IReadOnlyList<Volume> Channels,
    LabelMap Label,
    IReadOnlyDictionary<int, IReadOnlyList<int>> Foreground)
{
    /// <summary>Memory that the voxels take, in bytes.</summary>
    public long Bytes => Label.Labels.Length * (1L + (4L * Channels.Count));
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
