using System.Globalization;
using System.Text.Json.Serialization;

namespace MetSeg.Learning.Harmonization;

/// <summary>A value and its place among those of the scans that a harmonizer was made with.</summary>
/// <param name="Value">The value.</param>
/// <param name="Percentile">The share of those scans whose value is smaller, from 0 to 1.</param>
/// <param name="IsBeyond">Whether it lies above their 99th percentile.</param>
public sealed record PlacedValue(double Value, double Percentile, bool IsBeyond);

/// <summary>How unlike the scans that a harmonizer was made with a scan is.</summary>
/// <param name="Mahalanobis">Mahalanobis distance of its latent code from their mean.</param>
/// <param name="NearestCenter">Mahalanobis distance from the nearest center of three of them or more.</param>
/// <param name="ReconstructionError">Mean absolute error of its reconstruction in [−1, 1].</param>
/// <param name="Scans">Number of those scans; of fewer than a hundred, the 99th percentile lies just below their maximum.</param>
public sealed record DistributionScore(PlacedValue Mahalanobis, PlacedValue NearestCenter, PlacedValue ReconstructionError, int Scans)
{
    /// <summary>The columns of a table of scores.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "mahalanobis", "mahalanobis_percentile", "nearest_center", "nearest_center_percentile", "reconstruction_error", "reconstruction_error_percentile",
        "out_of_distribution",
    ];

    /// <summary>Whether one of the values lies above the 99th percentile.</summary>
    [JsonIgnore]
    public bool IsBeyond => Mahalanobis.IsBeyond || NearestCenter.IsBeyond || ReconstructionError.IsBeyond;

    /// <summary>The values in one line.</summary>
    [JsonIgnore]
    public string Text =>
        $"out of distribution: Mahalanobis {Of(Mahalanobis)}, nearest center {Of(NearestCenter)}, reconstruction error {Of(ReconstructionError)}, among {Scans} scans";

    /// <summary>What the user should know, in a sentence; null where no value is beyond.</summary>
    [JsonIgnore]
    public string? Warning => IsBeyond
        ? $"unlike the {Scans} scans that its harmonizer was made with: {string.Join(" and ", Beyond())} above their 99th percentile. Trust its result less, and look at the scan."
        : null;

    /// <summary>The cells of a table of scores, one for each of <see cref="Columns"/>; empty for no score.</summary>
    public static IEnumerable<string> Cells(DistributionScore? score)
    {
        if (score is null)
        {
            return Columns.Select(_ => "");
        }

        PlacedValue[] values = [score.Mahalanobis, score.NearestCenter, score.ReconstructionError];
        return [.. values.SelectMany(one => new[] { Files.CsvFile.Number(one.Value), Files.CsvFile.Number(one.Percentile) }), score.IsBeyond ? "yes" : "no"];
    }

    private IEnumerable<string> Beyond() =>
        new[] { (Mahalanobis, "Mahalanobis distance"), (NearestCenter, "distance to the nearest center"), (ReconstructionError, "reconstruction error") }
            .Where(one => one.Item1.IsBeyond).Select(one => one.Item2);

    private static string Of(PlacedValue one) => string.Create(CultureInfo.InvariantCulture, $"{one.Value:0.###} p {one.Percentile:0.00}");
}
