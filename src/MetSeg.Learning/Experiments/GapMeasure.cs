using MetSeg.Evaluation;

namespace MetSeg.Learning.Experiments;

/// <summary>How far apart the institutions are in one kind of features.</summary>
public sealed record GapMeasure
{
    /// <summary>What was looked at, such as "original images, intensity statistics".</summary>
    public required string Features { get; init; }

    /// <summary>Cross-validated accuracy of a linear classifier of the institution; a patient's scans share a fold.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean over institutions of the share recognized; compare with <see cref="ChanceRate"/>.</summary>
    public required double BalancedAccuracy { get; init; }

    /// <summary>Mean F1 over institutions.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>1 / number of institutions.</summary>
    public required double ChanceRate { get; init; }

    /// <summary>Accuracy of always naming the most frequent institution.</summary>
    public required double MajorityRate { get; init; }

    /// <summary>Number of folds.</summary>
    public required int Folds { get; init; }

    /// <summary>Scans by true (row) and predicted (column) institution.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>Squared maximum mean discrepancy with the median heuristic, and its permutation test over patients.</summary>
    public required KernelDiscrepancyResult Discrepancy { get; init; }

    /// <summary>Proxy 𝒜-distance of each pair of institutions.</summary>
    public required ProxyDistanceResult ProxyDistance { get; init; }

    /// <summary>Each scan in the plane by t-SNE.</summary>
    public required IReadOnlyList<double[]> Neighborhoods { get; init; }

    /// <summary>The perplexity of the t-SNE.</summary>
    public required double Perplexity { get; init; }

    /// <summary>Measures the gap.</summary>
    /// <param name="name">What the features are.</param>
    /// <param name="features">One row per scan, in units that compare: discrepancy and t-SNE take distances as they are.</param>
    /// <param name="institutions">The institution of each scan.</param>
    /// <param name="patients">The patient of each scan.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="MetSegException">There are fewer than two institutions, or one has a single patient.</exception>
    public static GapMeasure Of(string name, double[][] features, string[] institutions, string[] patients, CancellationToken cancellation)
    {
        var classifier = DomainGap.Assess(features, institutions, patients: patients);
        var embedding = TSne.Embed(features, cancellation: cancellation);
        return new GapMeasure
        {
            Features = name,
            Accuracy = classifier.Accuracy,
            BalancedAccuracy = classifier.BalancedAccuracy,
            MacroF1 = classifier.MacroF1,
            ChanceRate = classifier.ChanceRate,
            MajorityRate = classifier.MajorityRate,
            Folds = classifier.Folds,
            Confusion = classifier.Confusion,
            Discrepancy = KernelDiscrepancy.Assess(features, institutions, patients),
            ProxyDistance = Evaluation.ProxyDistance.Assess(features, institutions, patients: patients),
            Neighborhoods = [.. embedding.Points.Select(point => new[] { point.X, point.Y })],
            Perplexity = embedding.Perplexity,
        };
    }
}
