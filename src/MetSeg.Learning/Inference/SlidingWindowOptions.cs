using System.Text.Json.Serialization;

namespace MetSeg.Learning.Inference;

/// <summary>How a volume is cut into overlapping tiles for a network, and how their results are blended.</summary>
public sealed record SlidingWindowOptions
{
    /// <summary>Step between tiles as a share of the tile. The default is 0.5.</summary>
    public double Step { get; init; } = 0.5;

    /// <summary>Whether the mean over all flips of <see cref="Axes"/> is taken: eight passes for three axes. The default is true.</summary>
    public bool Mirroring { get; init; } = true;

    /// <summary>The axes that mirroring flips: those that the model saw mirrored. The default is all; it is the model's, so no file names it.</summary>
    [JsonIgnore]
    public MirroringAxes Axes { get; init; } = MirroringAxes.All;

    /// <summary>Whether the network's outputs are regions, so that none of them is the background. The default is false; it is the model's, too.</summary>
    [JsonIgnore]
    public bool HasRegions { get; init; }

    /// <summary>Told how many of the network's passes are done; null (default) for nobody.</summary>
    [JsonIgnore]
    public IProgress<(int Done, int Total)>? Progress { get; init; }

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Step is not (> 0 and <= 1))
        {
            yield return $"step must be above 0 and at most 1, not {Step}.";
        }
    }
}

/// <summary>Axes of an image tensor, counted behind sample and channel.</summary>
[Flags]
public enum MirroringAxes
{
    /// <summary>No axis.</summary>
    None = 0,

    /// <summary>The first: z, unless the plans reorder the axes.</summary>
    First = 1,

    /// <summary>The second: y, unless the plans reorder the axes.</summary>
    Second = 2,

    /// <summary>The third: x, unless the plans reorder the axes.</summary>
    Third = 4,

    /// <summary>All three.</summary>
    All = First | Second | Third,
}
