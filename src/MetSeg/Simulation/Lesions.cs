using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>
/// Places a patient's metastases and draws their shapes. Most lie at the border between cortex and white matter, where blood-borne cells
/// get stuck; leptomeningeal ones lie on the brain's surface and in its sulci.
/// </summary>
/// <remarks>Preference for the border: Hwang et al., Cancer 1996;77:1551-1555. Its strength, shapes, rims and edema are our choice.</remarks>
public static class Lesions
{
    private const float GapMm = 6;
    private const float JunctionMm = 2.5f;
    private const double AwayFromJunction = 0.12;
    private const int Attempts = 3000;

    /// <summary>Draws the metastases of a first visit.</summary>
    /// <param name="anatomy">The patient.</param>
    /// <param name="profile">What they are like.</param>
    /// <param name="volumesMm3">Their volumes, as from <see cref="LesionSizes"/>.</param>
    /// <param name="random">Where the draws come from.</param>
    /// <returns>Largest first, none touching another. One for which there is no room left is not made.</returns>
    public static IReadOnlyList<Lesion> Draw(Anatomy anatomy, LesionProfile profile, IEnumerable<double> volumesMm3, Random random)
    {
        var lesions = new List<Lesion>();
        foreach (var volume in volumesMm3.OrderDescending())
        {
            Add(lesions, anatomy, Shape(volume, profile, random), profile, random);
        }

        return lesions;
    }

    /// <summary>The same patient months later: metastases have grown or shrunk, some are gone (never all), and there may be new ones.</summary>
    /// <param name="earlier">The metastases of the visit before, largest first.</param>
    /// <param name="anatomy">The patient.</param>
    /// <param name="institution">Where the patient is seen: sizes of new metastases.</param>
    /// <param name="random">Where the draws come from.</param>
    public static IReadOnlyList<Lesion> FollowUp(IReadOnlyList<Lesion> earlier, Anatomy anatomy, Institution institution, Random random)
    {
        var lesions = new List<Lesion>();
        foreach (var lesion in earlier)
        {
            var (isGone, factor) = (random.NextDouble() < 0.15, Math.Clamp(random.Factor(0.5), 0.3, 2.5));
            if (!isGone || lesions.Count == 0)
            {
                lesions.Add(lesion with { VolumeMm3 = institution.Lesions.Bounded(lesion.VolumeMm3 * factor) });
            }
        }

        for (var fresh = random.Geometric(1.5) - 1; fresh > 0; fresh--)
        {
            var volume = Math.Min(LesionSizes.Volume(institution, random.NextDouble()), 500);
            Add(lesions, anatomy, Shape(volume, institution.Lesions, random), institution.Lesions, random);
        }

        return lesions;
    }

    /// <summary>A metastasis of a volume at the origin.</summary>
    internal static Lesion Shape(double volume, LesionProfile profile, Random random)
    {
        var (first, second) = (random.Factor(0.12), random.Factor(0.12));
        var (hasCore, hasEdema, kind) = (random.NextDouble() < profile.Cored, random.NextDouble() < profile.Edematous, random.NextDouble());
        var radius = Math.Cbrt(3 * volume / (4 * Math.PI));
        var core = profile.Core(kind);
        return new Lesion(
            Vector3.Zero,
            volume,
            new Vector3((float)first, (float)second, (float)(1 / (first * second))),
            random.Rotation(),
            [.. Enumerable.Range(0, 3).Select(_ => new Vector4(random.Between(1.5, 4) * random.Direction(), random.Between(0, 2 * Math.PI)))],
            Uptake: Math.Clamp(random.Factor(0.25), 0.5, 1.7),
            RimMm: hasCore && radius > 6 ? (core == Tissue.Cyst ? 2 : random.Between(2, 3.5)) * profile.RimScale : double.PositiveInfinity,
            EdemaMm: hasEdema && radius > 4 ? radius * random.Between(0.3, 1.1) : 0)
        {
            Core = core,
        }.Normalized();
    }

    /// <summary>Finds a place: first with room around it, then with less, at last anywhere in the brain.</summary>
    private static void Add(List<Lesion> lesions, Anatomy anatomy, Lesion lesion, LesionProfile profile, Random random)
    {
        var isLeptomeningeal = random.NextDouble() < profile.Leptomeningeal && lesion.RadiusMm < 6;
        for (var attempt = 0; attempt < 3 * Attempts; attempt++)
        {
            var center = new Vector3(random.Between(-70, 70), random.Between(-82, 82), random.Between(-64, 64)) * anatomy.Size;
            var gap = attempt < Attempts ? GapMm : 2;
            var isFree = lesions.TrueForAll(other => (other.Center - center).Length() > other.RadiusMm + lesion.RadiusMm + gap);
            if (isFree && (isLeptomeningeal
                ? IsOnSurface(anatomy.Look(center))
                : IsChosen(anatomy.Look(center), attempt < 2 * Attempts ? lesion.RadiusMm : 2, random) && profile.IsWhereWanted(center, random)))
            {
                lesions.Add(lesion with { Center = center });
                return;
            }
        }
    }

    private static bool IsOnSurface(AnatomicalPoint point) =>
        (point.Tissue == Tissue.CerebrospinalFluid && point.Depth is > -0.5f and < 16) || (point.Tissue == Tissue.GrayMatter && point.Depth < 1.5f);

    /// <summary>Whether a metastasis may grow around a point: in the brain, deep enough to fit, and less often away from the border.</summary>
    private static bool IsChosen(AnatomicalPoint point, float radius, Random random) =>
        point.Tissue is Tissue.GrayMatter or Tissue.WhiteMatter or Tissue.DeepGrayMatter
        && point.Depth > MathF.Max(1.5f, 0.75f * radius)
        && (point.ToJunction < JunctionMm || random.NextDouble() < AwayFromJunction);
}
