using MathNet.Numerics.Statistics;
using MetSeg.Evaluation;
using MetSeg.Files;
using MetSeg.Learning.Harmonization;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using MetSeg.Reports;

namespace MetSeg.Learning.Experiments;

/// <summary>How well a classifier tells the institutions apart by one kind of features.</summary>
/// <param name="Features">What it looked at, such as "original images, intensity statistics".</param>
/// <param name="Accuracy">Cross-validated accuracy.</param>
/// <param name="BalancedAccuracy">Mean over institutions of the share recognized; compare with <paramref name="ChanceRate"/>.</param>
/// <param name="MacroF1">Mean F1 over institutions.</param>
/// <param name="ChanceRate">1 / number of institutions.</param>
/// <param name="MajorityRate">Accuracy of always naming the most frequent institution.</param>
/// <param name="Confusion">Scans by true (row) and predicted (column) institution.</param>
public sealed record GapMeasure(
    string Features,
    double Accuracy,
    double BalancedAccuracy,
    double MacroF1,
    double ChanceRate,
    double MajorityRate,
    IReadOnlyList<IReadOnlyList<int>> Confusion);

/// <summary>The domain gap before and after harmonization.</summary>
/// <param name="Institutions">The institutions, sorted.</param>
/// <param name="Cases">Number of scans.</param>
/// <param name="Measures">The gap by four kinds of features.</param>
/// <param name="ActiveUnits">Latent units whose mean varies over the scans (variance above 0.01).</param>
/// <param name="LatentUnits">Latent units in all.</param>
/// <param name="MedianPsnr">Median peak signal-to-noise ratio of the harmonized scans against the originals, in dB.</param>
/// <param name="LatentPoints">First two principal components of each scan's latent code.</param>
/// <param name="InstitutionOfCase">The institution of each scan, in the points' order.</param>
public sealed record DomainAssessmentResult(
    IReadOnlyList<string> Institutions,
    int Cases,
    IReadOnlyList<GapMeasure> Measures,
    int ActiveUnits,
    int LatentUnits,
    double MedianPsnr,
    IReadOnlyList<double[]> LatentPoints,
    IReadOnlyList<string> InstitutionOfCase)
{
    /// <summary>What the figures must not be used for.</summary>
    public string Disclaimer { get; init; } = EvaluationResult.Disclaimer;
}

/// <summary>
/// Measures what a harmonizer does to the domain gap: a cross-validated classifier of the institution on intensity statistics of the
/// original and of the harmonized images (like with like), and on the latent code of both.
/// </summary>
/// <remarks>Paper P1's evaluation; papers.md, weaknesses 4 and 5: paper P1 compares image statistics before with latents after.</remarks>
public static class DomainAssessment
{
    private const double ActiveVariance = 0.01;

    /// <summary>Assesses all scans of a data set, training and test, preprocessed by the plans.</summary>
    /// <param name="harmonizer">The harmonizer.</param>
    /// <param name="dataset">The raw data set.</param>
    /// <param name="plans">The plans that the harmonizer's input follows.</param>
    /// <param name="progress">Told after each scan.</param>
    /// <param name="cancellation">Stops between scans.</param>
    /// <exception cref="MetSegException">There are fewer than two institutions, or a scan cannot be read.</exception>
    public static DomainAssessmentResult Run(
        VaeHarmonizer harmonizer, Dataset dataset, Plans plans, IProgress<Progress>? progress = null, CancellationToken cancellation = default)
    {
        var cases = dataset.TrainingCases.Concat(dataset.TestCases).ToList();
        var scans = new List<ScanFeatures>();
        foreach (var one in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            var original = Preprocessor.Preprocess([NiftiReader.ReadVolume(one.ImagePaths[0])], null, plans).Channels[0];
            scans.Add(ScanFeatures.Of(original, harmonizer));
            progress?.Report(new Progress("assess", scans.Count, cases.Count, one.Id));
        }

        string[] institutions = [.. cases.Select(one => one.Institution)];
        GapMeasure Measure(string name, Func<ScanFeatures, double[]> features)
        {
            var gap = DomainGap.Assess([.. scans.Select(features)], institutions);
            return new GapMeasure(name, gap.Accuracy, gap.BalancedAccuracy, gap.MacroF1, gap.ChanceRate, gap.MajorityRate, gap.Confusion);
        }

        double[][] latents = [.. scans.Select(scan => scan.OriginalLatent)];
        return new DomainAssessmentResult(
            [.. institutions.Distinct().Order(StringComparer.Ordinal)],
            cases.Count,
            [
                Measure("original images, intensity statistics", scan => scan.OriginalStatistics),
                Measure("harmonized images, intensity statistics", scan => scan.HarmonizedStatistics),
                Measure("latent code of original images", scan => scan.OriginalLatent),
                Measure("latent code of harmonized images", scan => scan.HarmonizedLatent),
            ],
            Enumerable.Range(0, latents[0].Length).Count(unit => latents.Select(latent => latent[unit]).PopulationVariance() > ActiveVariance),
            latents[0].Length,
            scans.Select(scan => scan.Psnr).Median(),
            [.. PrincipalComponents.FirstTwo(latents).Select(point => new[] { point.X, point.Y })],
            institutions);
    }

    /// <summary>Writes domain_gap.json, confusion matrices and the latent map into a folder.</summary>
    public static void Write(DomainAssessmentResult result, string folder)
    {
        JsonFile.Write(Path.Combine(folder, "domain_gap.json"), result, JsonFile.OwnStyle);
        for (var i = 0; i < result.Measures.Count; i++)
        {
            Confusion(result, i).Write(Path.Combine(folder, $"confusion_{i + 1}"));
        }

        LatentMap(result).Write(Path.Combine(folder, "latent"));
    }

    /// <summary>The confusion matrix of one measure.</summary>
    public static Figure Confusion(DomainAssessmentResult result, int measure)
    {
        var rows = result.Measures[measure].Confusion;
        var counts = new int[rows.Count, rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j < rows.Count; j++)
            {
                counts[i, j] = rows[i][j];
            }
        }

        return new ConfusionChart { Classes = result.Institutions, Counts = counts, Title = result.Measures[measure].Features }.Draw();
    }

    /// <summary>The scans' latent codes in their first two principal components, colored by institution.</summary>
    public static Figure LatentMap(DomainAssessmentResult result) => new ScatterChart
    {
        XLabel = "first principal component",
        YLabel = "second principal component",
        Groups = [.. result.Institutions.Select(name => new PointGroup(
            name, [.. result.LatentPoints.Zip(result.InstitutionOfCase).Where(pair => pair.Second == name).Select(pair => (pair.First[0], pair.First[1]))]))],
    }.Draw();

    private sealed record ScanFeatures(
        double[] OriginalStatistics, double[] HarmonizedStatistics, double[] OriginalLatent, double[] HarmonizedLatent, double Psnr)
    {
        public static ScanFeatures Of(Volume original, VaeHarmonizer harmonizer)
        {
            var harmonized = harmonizer.Apply(original);
            return new ScanFeatures(
                ImageStatistics.Of(original).ToArray(),
                ImageStatistics.Of(harmonized).ToArray(),
                harmonizer.Latent(original),
                harmonizer.Latent(harmonized),
                PeakSignalToNoise.Compute(original, harmonized));
        }
    }
}
