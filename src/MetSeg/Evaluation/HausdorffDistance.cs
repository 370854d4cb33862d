using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>
/// Robust Hausdorff distance: a percentile of the distances in each direction, and the larger of the two; or, as MedPy, the percentile of
/// both directions pooled, which hides a missed lesion behind many that match.
/// </summary>
/// <remarks>Huttenlocher, Klanderman, Rucklidge, IEEE T Pattern Anal 1993;15:850; conventions as google-deepmind/surface-distance.</remarks>
public static class HausdorffDistance
{
    /// <summary>Computes it by the options' percentile, directions and reading.</summary>
    /// <param name="distances">Distances of the surface elements of reference and prediction, in mm.</param>
    /// <param name="options">How to read them.</param>
    /// <returns>A distance in mm; NaN where either surface is empty.</returns>
    public static double Compute(SurfaceDistances distances, SurfaceOptions options) => Compute(distances, options, options.Percentile);

    /// <summary>Computes it at another percentile than the options'; 100 is the plain Hausdorff distance.</summary>
    /// <param name="distances">Distances of the surface elements of reference and prediction, in mm.</param>
    /// <param name="options">Says how the directions are joined and a percentile is read.</param>
    /// <param name="percentile">From 0 to 100.</param>
    /// <returns>A distance in mm; NaN where either surface is empty.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percentile"/> is not within 0 and 100.</exception>
    public static double Compute(SurfaceDistances distances, SurfaceOptions options, double percentile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percentile);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percentile, 100);
        var interpolate = options.Reading == PercentileReading.Linear
            || (options.Reading == PercentileReading.AsSurface && options.Kind != SurfaceKind.Surfel);
        var (reference, prediction) = (distances.Reference, distances.Prediction);
        return distances.IsUndefined ? double.NaN
            : options.Directions == SurfaceDirections.Pooled ? reference.With(prediction).Percentile(percentile, interpolate)
            : Math.Max(reference.Percentile(percentile, interpolate), prediction.Percentile(percentile, interpolate));
    }
}
