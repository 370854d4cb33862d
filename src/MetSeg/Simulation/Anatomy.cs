using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>
/// The head of one simulated patient, as a function of space in head coordinates (mm; x right, y front, z up, origin in the middle of the
/// brain): scalp, skull, dura, folded cortex, white matter, deep nuclei, ventricles, cerebellum, brain stem and the course of the vessels.
/// There is no face. All lengths are our choice, after textbook dimensions of the adult brain.
/// </summary>
public sealed class Anatomy
{
    private const float FluidLayer = 1.8f;
    private const float DuraEnd = 3;
    private const float SkullEnd = 9;
    private const float ScalpEnd = 14;
    private const float Deformation = 0.022f;
    private static readonly Ellipsoid cerebrum = new(new(0, 0, 6), new(67, 79, 56));
    private static readonly Ellipsoid temporalLobe = new(new(40, 4, -22), new(25, 45, 21));
    private static readonly Ellipsoid cerebellum = new(new(22, -45, -35), new(29, 33, 25));
    private static readonly Ellipsoid vermis = new(new(0, -45, -31), new(14, 29, 23));
    private static readonly Ellipsoid center = new(new(0, -6, 2), new(30, 46, 23));
    private static readonly Ellipsoid[] nuclei =
    [
        new(new(14, 15, 8), new(4.5f, 14, 8)), new(new(25, 3, 0), new(7, 16, 9)), new(new(11, -15, 3), new(9, 14, 9)),
    ];

    private static readonly Tube brainStem = new([new(0, -10, -14), new(0, -12, -30), new(0, -17, -48), new(0, -20, -90)], [13, 14, 10, 7]);
    private readonly Cortex cortex;
    private readonly RandomField swelling;
    private readonly Vector3 scale;
    private readonly Tube[] ventricles;
    private readonly Ellipsoid[] midlineVentricles;
    private readonly float cortexThickness;

    private Anatomy(Random random)
    {
        var overall = random.Between(0.96, 1.03);
        scale = overall * new Vector3(random.Between(0.97, 1.03), random.Between(0.97, 1.02), random.Between(0.97, 1.03));
        swelling = new RandomField(random, 110, 28);
        cortex = new Cortex(random, cerebrum, center);
        cortexThickness = random.Between(2.4, 3.0);
        var width = random.Between(0.7, 1.5);
        ventricles = [LateralVentricle(width * random.Between(0.9, 1.1)), LateralVentricle(width * random.Between(0.9, 1.1)).Mirrored()];
        midlineVentricles = [new(new(0, -6, -2), new(1.5f + width, 14, 10)), new(new(0, -27, -34), new(5 * width, 3.5f, 8))];
        Vessels = [.. VesselTree.Draw(random, cerebrum).Select(tube => tube.Map(FromTemplate))];
    }

    /// <summary>The vessels' courses, in head coordinates.</summary>
    internal IReadOnlyList<Tube> Vessels { get; }

    /// <summary>Draws a patient: size, shape, asymmetry, folds, ventricles and vessels.</summary>
    public static Anatomy Draw(Random random) => new(random);

    /// <summary>What is at a point of the head, vessels and metastases left out.</summary>
    /// <param name="point">Head coordinates, mm.</param>
    public AnatomicalPoint Look(Vector3 point)
    {
        if (IsFarOutside(point))
        {
            return Bare(Tissue.Air, float.NegativeInfinity);
        }

        var place = ToTemplate(point);
        var folded = new Vector3(MathF.Abs(place.X), place.Y, place.Z);
        var (cerebral, cerebellar, stem) = (Cerebral(folded), Cerebellar(folded), Stem(place));
        var outside = MathF.Min(cerebral, MathF.Min(cerebellar, stem));
        return outside > 0 ? Bare(Around(place, folded, outside), -outside)
            : stem < 0 ? Bare(InVentricle(place) ? Tissue.CerebrospinalFluid : Tissue.WhiteMatter, -outside)
            : stem < 1.5f && place.Z < -10 ? Bare(Tissue.CerebrospinalFluid, -outside)
            : cerebral < 0 ? InCerebrum(place, folded, -cerebral)
            : cerebral < 1.5f ? Bare(Tissue.Dura, -outside)
            : InCerebellum(place, -cerebellar);
    }

    /// <summary>A point of this patient's head in the common coordinates in which the shapes are described.</summary>
    private Vector3 ToTemplate(Vector3 point) => point / scale * (1 + (Deformation * swelling.At(point)));

    /// <summary>The inverse, by three steps of a fixed-point iteration: the deformation is a few percent and changes slowly.</summary>
    private Vector3 FromTemplate(Vector3 place)
    {
        var point = place;
        for (var step = 0; step < 3; step++)
        {
            point = place * scale / (1 + (Deformation * swelling.At(point)));
        }

        return point;
    }

    /// <summary>Whether a point lies beyond the largest head that can be drawn: a quick answer for half of the field of view.</summary>
    private static bool IsFarOutside(Vector3 point) =>
        point.Z > -40 && ((point - cerebrum.Center) / (cerebrum.Radii + new Vector3(ScalpEnd + 14))).LengthSquared() > 1;

    private AnatomicalPoint InCerebrum(Vector3 place, Vector3 folded, float depth)
    {
        if (depth > 8 && InVentricle(place))
        {
            return Bare(Tissue.CerebrospinalFluid, depth);
        }

        foreach (var nucleus in nuclei)
        {
            if (depth > 8 && nucleus.Distance(folded) < 0)
            {
                return Bare(Tissue.DeepGrayMatter, depth);
            }
        }

        var fluid = cortex.DistanceToFluid(place, depth);
        var tissue = fluid < 0 ? cortex.IsFalx(place) ? Tissue.Dura : Tissue.CerebrospinalFluid
            : fluid < cortexThickness ? Tissue.GrayMatter : Tissue.WhiteMatter;
        return new AnatomicalPoint(tissue, depth, MathF.Abs(fluid - cortexThickness));
    }

    /// <summary>A core of white matter under a cortex whose leaves run across.</summary>
    private AnatomicalPoint InCerebellum(Vector3 place, float depth)
    {
        var leaf = MathF.Sin((1.1f * (place.Z + (0.35f * place.Y))) + (1.5f * swelling.At(4 * place)));
        var isWhite = depth > 11 || (depth > 3.5f && leaf > 0.55f);
        return new AnatomicalPoint(
            isWhite ? Tissue.WhiteMatter : depth < 9 && leaf < -0.9f ? Tissue.CerebrospinalFluid : Tissue.GrayMatter, depth, MathF.Abs(depth - 6));
    }

    private bool InVentricle(Vector3 place) =>
        ventricles[0].Contains(place) || ventricles[1].Contains(place)
        || midlineVentricles[0].Distance(place) < 0 || midlineVentricles[1].Distance(place) < 0;

    private static AnatomicalPoint Bare(Tissue tissue, float depth) => new(tissue, depth, float.PositiveInfinity);

    /// <summary>The layers over the brain; what the brain's own shape leaves hollow below it is bone.</summary>
    private static Tissue Around(Vector3 place, Vector3 folded, float outside)
    {
        if (outside < DuraEnd)
        {
            return outside < FluidLayer ? Tissue.CerebrospinalFluid : Tissue.Dura;
        }

        var hull = outside > 60 ? outside : Hull(folded);
        return hull < SkullEnd ? Tissue.Skull
            : hull < ScalpEnd ? Tissue.Scalp
            : place.Z < -45 && new Vector2(place.X / 48, (place.Y + 25) / 52).LengthSquared() < 1 ? Tissue.Muscle
            : Tissue.Air;
    }

    private static float Hull(Vector3 folded) => Ellipsoid.SmoothUnion(
        Ellipsoid.SmoothUnion(cerebrum.Distance(folded), temporalLobe.Distance(folded), 16), cerebellum.Distance(folded), 24);

    /// <summary>The upper part of the large ellipsoid, down to the base, and the temporal lobes.</summary>
    private static float Cerebral(Vector3 folded)
    {
        var floor = Floor(folded) - folded.Z;
        var upper = -Ellipsoid.SmoothUnion(-cerebrum.Distance(folded), -floor, 10);
        return Ellipsoid.SmoothUnion(upper, temporalLobe.Distance(folded), 6);
    }

    /// <summary>Height of the base: the roofs of the orbits in front, the tent over the cerebellum behind.</summary>
    private static float Floor(Vector3 folded)
    {
        var front = -17 + (0.16f * MathF.Max(folded.Y - 12, 0));
        var tent = -5 - (0.3f * folded.X) - (0.1f * MathF.Max(-45 - folded.Y, 0));
        return float.Lerp(front, tent, Math.Clamp((-folded.Y - 12) / 16, 0, 1));
    }

    private static float Cerebellar(Vector3 folded) => Ellipsoid.SmoothUnion(cerebellum.Distance(folded), vermis.Distance(folded), 5);

    private static float Stem(Vector3 place) =>
        place.Z > -8 ? float.PositiveInfinity : brainStem.Distance(place);

    private static Tube LateralVentricle(float width) => new(
        [new(9, 30, 4), new(10, 14, 12), new(12, -8, 15), new(17, -28, 9), new(30, -16, -12), new(31, 2, -19)],
        [4 * width, 5 * width, 4 * width, 6 * width, 2.5f * width, 1.5f * width]);
}
