using MathNet.Numerics.Statistics;
using MetSeg.Evaluation;
using MetSeg.Learning.Harmonization;
using MetSeg.Preprocessing;

namespace MetSeg.Learning.Experiments;

/// <summary>
/// Measures what a harmonizer does: to the domain gap, by intensity statistics of the original and of the harmonized images (like with like) and
/// by the latent code of both; and to the images, by PSNR, SSIM and the contrast of labelled lesions.
/// </summary>
/// <remarks>
/// Paper P1's evaluation and more; papers.md, weaknesses 4 and 5: paper P1 compares image statistics before with latents after. Where its
/// scaler and folds see the tested scans or other scans of their patients, ours do not.
/// </remarks>
public static class DomainAssessment
{
    private const double ActiveVariance = 0.01;

    /// <summary>Assesses all scans of a data set, training and test, preprocessed by the plans.</summary>
    /// <param name="harmonizer">The harmonizer.</param>
    /// <param name="dataset">The raw data set.</param>
    /// <param name="plans">The plans that the harmonizer's input follows.</param>
    /// <param name="progress">Told after each scan.</param>
    /// <param name="cancellation">Stops between scans.</param>
    /// <exception cref="MetSegException">There are fewer than two institutions, one has a single patient, or a scan or label map cannot be read.</exception>
    public static DomainAssessmentResult Run(
        VaeHarmonizer harmonizer, Dataset dataset, Plans plans, IProgress<Progress>? progress = null, CancellationToken cancellation = default)
    {
        var cases = dataset.TrainingCases.Concat(dataset.TestCases).ToList();
        var scans = new List<ScanFeatures>();
        foreach (var one in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            scans.Add(ScanFeatures.Of(one, harmonizer, plans));
            progress?.Report(new Progress("assess", scans.Count, cases.Count, one.Id));
        }

        double[][] latents = [.. scans.Select(scan => scan.OriginalLatent)];
        var labelled = scans.Where(scan => scan.OriginalContrast is not null).ToList();
        return new DomainAssessmentResult
        {
            Institutions = [.. cases.Select(one => one.Institution).Distinct().Order(StringComparer.Ordinal)],
            Cases = cases.Count,
            Patients = cases.Select(one => one.Patient).Distinct().Count(),
            Measures = Measures(cases, scans, cancellation),
            ActiveUnits = Enumerable.Range(0, latents[0].Length).Count(unit => latents.Select(latent => latent[unit]).PopulationVariance() > ActiveVariance),
            LatentUnits = latents[0].Length,
            MedianPsnr = scans.Select(scan => scan.Psnr).Median(),
            MedianSsim = scans.Select(scan => scan.Ssim).Where(double.IsFinite).Median(),
            LabelledCases = labelled.Count,
            LesionContrast = labelled.Count == 0 ? [] : ContrastChange.Compare(
                [.. labelled.SelectMany(scan => scan.OriginalContrast!)], [.. labelled.SelectMany(scan => scan.HarmonizedContrast!)]),
            LatentPoints = [.. PrincipalComponents.FirstTwo(latents).Select(point => new[] { point.X, point.Y })],
            InstitutionOfCase = [.. cases.Select(one => one.Institution)],
        };
    }

    /// <summary>
    /// The gap by each kind of features. Statistics are standardized, since a maximum and a mean do not compare; latent codes are not, since
    /// that would blow up units that the harmonizer does not use.
    /// </summary>
    private static GapMeasure[] Measures(List<Case> cases, List<ScanFeatures> scans, CancellationToken cancellation)
    {
        string[] institutions = [.. cases.Select(one => one.Institution)];
        string[] patients = [.. cases.Select(one => one.Patient)];
        return
        [
            Of("original images, intensity statistics", Standardization.Of([.. scans.Select(scan => scan.OriginalStatistics)])),
            Of("harmonized images, intensity statistics", Standardization.Of([.. scans.Select(scan => scan.HarmonizedStatistics)])),
            Of("latent code of original images", [.. scans.Select(scan => scan.OriginalLatent)]),
            Of("latent code of harmonized images", [.. scans.Select(scan => scan.HarmonizedLatent)]),
        ];

        GapMeasure Of(string name, double[][] features) => GapMeasure.Of(name, features, institutions, patients, cancellation);
    }
}
