namespace MetSeg.Evaluation;

/// <summary>The squared maximum mean discrepancy of two domains, or its mean over all pairs of several.</summary>
/// <param name="Biased">V-statistic, diagonal included: never negative, but above 0 even for equal distributions, the more the fewer samples.</param>
/// <param name="Unbiased">U-statistic: 0 on average for equal distributions, so it may be negative.</param>
/// <param name="P">
/// Share of permutations of the domains whose <paramref name="Unbiased"/> is at least as great, the observed one counted: (1 + #≥)/(1 + n).
/// NaN where none were made.
/// </param>
public sealed record Discrepancy(double Biased, double Unbiased, double P);

/// <summary>The discrepancy of one pair of domains.</summary>
/// <param name="First">One domain.</param>
/// <param name="Second">The other.</param>
/// <param name="Discrepancy">Its value; the test permutes the two domains alone.</param>
public sealed record PairDiscrepancy(string First, string Second, Discrepancy Discrepancy);

/// <summary>How far the distributions of several domains lie apart, by kernels.</summary>
/// <param name="Mean">Mean over all pairs; its test permutes all domains together.</param>
/// <param name="Pairs">Every pair, sorted by name.</param>
/// <param name="Sigmas">The kernels' widths, in the features' unit; the kernel is the mean over them, the same for every pair.</param>
/// <param name="Untested">Why there is no p; null where there is.</param>
public sealed record KernelDiscrepancyResult(
    Discrepancy Mean, IReadOnlyList<PairDiscrepancy> Pairs, IReadOnlyList<double> Sigmas, string? Untested);
