using MathNet.Numerics.Distributions;

namespace MetSeg.Simulation;

/// <summary>
/// How many metastases an institution's patients have and how large they are: numbers geometric from 1 up with the institution's mean, volumes
/// log-normal with its median and mean. Drawn in strata over the patients, so that cohorts of some dozens already have the published figures.
/// </summary>
public static class LesionSizes
{
    /// <summary>The volumes of one patient's metastases at the first visit, mm³.</summary>
    /// <param name="institution">Where the patient is seen.</param>
    /// <param name="patient">Number of the patient, from 1.</param>
    /// <param name="seed">The cohort's seed.</param>
    public static IReadOnlyList<double> Of(Institution institution, int patient, long seed)
    {
        var (counts, volumes) = (new Strata(seed, institution.Name, "number"), new Strata(seed, institution.Name, "volume"));
        var first = Enumerable.Range(0, patient - 1).Sum(earlier => Count(institution, counts.At(earlier)));
        return [.. Enumerable.Range(first, Count(institution, counts.At(patient - 1))).Select(i => Volume(institution, volumes.At(i)))];
    }

    /// <summary>A volume in mm³ by its quantile, brought between 1 mm³ and the institution's largest.</summary>
    internal static double Volume(Institution institution, double share) => institution.Lesions.Bounded(
        1000 * LogNormal.InvCDF(Math.Log(institution.DrawnMedianCm3), institution.LogVolumeDeviation, Math.Max(share, 1e-9)));

    private static int Count(Institution institution, double share) => Draws.GeometricQuantile(institution.MeanMetastases, share);
}
