using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>The distances from each of two surfaces to the other, from which surface Dice and Hausdorff distance follow.</summary>
/// <param name="Reference">From the reference's surface to the prediction's.</param>
/// <param name="Prediction">From the prediction's surface to the reference's.</param>
public sealed record SurfaceDistances(DirectedDistances Reference, DirectedDistances Prediction)
{
    /// <summary>Whether a surface is empty, so that no distance is defined.</summary>
    public bool IsUndefined => Reference.Count == 0 || Prediction.Count == 0;

    /// <summary>Measures between the surfaces of everything that is not background.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="prediction">The prediction, on the same grid.</param>
    /// <param name="kind">How surfaces are taken.</param>
    /// <exception cref="GridMismatchException">The masks lie on different grids.</exception>
    public static SurfaceDistances Compute(LabelMap reference, LabelMap prediction, SurfaceKind kind = SurfaceKind.Surfel) =>
        Compute(MaskPair.Of(reference, prediction), kind);

    internal static SurfaceDistances Compute(MaskPair pair, SurfaceKind kind)
    {
        var spacing = pair.Grid.Spacing;
        var reference = Surface.Of(pair.Reference, pair.Size, spacing, kind);
        var prediction = Surface.Of(pair.Prediction, pair.Size, spacing, kind);
        return new SurfaceDistances(Measure(reference, prediction, spacing), Measure(prediction, reference, spacing));
    }

    /// <summary>An empty other surface is infinitely far by definition, not by computation.</summary>
    private static DirectedDistances Measure(Surface from, Surface to, Spacing spacing)
    {
        if (from.Places.Length == 0 || to.Places.Length == 0)
        {
            return new DirectedDistances([.. Enumerable.Repeat(double.PositiveInfinity, from.Places.Length)], from.Areas);
        }

        return new DirectedDistances(new NearestPoints(to.Places, to.Lattice, spacing).DistancesFrom(from.Places), from.Areas);
    }
}
