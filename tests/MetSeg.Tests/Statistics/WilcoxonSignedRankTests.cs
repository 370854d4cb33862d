using MetSeg.Statistics;
using Xunit;

namespace MetSeg.Tests.Statistics;

public sealed class WilcoxonSignedRankTests
{
    [Fact]
    public void Defaults_are_those_of_scipy()
    {
        var options = new WilcoxonOptions();

        Assert.Equal(
            (Alternative.TwoSided, RankMethod.Auto, ZeroHandling.Wilcox, false, 0.95),
            (options.Alternative, options.Method, options.Zeros, options.Continuity, options.Confidence));
    }

    /// <summary>Of 2⁵ signs, all positive is one: p = 1/32, twice that on both sides; W+ = 15.</summary>
    [Fact]
    public void Five_positive_differences()
    {
        var result = WilcoxonSignedRank.Test([1, 2, 3, 4, 5]);

        Assert.Equal((15, 0.0625, "exact"), (result.Statistic, result.P, result.Method));
        Assert.Equal(0.03125, WilcoxonSignedRank.Test([1, 2, 3, 4, 5], new WilcoxonOptions { Alternative = Alternative.Greater }).P);
        Assert.Equal((1.0, 3.0), (result.EffectSize!.Value, result.Difference!.Value));
        Assert.Equal("too few values for a 95 % interval", result.Difference.Undefined);
    }

    /// <summary>Sizes 1, 2, 2, 3 have ranks 1, 2.5, 2.5, 4; positive are 1 and 3: W+ = 5, W− = 5, so r = 0 and p = 1.</summary>
    [Fact]
    public void Ties_share_ranks()
    {
        var result = WilcoxonSignedRank.Test([1, -2, -2, 3]);

        Assert.Equal((5, 1, 0), (result.Statistic, result.P, result.EffectSize!.Value));
        Assert.Equal("normal with tie correction", result.Method);
    }

    /// <summary>Of 0, 1, −2: dropped, ranks 1 and 2; ranked first, ranks 2 and 3; split, half of the zero's rank more.</summary>
    [Theory]
    [InlineData(ZeroHandling.Wilcox, 1)]
    [InlineData(ZeroHandling.Pratt, 2)]
    [InlineData(ZeroHandling.Zsplit, 2.5)]
    public void Zeros_are_treated_as_named(ZeroHandling zeros, double statistic) =>
        Assert.Equal(statistic, WilcoxonSignedRank.Test([0, 1, -2], new WilcoxonOptions { Zeros = zeros }).Statistic);

    [Fact]
    public void Pairs_are_their_differences()
    {
        double[] x = [0.9, 0.4, double.NaN, 0.7, 0.35];
        double[] y = [0.5, 0.5, 0.1, 0.1, double.NaN];

        var (pairs, differences) = (WilcoxonSignedRank.Test(x, y), WilcoxonSignedRank.Test([0.9 - 0.5, 0.4 - 0.5, 0.7 - 0.1]));

        Assert.Equal((differences.Statistic, differences.P), (pairs.Statistic, pairs.P));
        Assert.Equal((2, 3), (pairs.Dropped, Assert.Single(pairs.N)));
    }

    [Fact]
    public void Undefined_without_differences()
    {
        Assert.Equal("there is no pair", WilcoxonSignedRank.Test([double.NaN]).Undefined);
        Assert.Equal("all differences are 0", WilcoxonSignedRank.Test([0, 0, 0]).Undefined);
        Assert.Equal(double.NaN, WilcoxonSignedRank.Test([0, 0, 0]).P);
        Assert.Equal(1, WilcoxonSignedRank.Test([0, 0], new WilcoxonOptions { Zeros = ZeroHandling.Zsplit, Method = RankMethod.Exact }).P);
    }

    [Fact]
    public void Samples_of_different_length_are_an_error() =>
        Assert.Throws<ArgumentException>(() => WilcoxonSignedRank.Test([1, 2], [1]));

    /// <summary>With 6 differences P(W ≤ 0) = 1/64 ≤ 0.025 &lt; P(W ≤ 1) = 2/64: the interval ends at the least and greatest Walsh average.</summary>
    [Fact]
    public void Interval_of_the_shift_ends_at_walsh_averages()
    {
        var shift = WilcoxonSignedRank.Test([0.5, 1.5, -0.25, 3, 2.2, 0.9]).Difference!;

        Assert.Equal((-0.25, 3), (shift.CiLow, shift.CiHigh));
        Assert.Equal(1.35, shift.Value, 1e-12);
    }
}
