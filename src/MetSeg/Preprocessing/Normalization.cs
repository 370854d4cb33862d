using MetSeg.Imaging;

namespace MetSeg.Preprocessing;

/// <summary>How a channel's intensities are brought to a common scale; the names are nnU-Net's.</summary>
public enum Normalization
{
    /// <summary>Subtract the image's mean and divide by its standard deviation.</summary>
    ZScoreNormalization,

    /// <summary>Clip to the data set's 0.5th and 99.5th foreground percentile, then standardize by its foreground mean and deviation.</summary>
    CTNormalization,

    /// <summary>Leave the intensities as they are.</summary>
    NoNormalization,

    /// <summary>Map the image's range onto [0, 1].</summary>
    RescaleTo01Normalization,

    /// <summary>Divide by 255.</summary>
    RGBTo01Normalization,
}

/// <summary>Chooses and applies intensity normalization as nnU-Net does.</summary>
public static class NormalizationRules
{
    private const double SmallestDeviation = 1e-8;

    /// <summary>The normalization that a channel's name asks for; z-score unless the name is ct, noNorm, rescale_to_0_1 or rgb_to_0_1.</summary>
    public static Normalization ForChannel(string channelName) => channelName.ToUpperInvariant() switch
    {
        "CT" => Normalization.CTNormalization,
        "NONORM" => Normalization.NoNormalization,
        "RESCALE_TO_0_1" => Normalization.RescaleTo01Normalization,
        "RGB_TO_0_1" => Normalization.RGBTo01Normalization,
        _ => Normalization.ZScoreNormalization,
    };

    /// <summary>Normalizes an image.</summary>
    /// <param name="normalization">The scheme.</param>
    /// <param name="volume">The image, cropped.</param>
    /// <param name="inside">
    /// For z-score: statistics come from the voxels that are not 0 here, the others become 0. Null takes the whole image. The other
    /// schemes pass it over.
    /// </param>
    /// <param name="intensities">The data set's foreground intensities: needed by <see cref="Normalization.CTNormalization"/> alone.</param>
    /// <returns>The image on its grid. A constant image becomes 0 (z-score, rescaling).</returns>
    /// <exception cref="ArgumentException">The scheme is CT and <paramref name="intensities"/> is null, or values do not fit RGB.</exception>
    public static Volume Apply(this Normalization normalization, Volume volume, LabelMap? inside, IntensityProperties? intensities) =>
        normalization switch
        {
            Normalization.ZScoreNormalization => IntensityNormalization.ZScore(volume, inside),
            Normalization.CTNormalization => Ct(volume, intensities
                ?? throw new ArgumentException("CT normalization needs the data set's foreground intensities.", nameof(intensities))),
            Normalization.RescaleTo01Normalization => IntensityNormalization.MinMax(volume),
            Normalization.RGBTo01Normalization => Rgb(volume),
            _ => volume,
        };

    private static Volume Ct(Volume volume, IntensityProperties intensities)
    {
        var (low, high, mean) = (intensities.Percentile005, intensities.Percentile995, intensities.Mean);
        var deviation = Math.Max(intensities.StandardDeviation, SmallestDeviation);
        return volume.Map(value => (float)((Math.Clamp(value, low, high) - mean) / deviation));
    }

    private static Volume Rgb(Volume volume)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in volume.Voxels)
        {
            (low, high) = (MathF.Min(low, value), MathF.Max(high, value));
        }

        return low >= 0 && high <= 255
            ? volume.Map(value => value / 255)
            : throw new ArgumentException($"RGB values lie in 0 to 255, not {low} to {high}.", nameof(volume));
    }
}
