namespace MetSeg.Evaluation;

/// <summary>
/// Seven statistics of an image's intensities, over the voxels that are not 0: the features from which paper P1's domain classifier tells
/// hospitals apart before harmonization.
/// </summary>
/// <param name="Mean">Mean.</param>
/// <param name="Sd">Population standard deviation.</param>
/// <param name="Minimum">Smallest value.</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="Median">Median.</param>
/// <param name="Percentile25">25th percentile, interpolated linearly.</param>
/// <param name="Percentile75">75th percentile, interpolated linearly.</param>
public sealed record ImageStatistics(
    double Mean, double Sd, double Minimum, double Maximum, double Median, double Percentile25, double Percentile75)
{
    /// <summary>Names of the statistics, in the order of <see cref="ToArray"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["mean", "sd", "min", "max", "median", "p25", "p75"];

    /// <summary>Computes the statistics of a volume.</summary>
    /// <exception cref="MetSegException">Every voxel is 0 or not finite.</exception>
    public static ImageStatistics Of(Volume volume)
    {
        var values = new double[volume.Voxels.Length];
        var count = 0;
        foreach (var voxel in volume.Voxels.AsSpan())
        {
            if (voxel != 0 && float.IsFinite(voxel))
            {
                values[count++] = voxel;
            }
        }

        if (count == 0)
        {
            throw new MetSegException("An image has no voxel other than 0, so it has no intensity statistics; check that it is the right file.");
        }

        var foreground = values.AsSpan(0, count);
        foreground.Sort();
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in foreground)
        {
            sum += value;
        }

        foreach (var value in foreground)
        {
            squares += (value - (sum / count)) * (value - (sum / count));
        }

        return new ImageStatistics(
            sum / count, Math.Sqrt(squares / count), foreground[0], foreground[^1],
            Quantile.OfSorted(foreground, 0.5), Quantile.OfSorted(foreground, 0.25), Quantile.OfSorted(foreground, 0.75));
    }

    /// <summary>The seven numbers as a feature vector.</summary>
    public double[] ToArray() => [Mean, Sd, Minimum, Maximum, Median, Percentile25, Percentile75];
}
