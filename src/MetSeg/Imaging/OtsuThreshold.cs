using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>The intensity that best parts an image into dark and bright: the variance between the two classes is largest.</summary>
/// <remarks>Otsu, IEEE T Syst Man Cybern 1979;9:62. Same as skimage.filters.threshold_otsu(image, nbins=1024) for floating-point images.</remarks>
public static class OtsuThreshold
{
    private const int Bins = 1024;

    /// <summary>Computes the threshold from 1024 equal bins between the smallest and the largest intensity.</summary>
    /// <param name="volume">The image; what is not finite is passed over.</param>
    /// <returns>
    /// The center of the last bin of the dark class: bright is what lies above. The intensity itself where all are the same, NaN where none is
    /// finite.
    /// </returns>
    public static double Compute(Volume volume)
    {
        var voxels = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in voxels)
        {
            if (float.IsFinite(value))
            {
                (low, high) = (MathF.Min(low, value), MathF.Max(high, value));
            }
        }

        if (!(high > low))
        {
            return high == low ? low : double.NaN;
        }

        var width = ((double)high - low) / Bins;
        return low + ((LastDarkBin(Histogram(voxels, low, width)) + 0.5) * width);
    }

    private static long[] Histogram(float[] voxels, double low, double width)
    {
        var histogram = new long[Bins];
        foreach (var value in voxels)
        {
            if (float.IsFinite(value))
            {
                histogram[Math.Min((int)((value - low) / width), Bins - 1)]++;
            }
        }

        return histogram;
    }

    private static int LastDarkBin(long[] histogram)
    {
        double all = 0, allMoments = 0;
        for (var i = 0; i < Bins; i++)
        {
            (all, allMoments) = (all + histogram[i], allMoments + ((double)i * histogram[i]));
        }

        var (best, bestVariance) = (0, -1.0);
        double dark = 0, darkMoments = 0;
        for (var i = 0; i < Bins - 1; i++)
        {
            (dark, darkMoments) = (dark + histogram[i], darkMoments + ((double)i * histogram[i]));
            var difference = (darkMoments / dark) - ((allMoments - darkMoments) / (all - dark));
            var variance = dark * (all - dark) * difference * difference;
            (best, bestVariance) = variance > bestVariance ? (i, variance) : (best, bestVariance);
        }

        return best;
    }
}
