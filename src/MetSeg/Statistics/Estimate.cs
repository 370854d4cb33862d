namespace MetSeg.Statistics;

/// <summary>An estimated quantity with its confidence interval.</summary>
/// <param name="Name">What is estimated, such as "mean-difference" or "cliffs-delta".</param>
/// <param name="Value">The estimate; NaN where undefined.</param>
/// <param name="CiLow">Lower confidence limit, −∞ where the interval is one-sided; NaN where undefined or not computed.</param>
/// <param name="CiHigh">Upper confidence limit, +∞ where the interval is one-sided; NaN where undefined or not computed.</param>
/// <param name="Undefined">Why the value or its interval is NaN; null where both are defined or the interval was not asked for.</param>
public sealed record Estimate(string Name, double Value, double CiLow = double.NaN, double CiHigh = double.NaN, string? Undefined = null);
