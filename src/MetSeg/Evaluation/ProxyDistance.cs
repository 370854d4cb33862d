namespace MetSeg.Evaluation;

/// <summary>The proxy distance of one pair of domains.</summary>
/// <param name="First">One domain.</param>
/// <param name="Second">The other.</param>
/// <param name="Error">ε: mean over both domains of the share of samples that the classifier takes for the other's.</param>
public sealed record PairDistance(string First, string Second, double Error)
{
    /// <summary>2(1 − 2ε).</summary>
    public double Distance => 2 * (1 - (2 * Error));
}

/// <summary>The proxy distances of all pairs of domains.</summary>
/// <param name="Pairs">Every pair, sorted by name.</param>
public sealed record ProxyDistanceResult(IReadOnlyList<PairDistance> Pairs)
{
    /// <summary>Mean distance over all pairs.</summary>
    public double Mean => Pairs.Average(pair => pair.Distance);
}

/// <summary>
/// The proxy 𝒜-distance 2(1 − 2ε) of two domains, where ε is the error of a classifier that tells them apart: 2 where it always can, 0 where it
/// does no better than guessing, somewhat below 0 by chance.
/// </summary>
/// <remarks>
/// Ben-David et al., Analysis of representations for domain adaptation, NIPS 2006 (2007), section 5. The classifier is that of
/// <see cref="DomainGap"/>, cross-validated; ε is balanced, so that naming the larger domain always gives 0 and not a distance.
/// </remarks>
public static class ProxyDistance
{
    /// <summary>Measures the distances of all pairs of domains.</summary>
    /// <inheritdoc cref="DomainGap.Assess(double[][], string[], int, long, string[])"/>
    public static ProxyDistanceResult Assess(double[][] features, string[] domains, int folds = 5, long seed = 1, string[]? patients = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var samples = DomainSamples.Of(features, domains, patients);
        return new ProxyDistanceResult([.. samples.Pairs.Select(pair => new PairDistance(
            pair.First, pair.Second, 1 - DomainGap.Assess(samples.Only(pair.First, pair.Second), folds, seed).BalancedAccuracy))]);
    }
}
