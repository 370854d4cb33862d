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

    /// <summary>1 in what is not background, else 0.</summary>
    public static LabelMap Inside(Volume volume)
    {
        var background = Of(volume);
        var inside = new byte[volume.Voxels.Length];
        for (var i = 0; i < inside.Length; i++)
        {
            inside[i] = volume.Voxels[i] == background ? (byte)0 : (byte)1;
        }

        return new LabelMap(volume.Grid, inside);
    }

    /// <summary>A harmonized volume with the background of its original.</summary>
    public static Volume Keep(Volume original, Volume harmonized)
    {
        if (Of(original) is not { } background)
        {
            return harmonized;
        }

        var voxels = harmonized.Voxels.ToArray();
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = original.Voxels[i] == background ? background : voxels[i];
        }

        return new Volume(original.Grid, voxels);
    }
}
