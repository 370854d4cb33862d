namespace MetSeg.Evaluation;

/// <summary>
/// What t-SNE minimizes: the Kullback–Leibler divergence of the neighborhoods in the plane, q ∝ 1/(1 + d²), from those of the features, p.
/// </summary>
/// <param name="probabilities">p.</param>
/// <param name="theta">Accuracy of the repulsion; see <see cref="TSneOptions.Theta"/>.</param>
/// <remarks>van der Maaten, JMLR 2014;15:3221, equations 1 to 5 and 8.</remarks>
internal sealed class TSneObjective(NeighborProbabilities probabilities, double theta)
{
    /// <summary>The gradient with p multiplied by an exaggeration.</summary>
    /// <param name="points">x and y of each point in turn.</param>
    /// <param name="exaggeration">1 for the gradient of <see cref="Divergence"/>.</param>
    public double[] Gradient(double[] points, double exaggeration = 1)
    {
        var repulsion = Repulsion(points);
        var weight = repulsion.Sum(one => one.Weight);
        var gradient = new double[points.Length];
        Parallel.For(0, probabilities.Count, i =>
        {
            var (x, y) = (0.0, 0.0);
            foreach (var (j, probability) in probabilities.Of(i))
            {
                var (dx, dy) = (points[2 * i] - points[2 * j], points[(2 * i) + 1] - points[(2 * j) + 1]);
                var attraction = exaggeration * probability / (1 + (dx * dx) + (dy * dy));
                (x, y) = (x + (attraction * dx), y + (attraction * dy));
            }

            gradient[2 * i] = 4 * (x - (repulsion[i].X / weight));
            gradient[(2 * i) + 1] = 4 * (y - (repulsion[i].Y / weight));
        });
        return gradient;
    }

    /// <summary>Σ p·ln(p/q) in nats.</summary>
    /// <param name="points">x and y of each point in turn.</param>
    public double Divergence(double[] points)
    {
        var weight = Repulsion(points).Sum(one => one.Weight);
        var sum = 0.0;
        for (var i = 0; i < probabilities.Count; i++)
        {
            foreach (var (j, probability) in probabilities.Of(i))
            {
                var (dx, dy) = (points[2 * i] - points[2 * j], points[(2 * i) + 1] - points[(2 * j) + 1]);
                sum += probability > 0 ? probability * Math.Log(probability * weight * (1 + (dx * dx) + (dy * dy))) : 0;
            }
        }

        return sum;
    }

    private (double X, double Y, double Weight)[] Repulsion(double[] points)
    {
        var tree = new QuadTree(points);
        var repulsion = new (double X, double Y, double Weight)[probabilities.Count];
        Parallel.For(0, repulsion.Length, i => repulsion[i] = tree.Repulsion(i, theta));
        return repulsion;
    }
}
