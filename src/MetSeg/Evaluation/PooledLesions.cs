namespace MetSeg.Evaluation;

/// <summary>
/// Lesion scores of a group whose counts are summed over its cases, so that every lesion weighs the same. The papers' tables are pooled;
/// an F1 of these differs from the mean of the cases' F1.
/// </summary>
/// <param name="Scores">The summed counts and what follows from them.</param>
/// <param name="Cases">Number of cases.</param>
/// <param name="Intervals">95 % confidence intervals by bootstrap over cases, by score: sensitivity, precision, f1, f2.</param>
public sealed record PooledLesions(LesionScores Scores, int Cases, IReadOnlyDictionary<string, (double Low, double High)> Intervals)
{
    /// <summary>False positives per case, over all cases.</summary>
    public double FalsePositivesPerCase => (double)Scores.FalsePositives / Cases;

    /// <summary>Pools cases.</summary>
    /// <param name="cases">The scores of each case.</param>
    /// <param name="resamples">Number of bootstrap resamples.</param>
    /// <param name="random">Draws the resamples.</param>
    public static PooledLesions Of(IReadOnlyList<LesionScores> cases, int resamples, Random random)
    {
        var none = new LesionScores(0, 0, 0);
        var intervals = ScoreNames.ToDictionary(score => score.Name, score => MetricSummary.Interval(
            cases.Count, resamples, random, drawn => score.Of(drawn.Aggregate(none, (sum, i) => sum + cases[i]))));
        return new PooledLesions(cases.Aggregate(none, LesionScores.Add), cases.Count, intervals);
    }

    /// <summary>The scores with an interval, by their name in metrics.json.</summary>
    internal static IReadOnlyList<(string Name, Func<LesionScores, double> Of)> ScoreNames { get; } =
    [
        ("sensitivity", scores => scores.Sensitivity), ("precision", scores => scores.Precision),
        ("f1", scores => scores.F1), ("f2", scores => scores.F2),
    ];
}
