using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>What is done with the distances of the two directions, reference to prediction and back.</summary>
public enum SurfaceDirections
{
    /// <summary>A percentile is taken in each direction and the larger one counts; mean distances are averaged (surface-distance, MONAI).</summary>
    Separate,

    /// <summary>
    /// Percentile and mean are those of all distances of both directions together (MedPy). It hides a missed or an invented lesion behind
    /// many that match.
    /// </summary>
    Pooled,
}

/// <summary>How a percentile of distances is read.</summary>
public enum PercentileReading
{
    /// <summary>Of surfels by steps, of border voxels by interpolation: each as the tools that use it.</summary>
    AsSurface,

    /// <summary>The first distance at which the cumulated area reaches the share.</summary>
    Step,

    /// <summary>Interpolated linearly between elements, whatever their areas.</summary>
    Linear,
}

/// <summary>How the surfaces of reference and prediction are compared. The same masks give HD95s that differ tenfold by these choices.</summary>
public sealed record SurfaceOptions
{
    /// <summary>How surfaces are taken. The default is surfels.</summary>
    public SurfaceKind Kind { get; init; } = SurfaceKind.Surfel;

    /// <summary>How the two directions are joined. The default is separate.</summary>
    public SurfaceDirections Directions { get; init; } = SurfaceDirections.Separate;

    /// <summary>How a percentile is read. The default follows the surface.</summary>
    public PercentileReading Reading { get; init; } = PercentileReading.AsSurface;

    /// <summary>Percentile of the robust Hausdorff distance. The default is 95.</summary>
    public double Percentile { get; init; } = 95;

    /// <summary>Largest distance that counts as agreement in surface Dice, in mm. The default is 1.</summary>
    public double ToleranceMm { get; init; } = 1;

    /// <summary>Everything that is wrong, one sentence a fault.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(Percentile is > 0 and <= 100))
        {
            yield return $"percentile must be above 0 and at most 100, not {Percentile}.";
        }

        if (!(ToleranceMm >= 0 && double.IsFinite(ToleranceMm)))
        {
            yield return $"toleranceMm must be 0 or more, not {ToleranceMm}.";
        }
    }
}
