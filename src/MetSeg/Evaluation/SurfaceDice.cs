namespace MetSeg.Evaluation;

/// <summary>Normalized surface Dice: the share of both surfaces that lies within a tolerance of the other.</summary>
/// <remarks>Nikolov et al., J Med Internet Res 2021;23(7):e26151.</remarks>
public static class SurfaceDice
{
    /// <summary>Computes it from distances between surfaces.</summary>
    /// <param name="distances">Distances and areas of the surface elements of reference and prediction (mm, mm²).</param>
    /// <param name="toleranceMm">Largest distance that counts as agreement, in mm; not negative.</param>
    /// <returns>A value in [0, 1]; NaN where both surfaces are empty, 0 where only one is.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="toleranceMm"/> is negative.</exception>
    public static double Compute(SurfaceDistances distances, double toleranceMm)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(toleranceMm);
        var (reference, prediction) = (distances.Reference, distances.Prediction);
        return (reference.AreaWithin(toleranceMm) + prediction.AreaWithin(toleranceMm)) / (reference.Area + prediction.Area);
    }
}
