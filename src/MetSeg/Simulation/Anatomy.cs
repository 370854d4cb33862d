using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>
/// The head of one simulated patient, as a function of space in head coordinates (mm; x right, y front, z up, origin in the middle of the
/// brain): skin, fat, skull with marrow, dura, folded cortex, white matter, deep nuclei, ventricles, cerebellum, brain stem, face and neck, and the
/// course of the vessels. All lengths are our choice, after textbook dimensions of the adult head.
/// </summary>
public sealed class Anatomy
{
    private const float InnerTable = 3;
    private const float DuraStart = 1.9f;
    private const float ScalpEnd = 14;
    private const float Deformation = 0.022f;
    private const float Taper = 0.05f;
    private static readonly Ellipsoid cerebrum = new(new(0, 0, 6), new(68, 80, 57));
    private static readonly Ellipsoid temporalLobe = new(new(40, 4, -22), new(25, 45, 21));
    private static readonly Ellipsoid pons = new(new(0, -6, -31), new(13.5f, 11, 11));
    private static readonly Ellipsoid suprasellarCistern = new(new(0, 9, -17), new(13, 10, 6));
    private static readonly Ellipsoid pituitary = new(new(0, 13, -25), new(6, 4.5f, 3.5f));
    private static readonly Tube brainStem = new([new(0, -11, -12), new(0, -13, -30), new(0, -19, -50), new(0, -22, -110)], [10.5f, 10.5f, 7, 5]);
    private static readonly Vector3[] plexus = [new(9, -16, 10), new(15, -27, 7), new(20, -34, 4), new(26, -30, -5)];
    private readonly Cortex cortex;
    private readonly Ventricles ventricles;
    private readonly RandomField swelling;
    private readonly RandomField mottle;
    private readonly Vector3 scale;
    private readonly float cortexThickness;
    private readonly float skullThickness;

    private Anatomy(Random random, PatientGroup group)
    {
        var overall = random.Between(0.96, 1.03) * (float)group.HeadScale;
        scale = overall * new Vector3(random.Between(0.97, 1.03), random.Between(0.97, 1.02), random.Between(0.97, 1.03));
        Size = overall;
        swelling = new RandomField(random, 110, 28);
        mottle = new RandomField(random, 112, 6);
        ventricles = new Ventricles(random);
        cortex = new Cortex(random, cerebrum, Math.Clamp((ventricles.Width - 0.5f + random.Between(-0.2, 0.2)) * (float)group.Atrophy, 0, 1));
        cortexThickness = random.Between(2.3, 2.8);
        skullThickness = random.Between(5.5, 7.5);
        ChoroidPlexus = [.. new[] { -1, 1 }.Select(side => new Tube(
            [.. plexus.Select(place => FromTemplate(place * new Vector3(side, 1, 1)))], [1.2f, 1.7f, 2.6f, 1.6f]))];
        Vessels = [.. VesselTree.Draw(random, cerebrum, DistanceToSurfaceFluid).Select(tube => tube.Map(FromTemplate))];
    }

    /// <summary>How large the head is relative to the common one.</summary>
    internal float Size { get; }

    /// <summary>The vessels' courses, in head coordinates.</summary>
    internal IReadOnlyList<Tube> Vessels { get; }

    /// <summary>The choroid plexus of both sides, in head coordinates.</summary>
    internal IReadOnlyList<Tube> ChoroidPlexus { get; }

    /// <summary>Draws a patient: size, shape, asymmetry, folds, ventricles and vessels.</summary>
    /// <param name="random">Where the draws come from.</param>
    /// <param name="group">Which patients; adults where null.</param>
    public static Anatomy Draw(Random random, PatientGroup? group = null) => new(random, group ?? new PatientGroup());

    /// <summary>What is at a point of the head, vessels and metastases left out.</summary>
    /// <param name="point">Head coordinates, mm.</param>
    public AnatomicalPoint Look(Vector3 point)
    {
        const float surelyOutside = 12;
        var roughly = SkinDistance(Vector3.Abs(point / scale));
        if (roughly > surelyOutside)
        {
            return AnatomicalPoint.Bare(Tissue.Air, float.NegativeInfinity, 0.6f * (roughly - surelyOutside));
        }

        var place = ToTemplate(point);
        var folded = place with { X = MathF.Abs(place.X) };
        var (cerebral, cerebellar, stem) = (Cerebral(folded), Cerebellum.Distance(folded), Stem(place));
        var outside = MathF.Min(cerebral, MathF.Min(cerebellar, stem));
        return outside > 0 ? AnatomicalPoint.Bare(Around(place, folded, outside, Ellipsoid.SmoothUnion(cerebral, cerebellar, 16)), -outside)
            : stem < 0 ? AnatomicalPoint.Bare(ventricles.Distance(place) < 0 ? Tissue.CerebrospinalFluid : Tissue.WhiteMatter, -outside)
            : stem < 1.8f && place.Z < -12 ? AnatomicalPoint.Bare(Tissue.CerebrospinalFluid, -outside)
            : cerebral < 0 ? InCerebrum(place, folded, -cerebral)
            : cerebral < 1.3f ? AnatomicalPoint.Bare(Tissue.Dura, -outside)
            : InCerebellum(place, folded, -cerebellar);
    }

    /// <summary>A point of this patient's head in the common coordinates in which the shapes are described; heads are narrower in front.</summary>
    private Vector3 ToTemplate(Vector3 point)
    {
        var place = point / scale * (1 + (Deformation * swelling.At(point)));
        var forward = (place.Y + 15) / 80;
        return place with { X = place.X * (1 + (Taper * forward * MathF.Abs(forward) * (forward > 0 ? 1 : -0.5f))) };
    }

    /// <summary>The inverse, by a fixed-point iteration: the deformation is a few percent and changes slowly.</summary>
    private Vector3 FromTemplate(Vector3 place)
    {
        var point = place * scale;
        for (var step = 0; step < 5; step++)
        {
            point += (place - ToTemplate(point)) * scale;
        }

        return point;
    }

    /// <summary>Distance to fluid in sulci and on the surface, in template coordinates: where vessels run.</summary>
    private float DistanceToSurfaceFluid(Vector3 place)
    {
        var depth = -Cerebral(place with { X = MathF.Abs(place.X) });
        return depth < 0 ? MathF.Abs(depth) : MathF.Abs(cortex.DistanceToFluid(place, depth));
    }

    private AnatomicalPoint InCerebrum(Vector3 place, Vector3 folded, float depth)
    {
        var (toVentricle, toNucleus) = (ventricles.Distance(place), DeepNuclei.Distance(folded));
        if (toVentricle < 0 && depth > 4 && !Ventricles.IsCrossed(place))
        {
            return AnatomicalPoint.Bare(Tissue.CerebrospinalFluid, depth);
        }

        if (toNucleus < 0 && depth > 2)
        {
            return AnatomicalPoint.Bare(Tissue.DeepGrayMatter, depth, 0.5f * MathF.Min(-toNucleus, toVentricle));
        }

        var fluid = cortex.DistanceToFluid(place, depth);
        var junction = MathF.Abs(fluid - cortexThickness);
        return fluid < 0 ? AnatomicalPoint.Bare(Cortex.IsFalx(place) ? Tissue.Dura : Tissue.CerebrospinalFluid, depth)
            : fluid < cortexThickness ? new AnatomicalPoint(Tissue.GrayMatter, depth, junction, 0.5f * MathF.Min(fluid, junction))
            : new AnatomicalPoint(Tissue.WhiteMatter, depth, junction, 0.5f * MathF.Min(junction, MathF.Min(toVentricle, toNucleus)));
    }

    private AnatomicalPoint InCerebellum(Vector3 place, Vector3 folded, float depth) => ventricles.Distance(place) < 0
        ? AnatomicalPoint.Bare(Tissue.CerebrospinalFluid, depth)
        : Cerebellum.Look(folded, depth, swelling.At(4 * place));

    /// <summary>The layers over the brain, and what lies outside the braincase.</summary>
    /// <param name="place">Template coordinates.</param>
    /// <param name="folded">The same, with the left side turned over to the right.</param>
    /// <param name="outside">Distance to the brain.</param>
    /// <param name="overBrain">The same, with the clefts between its parts filled.</param>
    private Tissue Around(Vector3 place, Vector3 folded, float outside, float overBrain)
    {
        var underSkin = -SkinDistance(folded);
        if (underSkin < 0)
        {
            return Tissue.Air;
        }

        if (overBrain < DuraStart || outside < (place.Z < -55 ? 3 : DuraStart) || suprasellarCistern.Distance(place) < 0)
        {
            return Tissue.CerebrospinalFluid;
        }

        if (pituitary.Distance(place) < 0)
        {
            return Tissue.Mucosa;
        }

        if (overBrain < InnerTable || outside < InnerTable)
        {
            return Tissue.Dura;
        }

        var rough = mottle.At(place);
        var thickness = place.Z > -8 || place.Y < -10 ? skullThickness : 0.6f * skullThickness;
        var table = overBrain - InnerTable;
        return table > thickness ? Face.Look(folded, underSkin, table - thickness, rough)
            : table > 1.5f && table < thickness - 1.5f && place.Z > -40 && rough > -1 ? Tissue.Marrow : Tissue.Bone;
    }

    private static float SkinDistance(Vector3 folded)
    {
        var hull = Ellipsoid.SmoothUnion(cerebrum.Distance(folded), temporalLobe.Distance(folded), 16) - ScalpEnd;
        return folded.Z > 40 ? hull : Ellipsoid.SmoothUnion(hull, Face.SkinDistance(folded), 12);
    }

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

    private static float Stem(Vector3 place) =>
        place.Z > -8 || place.Y > 20 || MathF.Abs(place.X) > 30 ? float.PositiveInfinity : Ellipsoid.SmoothUnion(brainStem.Distance(place), pons.Distance(place), 5);
}
