namespace MetSeg.Evaluation;

/// <summary>A contour metric over all lesions of a group that were found.</summary>
/// <param name="Mean">Mean over lesions, each of the same weight; NaN where none was found.</param>
/// <param name="Sd">Sample standard deviation over lesions; NaN for fewer than two.</param>
/// <param name="CiLow">Lower end of the 95 % confidence interval of the mean, by bootstrap over patients; NaN for fewer than two.</param>
/// <param name="CiHigh">Upper end of it.</param>
/// <param name="N">Number of lesions: misses are not in it, which flatters a model that finds only what is easy.</param>
public sealed record LesionContourSummary(double Mean, double Sd, double CiLow, double CiHigh, int N);

/// <summary>
/// Lesion scores of a group whose counts are summed over its cases, so that every lesion weighs the same. The papers' tables are pooled;
/// an F1 of these differs from the mean of the cases' F1.
/// </summary>
/// <param name="Scores">The summed counts and what follows from them.</param>
/// <param name="Cases">Number of cases.</param>
/// <param name="Intervals">95 % confidence intervals by bootstrap over patients, by score.</param>
/// <param name="Contours">Dice, HD95 (mm) and surface Dice of the lesions found, by name: dice, hd95, surfaceDice.</param>
public sealed record PooledLesions(
    LesionScores Scores,
    int Cases,
    IReadOnlyDictionary<string, (double Low, double High)> Intervals,
    IReadOnlyDictionary<string, LesionContourSummary> Contours)
{
    /// <summary>False positives per case, over all cases.</summary>
    public double FalsePositivesPerCase => (double)Scores.FalsePositives / Cases;

    /// <summary>The scores with an interval, by their name in metrics.json.</summary>
    internal static IReadOnlyList<(string Name, Func<LesionScores, double> Of)> ScoreNames { get; } =
    [
        ("sensitivity", scores => scores.Sensitivity), ("precision", scores => scores.Precision),
        ("componentPrecision", scores => scores.ComponentPrecision), ("f1", scores => scores.F1), ("f2", scores => scores.F2),
    ];

    private static readonly (string Name, Func<LesionEvaluation, double> Of)[] contourNames =
    [
        ("dice", lesion => lesion.Dice), ("hd95", lesion => lesion.Hd95), ("surfaceDice", lesion => lesion.SurfaceDice),
    ];

    /// <summary>Pools cases.</summary>
    /// <param name="cases">Patient and lesions of each case.</param>
    /// <param name="resamples">Number of bootstrap resamples.</param>
    /// <param name="random">Draws the resamples.</param>
    public static PooledLesions Of(
        IReadOnlyList<(string Patient, LesionScores Scores, IReadOnlyList<LesionEvaluation> Lesions)> cases, int resamples, Random random)
    {
        var resampling = new PatientResampling([.. cases.Select(one => one.Patient)], resamples);
        var intervals = ScoreNames.ToDictionary(score => score.Name, score => resampling.Interval(random, drawn =>
            score.Of(Sum(drawn.Select(i => cases[i].Scores)))));
        var patients = resampling.Interval(random, drawn => drawn.Sum(i => (double)cases[i].Scores.FalsePositives) / drawn.Count);
        intervals["falsePositivesPerCase"] = patients;
        var contours = contourNames.ToDictionary(contour => contour.Name, contour => Contour([.. cases.Select(one =>
            one.Lesions.Where(lesion => lesion is { Detected: true, Counts: true }).Select(contour.Of).ToArray())], resampling, random));
        return new PooledLesions(Sum(cases.Select(one => one.Scores)), cases.Count, intervals, contours);
    }

    private static LesionScores Sum(IEnumerable<LesionScores> scores) => scores.Aggregate(new LesionScores(0, 0, 0), LesionScores.Add);

    private static LesionContourSummary Contour(double[][] cases, PatientResampling resampling, Random random)
    {
        var sums = cases.Select(values => values.Sum()).ToArray();
        var all = cases.SelectMany(values => values).ToArray();
        var mean = all.Length == 0 ? double.NaN : all.Average();
        var (low, high) = resampling.Interval(random, drawn => drawn.Sum(i => sums[i]) / drawn.Sum(i => cases[i].Length));
        return new LesionContourSummary(mean, Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1)), low, high, all.Length);
    }
}
