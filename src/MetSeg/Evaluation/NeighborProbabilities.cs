namespace MetSeg.Evaluation;

/// <summary>
/// The probabilities p with which t-SNE sees samples as neighbors: pᵢⱼ = (pⱼ|ᵢ + pᵢ|ⱼ)/2n, each conditional one a Gaussian as wide as gives the
/// perplexity. Symmetric; their sum is 1.
/// </summary>
/// <remarks>van der Maaten, Accelerating t-SNE using tree-based algorithms, JMLR 2014;15:3221, equations 6 and 7.</remarks>
internal sealed class NeighborProbabilities
{
    private const int MostBisections = 200;
    private const double EntropyTolerance = 1e-10;

    private readonly (int Sample, double Probability)[][] rows;

    private NeighborProbabilities((int, double)[][] rows) => this.rows = rows;

    /// <summary>Number of samples.</summary>
    public int Count => rows.Length;

    /// <summary>Computes the probabilities, by looking at every pair of samples.</summary>
    /// <param name="features">One row per sample, equally long; at least two.</param>
    /// <param name="perplexity">From 1 to the number of other samples.</param>
    /// <param name="neighbors">How many nearest neighbors each sample has a conditional probability for.</param>
    public static NeighborProbabilities Of(double[][] features, double perplexity, int neighbors)
    {
        var conditional = new (int Sample, double Probability)[features.Length][];
        Parallel.For(0, features.Length, i => conditional[i] = Conditional(features, i, perplexity, neighbors));
        var sums = features.Select(_ => new SortedDictionary<int, double>()).ToArray();
        for (var i = 0; i < conditional.Length; i++)
        {
            foreach (var (j, probability) in conditional[i])
            {
                var half = probability / (2 * conditional.Length);
                sums[i][j] = sums[i].GetValueOrDefault(j) + half;
                sums[j][i] = sums[j].GetValueOrDefault(i) + half;
            }
        }

        return new NeighborProbabilities([.. sums.Select(row => row.Select(pair => (pair.Key, pair.Value)).ToArray())]);
    }

    /// <summary>The neighbors of a sample, ascending, with their probabilities.</summary>
    public ReadOnlySpan<(int Sample, double Probability)> Of(int sample) => rows[sample];

    private static (int, double)[] Conditional(double[][] features, int sample, double perplexity, int neighbors)
    {
        var distances = new double[features.Length];
        for (var j = 0; j < distances.Length; j++)
        {
            for (var k = 0; k < features[j].Length; k++)
            {
                distances[j] += (features[sample][k] - features[j][k]) * (features[sample][k] - features[j][k]);
            }
        }

        var nearest = Enumerable.Range(0, distances.Length).Where(j => j != sample).OrderBy(j => distances[j]).Take(neighbors).ToArray();
        var probabilities = Gaussian([.. nearest.Select(j => distances[j])], Math.Log(perplexity));
        return [.. nearest.Zip(probabilities)];
    }

    /// <summary>exp(−β·d²), normalized, with the β that gives an entropy, found by bisection.</summary>
    private static double[] Gaussian(double[] squared, double entropy)
    {
        var (mean, nearest) = (squared.Average(), squared[0]);
        var scaled = Array.ConvertAll(squared, distance => mean > 0 ? (distance - nearest) / mean : 0);
        var (beta, low, high) = (1.0, 0.0, double.PositiveInfinity);
        var probabilities = new double[squared.Length];
        for (var bisection = 0; bisection < MostBisections; bisection++)
        {
            var excess = Fill(probabilities, scaled, beta) - entropy;
            if (Math.Abs(excess) < EntropyTolerance)
            {
                break;
            }

            (low, high) = excess > 0 ? (beta, high) : (low, beta);
            beta = double.IsInfinity(high) ? 2 * beta : (low + high) / 2;
        }

        return probabilities;
    }

    /// <summary>Writes the probabilities and returns their entropy.</summary>
    private static double Fill(double[] probabilities, double[] scaled, double beta)
    {
        var (sum, weighted) = (0.0, 0.0);
        for (var j = 0; j < scaled.Length; j++)
        {
            probabilities[j] = Math.Exp(-beta * scaled[j]);
            sum += probabilities[j];
            weighted += beta * scaled[j] * probabilities[j];
        }

        for (var j = 0; j < scaled.Length; j++)
        {
            probabilities[j] /= sum;
        }

        return Math.Log(sum) + (weighted / sum);
    }
}
