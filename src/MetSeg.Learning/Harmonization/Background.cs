using System.Runtime.InteropServices;

namespace MetSeg.Learning.Harmonization;

/// <summary>Finds the value that a preprocessed volume has where there is no head.</summary>
internal static class Background
{
    private const double LeastShare = 0.02;

    /// <summary>The most frequent value where it fills more than 2 % of the volume, else null.</summary>
    public static float? Of(Volume volume)
    {
        var counts = new Dictionary<float, int>();
        foreach (var value in volume.Voxels)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, value, out _)++;
        }

        var (background, count) = counts.MaxBy(pair => pair.Value);
        return count < LeastShare * volume.Voxels.Length ? null : background;
    }
}
