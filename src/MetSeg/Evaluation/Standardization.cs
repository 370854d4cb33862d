namespace MetSeg.Evaluation;

/// <summary>Brings features of different units to mean 0 and population standard deviation 1; one that does not vary keeps its scale.</summary>
public sealed class Standardization
{
    private const double LeastVariation = 1e-12;
    private readonly double[] means;
    private readonly double[] scales;

    private Standardization(double[] means, double[] scales) => (this.means, this.scales) = (means, scales);

    /// <summary>Number of features.</summary>
    public int Length => means.Length;

    /// <summary>Takes means and deviations from samples.</summary>
    /// <param name="features">One row per sample, equally long; at least one.</param>
    public static Standardization Fit(IReadOnlyList<double[]> features)
    {
        var (means, scales) = (new double[features[0].Length], new double[features[0].Length]);
        for (var j = 0; j < means.Length; j++)
        {
            means[j] = features.Average(row => row[j]);
            var sd = Math.Sqrt(features.Average(row => (row[j] - means[j]) * (row[j] - means[j])));
            scales[j] = sd > LeastVariation * Math.Abs(means[j]) ? sd : 1;
        }

        return new Standardization(means, scales);
    }

    /// <summary>A sample, standardized.</summary>
    public double[] Apply(double[] row) => [.. row.Select((value, j) => (value - means[j]) / scales[j])];

    /// <summary>Samples, standardized by themselves.</summary>
    /// <inheritdoc cref="Fit" path="/param"/>
    public static double[][] Of(IReadOnlyList<double[]> features) => [.. features.Select(Fit(features).Apply)];
}
