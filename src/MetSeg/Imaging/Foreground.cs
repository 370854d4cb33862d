using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Tells what an image shows from what surrounds it, without knowing which. What lies above Otsu's threshold is foreground. But where most of
/// the rest is one and the same value and hardly any voxel is near it, the background has been blanked (a skull-stripped brain), and all
/// that is not blank is foreground, dark tissue included: around whole heads the scanner's noise fills the range above 0.
/// </summary>
/// <remarks>
/// "Near" is within a quarter of the way to the threshold, "hardly any" fewer than a tenth of the bright voxels: in our test data at most
/// 0.04 around stripped brains on T1 (0.07 on FLAIR) and at least 0.14 around whole heads.
/// </remarks>
public static class Foreground
{
    private const double NearShare = 0.25;
    private const double MostNear = 0.1;

    /// <summary>Marks the foreground.</summary>
    /// <param name="volume">The image. What is not finite is background; a NaN background counts as blanked.</param>
    /// <returns>1 in the foreground, else 0. Where all intensities are the same, all of it is foreground.</returns>
    public static LabelMap Find(Volume volume)
    {
        var voxels = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        var threshold = OtsuThreshold.Compute(volume);
        var (mostCommon, bright) = LookAtDark(voxels, threshold);
        var isBlanked = bright > 0 && IsBlank(voxels, mostCommon, threshold, bright);
        var above = isBlanked || bright == 0 ? double.NegativeInfinity : threshold;
        var mask = new byte[voxels.Length];
        Parallel.For(0, volume.Grid.Size.Z, z =>
        {
            var slice = volume.Grid.Size.X * volume.Grid.Size.Y;
            for (var i = z * slice; i < (z + 1) * slice; i++)
            {
                mask[i] = (byte)(voxels[i] > above && float.IsFinite(voxels[i]) && !(isBlanked && voxels[i] == mostCommon) ? 1 : 0);
            }
        });
        return new LabelMap(volume.Grid, mask);
    }

    /// <summary>Marks what is not 0.</summary>
    /// <param name="volume">The image.</param>
    /// <returns>1 where the intensity is finite and not 0, else 0.</returns>
    public static LabelMap FindNonzero(Volume volume)
    {
        var mask = new byte[volume.Voxels.Length];
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = (byte)(volume.Voxels[i] != 0 && float.IsFinite(volume.Voxels[i]) ? 1 : 0);
        }

        return new LabelMap(volume.Grid, mask);
    }

    /// <summary>The one value that more than half of the dark voxels may have, and how many voxels are bright.</summary>
    /// <remarks>Boyer, Moore: MJRTY, a fast majority vote algorithm, 1981.</remarks>
    private static (float MostCommon, int Bright) LookAtDark(float[] voxels, double threshold)
    {
        var (candidate, votes, bright) = (0f, 0, 0);
        foreach (var value in voxels)
        {
            if (value > threshold && float.IsFinite(value))
            {
                bright++;
                continue;
            }

            candidate = votes == 0 ? value : candidate;
            votes += value.Equals(candidate) ? 1 : -1;
        }

        return (candidate, bright);
    }

    private static bool IsBlank(float[] voxels, float candidate, double threshold, int bright)
    {
        var (same, near) = (0, 0);
        var reach = NearShare * (threshold - candidate);
        foreach (var value in voxels)
        {
            if (value.Equals(candidate))
            {
                same++;
            }
            else if (Math.Abs(value - candidate) <= reach)
            {
                near++;
            }
        }

        return 2 * (long)same > voxels.Length - bright && near < MostNear * bright;
    }
}
