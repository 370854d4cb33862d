namespace MetSeg.Evaluation;

/// <summary>
/// Mean distance between the surfaces, weighted by area. Directions apart it is the mean of the two directions' means (segmentationmetrics;
/// MetricsReloaded's MASD), pooled it is the mean of all elements together (MedPy's ASSD).
/// </summary>
public static class MeanSurfaceDistance
{
    /// <summary>Computes it from distances between surfaces.</summary>
    /// <param name="distances">Distances and areas of the surface elements of reference and prediction (mm, mm²).</param>
    /// <param name="options">Says how the directions are joined.</param>
    /// <returns>A distance in mm; NaN where either surface is empty.</returns>
    public static double Compute(SurfaceDistances distances, SurfaceOptions options)
    {
        var (reference, prediction) = (distances.Reference, distances.Prediction);
        return distances.IsUndefined ? double.NaN
            : options.Directions == SurfaceDirections.Separate ? (reference.Mean + prediction.Mean) / 2
            : ((reference.Mean * reference.Area) + (prediction.Mean * prediction.Area)) / (reference.Area + prediction.Area);
    }
}
