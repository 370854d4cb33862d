using MetSeg.Evaluation;
using MetSeg.Learning.Harmonization;
using MetSeg.Nifti;
using MetSeg.Preprocessing;

namespace MetSeg.Learning.Experiments;

/// <summary>What <see cref="DomainAssessment"/> keeps of one scan before and after harmonization.</summary>
internal sealed record ScanFeatures
{
    public required double[] OriginalStatistics { get; init; }

    public required double[] HarmonizedStatistics { get; init; }

    public required double[] OriginalLatent { get; init; }

    public required double[] HarmonizedLatent { get; init; }

    public required double Psnr { get; init; }

    public required double Ssim { get; init; }

    /// <summary>Contrast of each lesion of the original; null without a label map.</summary>
    public IReadOnlyList<LesionContrastValue>? OriginalContrast { get; private init; }

    /// <summary>Contrast of the same lesions of the harmonized scan.</summary>
    public IReadOnlyList<LesionContrastValue>? HarmonizedContrast { get; private init; }

    /// <summary>Reads, preprocesses and harmonizes a scan. Its label map has no influence on the images.</summary>
    public static ScanFeatures Of(Case one, VaeHarmonizer harmonizer, Plans plans)
    {
        var scan = NiftiReader.ReadVolume(one.ImagePaths[0]);
        var preprocessed = Preprocessor.Preprocess([scan], null, plans);
        var original = preprocessed.Channels[0];
        var harmonized = harmonizer.Apply(original);
        var features = new ScanFeatures
        {
            OriginalStatistics = ImageStatistics.Of(original).ToArray(),
            HarmonizedStatistics = ImageStatistics.Of(harmonized).ToArray(),
            OriginalLatent = harmonizer.Latent(original),
            HarmonizedLatent = harmonizer.Latent(harmonized),
            Psnr = PeakSignalToNoise.Compute(original, harmonized),
            Ssim = StructuralSimilarity.Compute(original, harmonized),
        };
        if (one.LabelPath is null)
        {
            return features;
        }

        var lesions = Preprocessor.ToPreprocessedGrid(Lesions(one, scan.Grid, plans.Labels), preprocessed.Geometry);
        var brain = Preprocessor.ToPreprocessedGrid(Nonzero(scan), preprocessed.Geometry);
        return features with
        {
            OriginalContrast = LesionContrast.Measure(original, lesions, brain),
            HarmonizedContrast = LesionContrast.Measure(harmonized, lesions, brain),
        };
    }

    /// <summary>1 where the reference has any label but background and "ignore".</summary>
    private static LabelMap Lesions(Case one, Grid grid, LabelScheme scheme)
    {
        var labels = NiftiReader.ReadLabelMap(one.LabelPath!);
        return labels.Grid.IsSameAs(grid, Preprocessor.GridToleranceMm)
            ? labels.Map(label => label != 0 && label != scheme.Ignore ? (byte)1 : (byte)0)
            : throw new GridMismatchException(
                $"'{one.LabelPath}' is on {labels.Grid} but '{one.ImagePaths[0]}' is on {grid}. Resample one onto the other first.");
    }

    private static LabelMap Nonzero(Volume scan) => new(scan.Grid, Array.ConvertAll(scan.Voxels.ToArray(), value => value != 0 ? (byte)1 : (byte)0));
}
