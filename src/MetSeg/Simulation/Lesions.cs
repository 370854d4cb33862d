using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>
/// Draws a patient's metastases. Their number is geometric (1 and up) with the institution's mean, their volumes are log-normal with its
/// median and mean, and most lie at the border between cortex and white matter, where blood-borne cells get stuck.
/// </summary>
/// <remarks>Preference for the border: Hwang et al., Cancer 1996;77:1551-1555. Its strength, shapes, rims and edema are our choice.</remarks>
public static class Lesions
{
    /// <summary>Smallest and largest volume in mm³; draws outside are repeated.</summary>
    internal const double SmallestMm3 = 1, LargestMm3 = 30_000;

    private const float GapMm = 6;
    private const float JunctionMm = 2.5f;
    private const double AwayFromJunction = 0.12;
    private const int Attempts = 3000;

    /// <summary>Draws the metastases of a first visit.</summary>
    /// <param name="anatomy">The patient.</param>
    /// <param name="institution">Where the patient is seen: number and sizes.</param>
    /// <param name="random">Where the draws come from.</param>
    /// <returns>At least one, largest first. One for which there is no room left is not made.</returns>
    public static IReadOnlyList<Lesion> Draw(Anatomy anatomy, Institution institution, Random random)
    {
        var count = random.Geometric(institution.MeanMetastases);
        var lesions = new List<Lesion>();
        foreach (var volume in Enumerable.Range(0, count).Select(_ => Volume(institution, random)).OrderDescending().ToList())
        {
            Add(lesions, anatomy, volume, random);
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
                lesions.Add(lesion with { VolumeMm3 = Math.Clamp(lesion.VolumeMm3 * factor, SmallestMm3, LargestMm3) });
            }
        }

        for (var fresh = random.Geometric(1.5) - 1; fresh > 0; fresh--)
        {
            Add(lesions, anatomy, Math.Min(Volume(institution, random), 500), random);
        }

        return lesions;
    }

    /// <summary>A volume in mm³.</summary>
    internal static double Volume(Institution institution, Random random)
    {
        double volume;
        do
        {
            volume = 1000 * institution.MedianCm3 * random.Factor(institution.LogVolumeDeviation);
        }
        while (volume is < SmallestMm3 or > LargestMm3);
        return volume;
    }

    private static void Add(List<Lesion> lesions, Anatomy anatomy, double volume, Random random)
    {
        var lesion = Shape(volume, random);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var center = new Vector3(random.Between(-70, 70), random.Between(-82, 82), random.Between(-64, 64));
            var isFree = lesions.TrueForAll(other => (other.Center - center).Length() > other.RadiusMm + lesion.RadiusMm + GapMm);
            if (isFree && IsChosen(anatomy.Look(center), lesion.RadiusMm, random))
            {
                lesions.Add(lesion with { Center = center });
                return;
            }
        }
    }

    /// <summary>Whether a metastasis may grow around a point: in the brain, deep enough to fit, and less often away from the border.</summary>
    private static bool IsChosen(AnatomicalPoint point, float radius, Random random) =>
        point.Tissue is Tissue.GrayMatter or Tissue.WhiteMatter or Tissue.DeepGrayMatter
        && point.Depth > MathF.Max(1.5f, 0.75f * radius)
        && (point.ToJunction < JunctionMm || random.NextDouble() < AwayFromJunction);

    private static Lesion Shape(double volume, Random random)
    {
        var (first, second) = (random.Factor(0.12), random.Factor(0.12));
        var (hasCore, hasEdema) = (random.NextDouble() < 0.75, random.NextDouble() < 0.7);
        var radius = Math.Cbrt(3 * volume / (4 * Math.PI));
        return new Lesion(
            Vector3.Zero,
            volume,
            new Vector3((float)first, (float)second, (float)(1 / (first * second))),
            random.Rotation(),
            [.. Enumerable.Range(0, 3).Select(_ => new Vector4(random.Between(1.5, 4) * random.Direction(), random.Between(0, 2 * Math.PI)))],
            Uptake: Math.Clamp(random.Factor(0.12), 0.75, 1.3),
            RimMm: hasCore && radius > 6 ? random.Between(2, 3.5) : double.PositiveInfinity,
            EdemaMm: hasEdema && radius > 4 ? radius * random.Between(0.3, 1.1) : 0);
    }
}
