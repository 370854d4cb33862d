using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>
/// The folds of the cerebrum: how far a point lies from the fluid of the surface, the sulci, the fissure between the hemispheres and the
/// Sylvian fissures. Sulci are sheets that run inward from the lines where a random field on the brain's surface changes its sign, both from the
/// outer and from the medial surface.
/// </summary>
internal sealed class Cortex
{
    private const float SulcusHalfWidth = 0.3f;
    private const float FoldScale = 2.6f;
    private const float Bend = 0.6f;
    private const float Deepest = 30;
    private readonly Ellipsoid envelope;
    private readonly RandomField folds;
    private readonly RandomField depths;
    private readonly float widening;

    /// <summary>The part that the fissure between the hemispheres does not enter: corpus callosum and all below it.</summary>
    private static readonly Ellipsoid center = new(new(0, -5, -3), new(34, 40, 28));

    /// <summary>Draws the folds of one patient.</summary>
    /// <param name="random">Where they come from.</param>
    /// <param name="envelope">The smooth surface around the cerebrum, on which the pattern lies.</param>
    /// <param name="atrophy">0 to 1: how much wider than in the young sulci are.</param>
    public Cortex(Random random, Ellipsoid envelope, float atrophy)
    {
        this.envelope = envelope;
        folds = new RandomField(random, 92, FoldScale).DistanceToZero();
        depths = new RandomField(random, 92, 9);
        widening = 0.75f * atrophy;
    }

    /// <summary>Distance to the nearest fluid of the surface in mm; negative in it.</summary>
    /// <param name="point">A point of the cerebrum, head coordinates.</param>
    /// <param name="depth">How deep it lies below the surface, in mm.</param>
    public float DistanceToFluid(Vector3 point, float depth)
    {
        var variation = depths.At(point);
        var fissures = MathF.Min(HemisphericFissure(point), SylvianFissure(point, variation));
        var nearest = MathF.Min(depth, fissures);
        if (depth < Deepest)
        {
            nearest = MathF.Min(nearest, Sulcus(point, envelope.Project(point), depth, 18 + (6 * variation)));
        }

        var aside = MathF.Abs(point.X);
        return aside < 18 && center.Distance(point) > 1
            ? MathF.Min(nearest, Sulcus(point, point with { X = 0 }, aside, MathF.Min(9 + (4 * variation), center.Distance(point) + 2)))
            : nearest;
    }

    /// <summary>Whether the point belongs to the falx, the sheet of dura between the hemispheres; it is lowest behind.</summary>
    public static bool IsFalx(Vector3 point) =>
        MathF.Abs(point.X) < 0.5f && point.Z > -10 && center.Distance(point) > 4 + (0.1f * MathF.Max(point.Y + 40, 0));

    /// <summary>The pattern changes inward at <see cref="Bend"/> of the pace at which it changes along the surface, so that sulci wind.</summary>
    private float Sulcus(Vector3 point, Vector3 surface, float depth, float reach)
    {
        var bounded = Math.Clamp(reach, 3, 24);
        var across = MathF.Abs(folds.At(Vector3.Lerp(surface, point, Bend)));
        return ToSheet(across, SulcusHalfWidth + (widening * (1 - (0.6f * depth / bounded))), depth - bounded);
    }

    private float HemisphericFissure(Vector3 point) =>
        ToSheet(MathF.Abs(point.X), 0.7f + widening, -center.Distance(point));

    /// <summary>Across the side of the brain to the insula, and from there up and down along it.</summary>
    private float SylvianFissure(Vector3 point, float variation)
    {
        var aside = MathF.Abs(point.X);
        if (aside < 26 || MathF.Abs(point.Z + 8) > 26)
        {
            return float.PositiveInfinity;
        }

        var above = point.Z + 9 - (0.28f * (-point.Y + 4)) + (3 * variation);
        var lengthwise = MathF.Abs(point.Y + 2) - 28;
        var beyondOpening = MathF.Max(38 - aside, lengthwise);
        var opening = ToSheet(MathF.Abs(above), 0.6f + widening, beyondOpening);
        var beyondInsula = MathF.Max(MathF.Abs(above - 1) - (11 - (0.18f * MathF.Abs(point.Y))), lengthwise + 4);
        var insula = ToSheet(MathF.Abs(aside - 38.5f - (2.4f * variation)), 0.5f + widening, beyondInsula);
        return MathF.Min(opening, insula);
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
