using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>
/// What lies under and before the braincase: orbits with eyes, nose and sinuses, skull base, muscles, spine and neck, as far as a head coil
/// sees them. Coarser than the brain: enough for a picture that looks like a head.
/// </summary>
internal static class Face
{
    private static readonly Ellipsoid front = new(new(0, 38, -50), new(60, 50, 62));
    private static readonly Ellipsoid nose = new(new(0, 88, -47), new(11, 16, 17));
    private static readonly Ellipsoid eye = new(new(31, 68, -27), new(12, 12.2f, 12));
    private static readonly Ellipsoid orbit = new(new(29, 55, -27), new(17, 29, 16));
    private static readonly Tube opticNerve = new([new(30, 57, -27), new(20, 34, -23), new(8, 20, -18)], [2.2f, 2, 2.2f]);
    private static readonly Ellipsoid nasalCavity = new(new(0, 60, -50), new(12, 32, 18));
    private static readonly Ellipsoid ethmoid = new(new(0, 54, -25), new(12, 24, 9));
    private static readonly Ellipsoid sphenoidSinus = new(new(0, 24, -33), new(11, 10, 7));
    private static readonly Ellipsoid maxillarySinus = new(new(29, 56, -54), new(13, 16, 15));
    private static readonly Ellipsoid frontalSinus = new(new(9, 78, -11), new(10, 3.5f, 9));
    private static readonly Ellipsoid mastoid = new(new(52, -24, -42), new(13, 15, 18));
    private static readonly Tube clivus = new([new(0, 9, -30), new(0, 2, -44), new(0, -3, -56)], [5, 6, 5]);
    private static readonly Tube throat = new([new(0, 16, -52), new(0, 12, -75), new(0, 10, -110)], [8, 7, 8]);
    private static readonly Tube spine = new([new(0, 2, -64), new(0, 1, -88), new(0, -2, -112)], [8, 9, 9]);
    private static readonly Tube jaw = new([new(50, 6, -42), new(48, 8, -66), new(44, 30, -84), new(20, 62, -92)], [5, 6, 6, 7]);
    private static readonly Tube neck = new([new(0, -14, -50), new(0, -14, -130)], [56, 54]);

    /// <summary>Distance to the skin of face and neck in mm, negative inside.</summary>
    public static float SkinDistance(Vector3 folded) => Ellipsoid.SmoothUnion(
        Ellipsoid.SmoothUnion(front.Distance(folded), nose.Distance(folded), 10), neck.Distance(folded), 30);

    /// <summary>What is at a place outside braincase and skin.</summary>
    /// <param name="folded">A place, with the left side turned over to the right.</param>
    /// <param name="underSkin">How deep it lies under the skin, mm.</param>
    /// <param name="overBone">How far it lies outside the braincase, mm.</param>
    /// <param name="mottle">A rough random number around 0.</param>
    public static Tissue Look(Vector3 folded, float underSkin, float overBone, float mottle)
    {
        if (underSkin < 1.8f)
        {
            return Tissue.Skin;
        }

        if (folded.Z > 0 || (folded.Y < 0 && folded.Z > -20))
        {
            return Scalp(folded, underSkin, overBone);
        }

        return underSkin < 4.5f + (1.5f * mottle) && folded.Z < -20 ? Tissue.Fat
            : InOrbit(folded) ?? InAirways(folded, mottle) ?? InBone(folded, mottle) ?? SoftTissue(mottle);
    }

    /// <summary>Fat, and at the temples the muscle under it.</summary>
    private static Tissue Scalp(Vector3 folded, float underSkin, float overBone) =>
        folded is { X: > 40, Z: < 25 } && folded.Y is > -35 and < 60 && overBone < 9 && underSkin > 3.5f ? Tissue.Muscle : Tissue.Fat;

    private static Tissue? InOrbit(Vector3 folded)
    {
        var toEye = eye.Distance(folded);
        if (toEye < 0)
        {
            return toEye > -1.3f ? Tissue.Muscle : Tissue.Vitreous;
        }

        var toOrbit = orbit.Distance(folded);
        return opticNerve.Distance(folded) < 0 ? Tissue.WhiteMatter
            : toOrbit > 2 ? null
            : toOrbit > 0 ? Tissue.Bone
            : toOrbit is > -4.5f and < -1.5f && folded.Y < 66 && MathF.Abs(MathF.Sin(2 * MathF.Atan2(folded.Z + 27, folded.X - 29))) < 0.5f ? Tissue.Muscle
            : Tissue.Fat;
    }

    private static Tissue? InAirways(Vector3 folded, float mottle)
    {
        if (nasalCavity.Distance(folded) < 0)
        {
            var turbinate = MathF.Sin((0.42f * (folded.Z + 50)) + mottle) > -0.3f && folded.X > 3.5f;
            return folded.X < 1.2f || turbinate || nasalCavity.Distance(folded) > -1.5f ? Tissue.Mucosa : Tissue.Air;
        }

        if (ethmoid.Distance(folded) < 0)
        {
            return mottle > 0.5f ? Tissue.Mucosa : Tissue.Air;
        }

        var sinus = MathF.Min(MathF.Min(sphenoidSinus.Distance(folded), maxillarySinus.Distance(folded)), frontalSinus.Distance(folded));
        return sinus < -1 || throat.Distance(folded) < 0 ? Tissue.Air
            : sinus < 0 ? Tissue.Mucosa
            : sinus < 1.5f ? Tissue.Bone
            : throat.Distance(folded) < 3 ? Tissue.Mucosa : null;
    }

    private static Tissue? InBone(Vector3 folded, float mottle)
    {
        if (mastoid.Distance(folded) < 0)
        {
            return mottle > 0.9f ? Tissue.Marrow : mottle > -0.2f ? Tissue.Bone : Tissue.Air;
        }

        var bone = MathF.Min(clivus.Distance(folded), MathF.Min(spine.Distance(folded), jaw.Distance(folded)));
        return bone < -1.5f ? Tissue.Marrow : bone < 0.5f ? Tissue.Bone : null;
    }

    /// <summary>Muscles with fat between them.</summary>
    private static Tissue SoftTissue(float mottle) => mottle is > -0.2f and < 0 or > 1.6f ? Tissue.Fat : Tissue.Muscle;
}
