using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>
/// The folds of the cerebrum: how far a point lies from the fluid of the surface, the sulci, the fissure between the hemispheres and the
/// Sylvian fissures. Sulci are radial sheets below the lines where a random field on the brain's surface changes its sign.
/// </summary>
internal sealed class Cortex
{
    private const float SulcusHalfWidth = 0.7f;
    private const float FoldScale = 4;
    private const float Bend = 0.55f;
    private readonly Ellipsoid envelope;
    private readonly Ellipsoid center;
    private readonly RandomField folds;
    private readonly RandomField depths;
    private readonly float widening;

    /// <summary>Draws the folds of one patient.</summary>
    /// <param name="random">Where they come from.</param>
    /// <param name="envelope">The smooth surface around the cerebrum, on which the pattern lies.</param>
    /// <param name="center">The part that the fissure between the hemispheres does not enter: corpus callosum and diencephalon.</param>
    public Cortex(Random random, Ellipsoid envelope, Ellipsoid center)
    {
        (this.envelope, this.center) = (envelope, center);
        folds = new RandomField(random, 100, FoldScale).DistanceToZero();
        depths = new RandomField(random, 100, 14);
        widening = random.Between(0, 0.6);
    }

    /// <summary>Distance to the nearest fluid of the surface in mm; negative in it.</summary>
    /// <param name="point">A point of the cerebrum, head coordinates.</param>
    /// <param name="depth">How deep it lies below the envelope, in mm.</param>
    public float DistanceToFluid(Vector3 point, float depth)
    {
        var nearest = MathF.Min(depth, MathF.Min(HemisphericFissure(point), SylvianFissure(point)));
        return depth < 28 ? MathF.Min(nearest, Sulcus(point, depth)) : nearest;
    }

    /// <summary>Whether the point belongs to the falx, the sheet of dura between the hemispheres.</summary>
    public bool IsFalx(Vector3 point) => MathF.Abs(point.X) < 0.6f && point.Z > -12 && center.Distance(point) > 6;

    /// <summary>The pattern changes inward at <see cref="Bend"/> of the pace at which it changes along the surface, so that sulci wind.</summary>
    private float Sulcus(Vector3 point, float depth)
    {
        var surface = envelope.Project(point);
        var reach = Math.Clamp(15 + (5 * depths.At(surface)), 5, 24);
        return ToSheet(MathF.Abs(folds.At(Vector3.Lerp(surface, point, Bend))), SulcusHalfWidth + widening, depth - reach);
    }

    private float HemisphericFissure(Vector3 point) => ToSheet(MathF.Abs(point.X), 1 + widening, -center.Distance(point));

    private float SylvianFissure(Vector3 point)
    {
        var above = MathF.Abs(point.Z + 13 - (0.25f * point.Y));
        var beyondEdge = MathF.Max(31 - MathF.Abs(point.X), MathF.Abs(point.Y + 2) - 32);
        return ToSheet(above, 1.1f + widening, beyondEdge);
    }

    /// <summary>Distance to a fluid-filled sheet; negative in it.</summary>
    /// <param name="across">Distance to the sheet's middle.</param>
    /// <param name="halfWidth">Half its thickness.</param>
    /// <param name="beyondEdge">Distance beyond the sheet's edge; not positive where the sheet is.</param>
    private static float ToSheet(float across, float halfWidth, float beyondEdge)
    {
        var outside = across - halfWidth;
        return beyondEdge <= 0 ? outside : MathF.Sqrt((MathF.Max(outside, 0) * MathF.Max(outside, 0)) + (beyondEdge * beyondEdge));
    }
}
