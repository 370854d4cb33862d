namespace MetSeg.Evaluation;

/// <summary>An embedding in the plane.</summary>
/// <param name="Points">One point per sample. Neither unit nor direction means anything.</param>
/// <param name="Perplexity">The perplexity that was used: the one asked for, or less for few samples.</param>
/// <param name="Divergence">The Kullback–Leibler divergence reached, in nats: what the picture loses of the neighborhoods.</param>
public sealed record TSneResult(IReadOnlyList<(double X, double Y)> Points, double Perplexity, double Divergence);

/// <summary>
/// Puts feature vectors into the plane so that neighbors stay neighbors: Barnes–Hut t-SNE. Distances between groups and the sizes of groups mean
/// nothing, and a picture of few samples shows groups where there are none: a classifier says whether domains differ, not this.
/// </summary>
/// <remarks>
/// van der Maaten and Hinton, JMLR 2008;9:2579; van der Maaten, JMLR 2014;15:3221. It starts from the first two principal components, made small:
/// so the same vectors give the same picture (Kobak and Linderman, Nat Biotechnol 2021;39:156). Nearest neighbors are found by looking at every pair.
/// </remarks>
public static class TSne
{
    private const double StartSize = 1e-4;
    private const double ShiftShare = 1e-2;
    private const double EarlyMomentum = 0.5;
    private const double LateMomentum = 0.8;
    private const double LeastGain = 0.01;
    private const int NeighborsPerPerplexity = 3;

    /// <summary>Embeds the vectors.</summary>
    /// <param name="features">Vectors of equal length and finite numbers; at least two. Scale them first where their units differ.</param>
    /// <param name="options">Perplexity, accuracy, length, seed; null for the defaults.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="ArgumentException">There are fewer than two vectors, or they differ in length or hold numbers that are not finite.</exception>
    /// <exception cref="OptionsException">The options contradict themselves.</exception>
    public static TSneResult Embed(double[][] features, TSneOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new TSneOptions();
        OptionsException.ThrowIfAny("t-SNE", options.Problems());
        if (features.Length < 2 || features.Any(row => row.Length != features[0].Length || row.Length == 0 || !row.All(double.IsFinite)))
        {
            throw new ArgumentException("An embedding needs at least two vectors of equal length and finite numbers.", nameof(features));
        }

        var others = features.Length - 1;
        var perplexity = Math.Max(1, Math.Min(options.Perplexity, (double)others / NeighborsPerPerplexity));
        var neighbors = options.Theta == 0 ? others : Math.Min(others, (int)Math.Ceiling(NeighborsPerPerplexity * perplexity));
        var objective = new TSneObjective(NeighborProbabilities.Of(features, perplexity, neighbors), options.Theta);
        var points = Start(features, options.Seed);
        Descend(objective, points, options, cancellation);
        return new TSneResult(
            [.. Enumerable.Range(0, features.Length).Select(i => (points[2 * i], points[(2 * i) + 1]))], perplexity, objective.Divergence(points));
    }

    /// <summary>The principal components with a standard deviation of 10⁻⁴ along the first, and shifts of a hundredth of that.</summary>
    private static double[] Start(double[][] features, long seed)
    {
        var components = PrincipalComponents.FirstTwo(features);
        var deviation = Math.Sqrt(components.Average(point => point.X * point.X));
        var scale = deviation > 0 ? StartSize / deviation : 0;
        var random = Seeds.Generator(seed, "t-SNE");
        return [.. components.SelectMany(point => new[] { (scale * point.X) + Shift(), (scale * point.Y) + Shift() })];

        double Shift() => StartSize * ShiftShare * ((2 * random.NextDouble()) - 1);
    }

    /// <summary>Gradient descent with momentum and a gain for each coordinate that grows while its direction stays (Jacobs 1988).</summary>
    private static void Descend(TSneObjective objective, double[] points, TSneOptions options, CancellationToken cancellation)
    {
        var rate = options.LearningRate ?? (points.Length / 2 / (4 * options.EarlyExaggeration));
        var (step, gains) = (new double[points.Length], new double[points.Length]);
        Array.Fill(gains, 1);
        for (var iteration = 0; iteration < options.Iterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            var isEarly = iteration < options.ExaggeratedIterations;
            var gradient = objective.Gradient(points, isEarly ? options.EarlyExaggeration : 1);
            for (var k = 0; k < points.Length; k++)
            {
                gains[k] = Math.Max(step[k] * gradient[k] < 0 ? gains[k] + 0.2 : 0.8 * gains[k], LeastGain);
                step[k] = ((isEarly ? EarlyMomentum : LateMomentum) * step[k]) - (rate * gains[k] * gradient[k]);
                points[k] += step[k];
            }

            Center(points);
        }
    }

    private static void Center(double[] points)
    {
        for (var axis = 0; axis < 2; axis++)
        {
            var mean = 0.0;
            for (var k = axis; k < points.Length; k += 2)
            {
                mean += points[k] / (points.Length / 2);
            }

            for (var k = axis; k < points.Length; k += 2)
            {
                points[k] -= mean;
            }
        }
    }
}
