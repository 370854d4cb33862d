using MetSeg.Statistics;

namespace MetSeg.Learning.Harmonization;

/// <summary>What a harmonizer says of a scan beside its harmonization.</summary>
/// <param name="Latent">Its latent code as one vector.</param>
/// <param name="ReconstructionError">Mean absolute error of its reconstruction in [−1, 1], outside the background.</param>
public sealed record ScanDescription(double[] Latent, double ReconstructionError);

/// <summary>
/// What the scans are like that a harmonizer was made with, so that it can say how unlike them another scan is. Kept beside the harmonizer:
/// mean and covariance of latent codes, centers of at least three scans each, and percentiles; no scan's own latent code, and no name.
/// </summary>
/// <remarks>Mahalanobis distance of features: Lee et al., NeurIPS 2018. Distance to neighbors: Sun et al., ICML 2022; ours are centers.</remarks>
public sealed record OutOfDistribution
{
    /// <summary>Name of the file in a harmonizer's folder.</summary>
    public const string FileName = "distribution.json";

    /// <summary>Fewest scans that a center, or a direction of the covariance, stands for.</summary>
    public const int ScansPerCenter = 3;

    private const int MostComponents = 10;
    private const int MostCenters = 8;
    private const int Folds = 10;

    /// <summary>Number of scans.</summary>
    public required int Scans { get; init; }

    /// <summary>Their latent codes: covariance by Ledoit and Wolf, at most 10 directions, one for three scans.</summary>
    public required ShrunkGaussian Latents { get; init; }

    /// <summary>Centers of groups of three scans or more: at most 8.</summary>
    public required IReadOnlyList<Cluster> Centers { get; init; }

    /// <summary>Mahalanobis distances of scans from the mean of others.</summary>
    public required QuantileTable MahalanobisPercentiles { get; init; }

    /// <summary>Mahalanobis distances of scans from the nearest center of others.</summary>
    public required QuantileTable CenterPercentiles { get; init; }

    /// <summary>Reconstruction errors.</summary>
    public required QuantileTable ErrorPercentiles { get; init; }

    /// <summary>
    /// Describes what scans are like. A scan's own distance, for the percentiles, is taken without it: the scans are left out in ten parts, and
    /// those that chose the weights are measured alike.
    /// </summary>
    /// <param name="scans">Scans that the harmonizer learnt from and scans that chose its weights.</param>
    /// <param name="seed">Seed of the centers.</param>
    /// <returns>Null where there are fewer than four scans: they would be the description themselves.</returns>
    public static OutOfDistribution? Calibrate(IReadOnlyList<ScanDescription> scans, long seed)
    {
        if (scans.Count <= ScansPerCenter)
        {
            return null;
        }

        double[][] latents = [.. scans.Select(scan => scan.Latent)];
        var folds = Math.Min(Folds, scans.Count);
        var distances = new (double Mean, double Center)[scans.Count];
        Parallel.For(0, folds, fold =>
        {
            var (others, centers) = Fit([.. latents.Where((_, i) => i % folds != fold)], seed);
            for (var i = fold; i < latents.Length; i += folds)
            {
                distances[i] = (others.Mahalanobis(latents[i]), Nearest(others, centers, latents[i]));
            }
        });
        var (gaussian, all) = Fit(latents, seed);
        return new OutOfDistribution
        {
            Scans = scans.Count,
            Latents = gaussian,
            Centers = all,
            MahalanobisPercentiles = QuantileTable.Of(distances.Select(distance => distance.Mean)),
            CenterPercentiles = QuantileTable.Of(distances.Select(distance => distance.Center)),
            ErrorPercentiles = QuantileTable.Of(scans.Select(scan => scan.ReconstructionError)),
        };
    }

    /// <summary>How unlike these scans another one is.</summary>
    public DistributionScore Score(ScanDescription scan)
    {
        var (mean, center, error) = (Latents.Mahalanobis(scan.Latent), Nearest(Latents, Centers, scan.Latent), scan.ReconstructionError);
        return new DistributionScore(Place(MahalanobisPercentiles, mean), Place(CenterPercentiles, center), Place(ErrorPercentiles, error), Scans);
    }

    private static PlacedValue Place(QuantileTable percentiles, double value) =>
        new(value, percentiles.ShareBelow(value), percentiles.IsBeyond(value));

    private static (ShrunkGaussian Gaussian, IReadOnlyList<Cluster> Centers) Fit(double[][] latents, long seed)
    {
        var groups = latents.Length / ScansPerCenter;
        var gaussian = ShrunkGaussian.Fit(latents, Math.Min(MostComponents, groups));
        return (gaussian, Clusters.Find(latents, gaussian.Distance, Math.Min(MostCenters, groups), ScansPerCenter, Seeds.Generator(seed, "centers")));
    }

    private static double Nearest(ShrunkGaussian gaussian, IReadOnlyList<Cluster> centers, double[] latent) =>
        centers.Min(center => gaussian.Distance(latent, center.Center));
}
