using MetSeg.Statistics;
using Xunit;

namespace MetSeg.Tests.Statistics;

public class ClustersTests
{
    private static readonly double[][] points = [[0, 0], [0, 2], [2, 0], [2, 2], [100, 100], [100, 103], [100, 106], [-500, 0]];

    [Fact]
    public void Finds_groups_that_lie_apart()
    {
        var clusters = Find(count: 3, least: 1);

        Assert.Equal([4, 3, 1], clusters.Select(cluster => cluster.Count));
        Assert.Equal([1, 1], clusters[0].Center);
        Assert.Equal([100, 103], clusters[1].Center);
        Assert.Equal([-500, 0], clusters[2].Center);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void No_center_stands_for_fewer_vectors_than_asked(int count)
    {
        var clusters = Find(count, least: 3);

        Assert.All(clusters, cluster => Assert.True(cluster.Count >= 3));
        Assert.Equal(points.Length, clusters.Sum(cluster => cluster.Count));
        Assert.DoesNotContain(points, point => clusters.Any(cluster => cluster.Center.SequenceEqual(point)) && point[0] != 100);
    }

    [Fact]
    public void The_same_seed_gives_the_same_groups() =>
        Assert.Equal(Find(4, 1).Select(cluster => string.Join(' ', cluster.Center)), Find(4, 1).Select(cluster => string.Join(' ', cluster.Center)));

    [Fact]
    public void Equal_vectors_are_one_group() => Assert.Equal(5, Assert.Single(Clusters.Find([.. Enumerable.Repeat(new double[] { 1 }, 5)], Euclid, 3, 2, new Random(1))).Count);

    [Fact]
    public void Too_few_vectors_are_refused() => Assert.Throws<ArgumentException>(() => Clusters.Find(points, Euclid, 1, least: 9, new Random(1)));

    private static IReadOnlyList<Cluster> Find(int count, int least) => Clusters.Find(points, Euclid, count, least, new Random(4));

    private static double Euclid(IReadOnlyList<double> a, IReadOnlyList<double> b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
}
