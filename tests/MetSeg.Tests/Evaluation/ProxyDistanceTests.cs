using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class ProxyDistanceTests
{
    private static readonly string[] domains = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c")];

    /// <summary>a lies apart, b and c do not: two pairs at 2, one near 0.</summary>
    [Fact]
    public void Separable_pairs_are_at_2_and_equal_ones_near_0()
    {
        var random = new Random(1);
        double[][] features = [.. domains.Select(domain => new[] { random.NextDouble() + (domain == "a" ? 5 : 0), random.NextDouble() })];

        var result = ProxyDistance.Assess(features, domains);

        Assert.Equal(["ab", "ac", "bc"], result.Pairs.Select(pair => pair.First + pair.Second));
        Assert.Equal((2, 2), (result.Pairs[0].Distance, result.Pairs[1].Distance));
        Assert.InRange(result.Pairs[2].Distance, -1, 1);
        Assert.Equal((4 + result.Pairs[2].Distance) / 3, result.Mean, tolerance: 1e-12);
    }

    [Fact]
    public void The_distance_follows_from_the_error()
    {
        Assert.Equal(2, new PairDistance("a", "b", 0).Distance);
        Assert.Equal(0, new PairDistance("a", "b", 0.5).Distance);
        Assert.Equal(1, new PairDistance("a", "b", 0.25).Distance);
    }

    [Fact]
    public void Naming_the_larger_domain_is_no_distance()
    {
        string[] unequal = [.. Enumerable.Range(0, 60).Select(i => i < 6 ? "small" : "large")];
        double[][] nothing = [.. unequal.Select((_, i) => new[] { 1.0 })];

        Assert.Equal(0, ProxyDistance.Assess(nothing, unequal).Mean, tolerance: 1e-12);
    }

    [Fact]
    public void A_pair_is_measured_as_if_it_were_alone()
    {
        var random = new Random(2);
        double[][] features = [.. domains.Select(domain => new[] { random.NextDouble() + (domain == "a" ? 0.5 : 0), random.NextDouble() })];
        int[] kept = [.. Enumerable.Range(0, 60).Where(i => domains[i] != "c")];

        var alone = DomainGap.Assess([.. kept.Select(i => features[i])], [.. kept.Select(i => domains[i])], folds: 4, seed: 3);

        Assert.Equal(1 - alone.BalancedAccuracy, ProxyDistance.Assess(features, domains, folds: 4, seed: 3).Pairs[0].Error);
    }
}
