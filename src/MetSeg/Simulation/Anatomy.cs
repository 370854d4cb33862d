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
    private static readonly Ellipsoid cerebrum = new(new(0, 0, 6), new(67, 79, 56));
    private static readonly Ellipsoid temporalLobe = new(new(40, 4, -22), new(25, 45, 21));
    private static readonly Ellipsoid cerebellum = new(new(20, -43, -42), new(31, 32, 21));
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
        Vessels = VesselTree.Draw(random, cerebrum);
    }

    /// <summary>The vessels' courses, in the coordinates of <see cref="ToTemplate"/>.</summary>
    internal IReadOnlyList<Tube> Vessels { get; }

    /// <summary>Draws a patient: size, shape, asymmetry, folds, ventricles and vessels.</summary>
    public static Anatomy Draw(Random random) => new(random);

    /// <summary>What is at a point of the head, vessels and metastases left out.</summary>
    /// <param name="point">Head coordinates, mm.</param>
    public AnatomicalPoint Look(Vector3 point)
    {
        var place = ToTemplate(point);
        var hull = Hull(place);
        if (hull > ScalpEnd)
        {
            return new AnatomicalPoint(Neck(place), -hull, float.PositiveInfinity);
        }

        var folded = new Vector3(MathF.Abs(place.X), place.Y, place.Z);
        var (cerebral, cerebellar, stem) = (Cerebral(folded), cerebellum.Distance(folded), Stem(place));
        var outside = MathF.Min(cerebral, MathF.Min(cerebellar, stem));
        if (outside > 0)
        {
            return new AnatomicalPoint(Around(outside, hull), -outside, float.PositiveInfinity);
        }

        return stem < 0 ? new AnatomicalPoint(InVentricle(place) ? Tissue.CerebrospinalFluid : Tissue.WhiteMatter, -outside, float.PositiveInfinity)
            : stem < 1.5f && place.Z < -10 ? new AnatomicalPoint(Tissue.CerebrospinalFluid, -outside, float.PositiveInfinity)
            : cerebral < 0 ? InCerebrum(place, folded, -cerebral)
            : InCerebellum(place, -cerebellar);
    }

    /// <summary>A point of this patient's head in the common coordinates in which the shapes are described.</summary>
    internal Vector3 ToTemplate(Vector3 point) => point / scale * (1 + (0.022f * swelling.At(point)));

    private AnatomicalPoint InCerebrum(Vector3 place, Vector3 folded, float depth)
    {
        if (depth > 8 && InVentricle(place))
        {
            return new AnatomicalPoint(Tissue.CerebrospinalFluid, depth, float.PositiveInfinity);
        }

        foreach (var nucleus in nuclei)
        {
            if (depth > 20 && nucleus.Distance(folded) < 0)
            {
                return new AnatomicalPoint(Tissue.DeepGrayMatter, depth, float.PositiveInfinity);
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
        ventricles[0].Contains(place) || ventricles[1].Contains(place) || midlineVentricles[0].Distance(place) < 0 || midlineVentricles[1].Distance(place) < 0;

    private static Tissue Around(float outside, float hull) =>
        outside < FluidLayer ? Tissue.CerebrospinalFluid
        : outside < DuraEnd ? Tissue.Dura
        : hull < SkullEnd ? Tissue.Skull : Tissue.Scalp;

    private static Tissue Neck(Vector3 place) =>
        place.Z < -45 && new Vector2(place.X / 48, (place.Y + 25) / 52).LengthSquared() < 1 ? Tissue.Muscle : Tissue.Air;

    private static float Hull(Vector3 place)
    {
        var folded = new Vector3(MathF.Abs(place.X), place.Y, place.Z);
        return Ellipsoid.SmoothUnion(
            Ellipsoid.SmoothUnion(cerebrum.Distance(place), temporalLobe.Distance(folded), 16), cerebellum.Distance(folded), 24);
    }

    /// <summary>The upper part of the large ellipsoid, down to the base, and the temporal lobes.</summary>
    private static float Cerebral(Vector3 folded)
    {
        var floor = -16 - folded.Z - (0.04f * MathF.Max(folded.Y - 20, 0));
        var upper = -Ellipsoid.SmoothUnion(-cerebrum.Distance(folded), -floor, 10);
        return Ellipsoid.SmoothUnion(upper, temporalLobe.Distance(folded), 5);
    }

    private static float Stem(Vector3 place) =>
        place.Z > -8 ? float.PositiveInfinity : brainStem.Distance(place);

    private static Tube LateralVentricle(float width) => new(
        [new(9, 30, 4), new(10, 14, 12), new(12, -8, 15), new(17, -28, 9), new(30, -16, -12), new(31, 2, -19)],
        [4 * width, 5 * width, 4 * width, 6 * width, 2.5f * width, 1.5f * width]);
}
