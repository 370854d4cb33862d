namespace MetSeg.Evaluation;

/// <summary>
/// Robust Hausdorff distance: a percentile of the distances in each direction, and the larger of the two. Percentiles of both directions
/// pooled, as MedPy takes them, hide a missed lesion behind many that match.
/// </summary>
/// <remarks>Huttenlocher, Klanderman, Rucklidge, IEEE T Pattern Anal 1993;15:850; conventions as google-deepmind/surface-distance.</remarks>
public static class HausdorffDistance
{
    /// <summary>Computes it from distances between surfaces.</summary>
    /// <param name="distances">Distances of the surface elements of reference and prediction, in mm.</param>
    /// <param name="percentile">From 0 to 100; 100 is the plain Hausdorff distance. The default, 95, is the field's HD95.</param>
    /// <returns>A distance in mm; NaN where either surface is empty.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percentile"/> is not within 0 and 100.</exception>
    public static double Compute(SurfaceDistances distances, double percentile = 95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percentile);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percentile, 100);
        return Math.Max(distances.Reference.Percentile(percentile), distances.Prediction.Percentile(percentile));
    }
}
