using System.Globalization;
using MetSeg.Evaluation;
using MetSeg.Files;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class TSneTests
{
    private static readonly double[][] blobs = Blobs(count: 90, domains: 3, dimensions: 10, seed: 1);

    [Fact]
    public void Defaults_are_those_of_the_paper()
    {
        var options = new TSneOptions();

        Assert.Equal((30, 0.5, 1000), (options.Perplexity, options.Theta, options.Iterations));
        Assert.Equal((12, 250, 1L), (options.EarlyExaggeration, options.ExaggeratedIterations, options.Seed));
        Assert.Null(options.LearningRate);
        Assert.Empty(options.Problems());
    }

    /// <summary>With two neighbors at equal distance either has probability ½; all together add up to 1.</summary>
    [Fact]
    public void Probabilities_are_symmetric_add_up_to_1_and_follow_by_hand()
    {
        var equilateral = NeighborProbabilities.Of([[0, 0], [1, 0], [0.5, Math.Sqrt(0.75)]], perplexity: 2, neighbors: 2);
        var many = NeighborProbabilities.Of(blobs, perplexity: 10, neighbors: 30);
        var matrix = new double[90, 90];
        for (var i = 0; i < 90; i++)
        {
            foreach (var (j, probability) in many.Of(i))
            {
                matrix[i, j] = probability;
            }
        }

        Assert.All(Enumerable.Range(0, 3), i => Assert.All(equilateral.Of(i).ToArray(), pair => Assert.Equal(1 / 6.0, pair.Probability, tolerance: 1e-12)));
        Assert.Equal(1, matrix.Cast<double>().Sum(), tolerance: 1e-12);
        Assert.All(Enumerable.Range(0, 90 * 90), place => Assert.Equal(matrix[place / 90, place % 90], matrix[place % 90, place / 90]));
    }

    /// <summary>Of two neighbors the nearer one's share s has the entropy ln 1.5, however far both are: p₀₁ = (s + s)/6, p₀₂ = (1 − s + s)/6.</summary>
    [Fact]
    public void A_gaussian_has_the_perplexity_asked_for()
    {
        var probabilities = NeighborProbabilities.Of([[0], [1], [-3]], perplexity: 1.5, neighbors: 2);

        var share = 3 * probabilities.Of(0)[0].Probability;
        Assert.Equal(Math.Log(1.5), -(share * Math.Log(share)) - ((1 - share) * Math.Log(1 - share)), tolerance: 1e-8);
        Assert.True(share > 0.5);
        Assert.Equal(1 / 6.0, probabilities.Of(0)[1].Probability, tolerance: 1e-9);
        Assert.Equal((1 - share) / 3, probabilities.Of(1)[1].Probability, tolerance: 1e-9);
    }

    [Fact]
    public void The_gradient_is_that_of_the_divergence()
    {
        var objective = new TSneObjective(NeighborProbabilities.Of(blobs[..20], perplexity: 5, neighbors: 19), theta: 0);
        var random = new Random(2);
        double[] points = [.. Enumerable.Range(0, 40).Select(_ => 3 * random.NextDouble())];

        var gradient = objective.Gradient(points);

        for (var k = 0; k < points.Length; k++)
        {
            var (more, less) = (points.ToArray(), points.ToArray());
            (more[k], less[k]) = (points[k] + 1e-5, points[k] - 1e-5);
            Assert.Equal((objective.Divergence(more) - objective.Divergence(less)) / 2e-5, gradient[k], tolerance: 1e-8);
        }
    }

    [Theory]
    [InlineData(0, 1e-12)]
    [InlineData(0.2, 2e-3)]
    [InlineData(0.5, 2e-2)]
    public void The_tree_repels_as_all_pairs_do(double theta, double tolerance)
    {
        var random = new Random(3);
        double[] points = [.. Enumerable.Range(0, 600).Select(k => (10 * random.NextDouble()) + (k < 100 ? 40 : 0))];
        points[1] = points[3] = points[5] = 7;      // the same place three times
        points[0] = points[2] = points[4] = 7;
        var tree = new QuadTree(points);
        var largest = Enumerable.Range(0, 300).Max(i => Math.Abs(Exact(i).X));

        for (var i = 0; i < 300; i++)
        {
            var (expected, actual) = (Exact(i), tree.Repulsion(i, theta));
            Assert.Equal(expected.Weight, actual.Weight, tolerance: tolerance * expected.Weight);
            Assert.Equal(expected.X, actual.X, tolerance: tolerance * largest);
            Assert.Equal(expected.Y, actual.Y, tolerance: tolerance * largest);
        }

        (double X, double Y, double Weight) Exact(int i)
        {
            var (x, y, weight) = (0.0, 0.0, 0.0);
            for (var j = 0; j < 300; j++)
            {
                if (j != i)
                {
                    var (dx, dy) = (points[2 * i] - points[2 * j], points[(2 * i) + 1] - points[(2 * j) + 1]);
                    var kernel = 1 / (1 + (dx * dx) + (dy * dy));
                    (x, y, weight) = (x + (kernel * kernel * dx), y + (kernel * kernel * dy), weight + kernel);
                }
            }

            return (x, y, weight);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Groups_that_lie_apart_stay_apart(double theta)
    {
        var points = Embed(blobs, new TSneOptions { Perplexity = 10, Theta = theta }).Points;

        for (var i = 0; i < points.Count; i++)
        {
            var nearest = Enumerable.Range(0, points.Count).Where(j => j != i).MinBy(j => Squared(points[i], points[j]));
            Assert.Equal(i % 3, nearest % 3);
        }
    }

    [Fact]
    public void The_tree_reaches_the_divergence_of_all_pairs()
    {
        double[][] cloud = Blobs(count: 120, domains: 1, dimensions: 6, seed: 4);

        var (exact, fast) = (Embed(cloud, new TSneOptions { Theta = 0 }), Embed(cloud));

        Assert.InRange(fast.Divergence / exact.Divergence, 0.9, 1.1);
    }

    /// <summary>scikit-learn's TSNE(init="pca", learning_rate="auto") on the golden latent codes.</summary>
    [Fact]
    public void The_divergence_is_as_low_as_that_of_scikit_learn()
    {
        var path = SharedData.PathOf("golden/statistics/latent.csv");
        double[][] features = [.. CsvFile.Read(path).Select(row => Enumerable.Range(0, 16).Select(j => double.Parse(row[$"z{j}"])).ToArray())];
        var peer = double.Parse(PythonPeer.Run("numpy, sklearn", """
            import sys, numpy
            from sklearn.manifold import TSNE
            rows = numpy.genfromtxt(sys.argv[1], delimiter=",", skip_header=1)[:, 1:]
            embedding = TSNE(init="pca", learning_rate="auto", random_state=1)
            embedding.fit(rows)
            print(embedding.kl_divergence_)
            """, path), CultureInfo.InvariantCulture);

        Assert.InRange(Embed(features).Divergence / peer, 0.5, 1.03);
    }

    [Fact]
    public void The_same_seed_gives_the_same_picture_and_another_seed_nearly_as_good_a_one()
    {
        var (first, again, other) = (Embed(blobs), Embed(blobs), Embed(blobs, new TSneOptions { Seed = 2 }));

        Assert.Equal(first.Points, again.Points);
        Assert.NotEqual(first.Points, other.Points);
        Assert.InRange(other.Divergence / first.Divergence, 0.8, 1.25);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(10, 3)]
    [InlineData(90, 89 / 3.0)]
    public void Few_samples_lower_the_perplexity(int count, double perplexity)
    {
        var result = Embed(blobs[..count], new TSneOptions { Iterations = 300 });

        Assert.Equal(perplexity, result.Perplexity);
        Assert.Equal(count, result.Points.Count);
        Assert.All(result.Points, point => Assert.True(double.IsFinite(point.X + point.Y)));
    }

    [Fact]
    public void Samples_that_are_all_alike_do_not_break_it()
    {
        var result = Embed([.. Enumerable.Range(0, 12).Select(_ => new[] { 3.0, 3 })], new TSneOptions { Iterations = 300 });

        Assert.All(result.Points, point => Assert.True(double.IsFinite(point.X + point.Y)));
        Assert.True(result.Divergence >= -1e-9);
    }

    [Fact]
    public void What_cannot_be_embedded_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Embed([[1, 2]]));
        Assert.Throws<ArgumentException>(() => Embed([[1, 2], [1]]));
        Assert.Throws<ArgumentException>(() => Embed([[1, 2], [1, double.NaN]]));
        var message = Assert.Throws<OptionsException>(() => Embed(blobs, new TSneOptions { Perplexity = 0, Theta = 2, Iterations = 0 })).Message;
        Assert.All(["perplexity", "theta", "iterations"], name => Assert.Contains(name, message));
    }

    private static TSneResult Embed(double[][] features, TSneOptions? options = null) =>
        TSne.Embed(features, options, TestContext.Current.CancellationToken);

    private static double Squared((double X, double Y) a, (double X, double Y) b) => ((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y));

    /// <summary>Samples in turn from each of several domains, ten apart along their own axis.</summary>
    private static double[][] Blobs(int count, int domains, int dimensions, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, dimensions)
            .Select(k => random.NextDouble() + (k == i % domains ? 10 : 0)).ToArray())];
    }
}
