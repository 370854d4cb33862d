using MathNet.Numerics.LinearAlgebra;
using MetSeg.Statistics;
using Xunit;

namespace MetSeg.Tests.Statistics;

public class ShrunkGaussianTests
{
    [Theory]
    [InlineData(40, 3)]     // more vectors than entries
    [InlineData(6, 9)]      // fewer
    public void Distances_are_those_of_the_full_Ledoit_Wolf_covariance(int count, int length)
    {
        var vectors = Draw(count, length);
        var (mean, covariance) = LedoitWolf(vectors);

        var gaussian = ShrunkGaussian.Fit(vectors, components: length);

        foreach (var vector in Draw(5, length, seed: 9))
        {
            var difference = Vector<double>.Build.Dense(vector) - mean;
            Assert.Equal(Math.Sqrt(difference * covariance.Solve(difference)), gaussian.Mahalanobis(vector), tolerance: 1e-9);
        }
    }

    [Fact]
    public void Directions_lead_from_the_widest_and_the_rest_shares_what_is_left()
    {
        var vectors = Draw(200, 5).Select(vector => vector.Select((value, i) => value * (i == 2 ? 10 : i == 4 ? 3 : 1)).ToArray()).ToList();

        var gaussian = ShrunkGaussian.Fit(vectors, components: 2);

        Assert.Equal(2, gaussian.Directions.Count);
        Assert.True(gaussian.Directions[0][2] > 0.99 && gaussian.Directions[1][4] > 0.98);
        Assert.InRange(gaussian.Variances[0], 60, 140);
        Assert.InRange(gaussian.RestVariance, 0.7, 1.6);
    }

    [Fact]
    public void Shrinks_the_more_the_fewer_vectors_there_are() => Assert.True(
        ShrunkGaussian.Fit(Draw(8, 6), 6).Shrinkage > ShrunkGaussian.Fit([.. Draw(500, 6).Select(vector => vector.Select((value, i) => value * (i + 1)).ToArray())], 6).Shrinkage);

    [Fact]
    public void Equal_vectors_are_at_no_distance_and_all_others_far_away()
    {
        var gaussian = ShrunkGaussian.Fit([[1, 2], [1, 2], [1, 2]], 2);

        Assert.Equal(0, gaussian.Mahalanobis([1, 2]));
        Assert.True(gaussian.Mahalanobis([1, 2.001]) > 1e6);
        Assert.Throws<ArgumentException>(() => ShrunkGaussian.Fit([[1, 2]], 1));
        Assert.Throws<ArgumentException>(() => gaussian.Mahalanobis([1]));
    }

    /// <summary>The estimator as the paper writes it, entry by entry.</summary>
    private static (Vector<double> Mean, Matrix<double> Covariance) LedoitWolf(List<double[]> vectors)
    {
        var (n, p) = (vectors.Count, vectors[0].Length);
        var mean = vectors.Select(Vector<double>.Build.Dense).Aggregate((a, b) => a + b) / n;
        var centered = vectors.Select(vector => Vector<double>.Build.Dense(vector) - mean).ToList();
        var sample = centered.Select(x => x.OuterProduct(x)).Aggregate((a, b) => a + b) / n;
        double Squared(Matrix<double> a) => a.PointwisePower(2).Enumerate().Sum() / p;
        var average = sample.Trace() / p;
        var identity = Matrix<double>.Build.DenseIdentity(p);
        var dispersion = Squared(sample - (average * identity));
        var error = Math.Min(dispersion, centered.Sum(x => Squared(x.OuterProduct(x) - sample)) / n / n);
        return (mean, (error / dispersion * average * identity) + ((1 - (error / dispersion)) * sample));
    }

    private static List<double[]> Draw(int count, int length, int seed = 1)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => Normal()).ToArray())];
    }
}
