using MetSeg.Statistics;
using Xunit;

namespace MetSeg.Tests.Statistics;

/// <summary>t-tests, normality, several samples, corrections, effect sizes and intervals on samples worked out by hand, and where nothing is defined.</summary>
public sealed class SmallStatisticsTests
{
    /// <summary>Differences 1, 2, 3: mean 2, SD 1, standard error 1/√3, so t = 2√3 with 2 degrees of freedom; P(|T| ≥ t) = 1 − t/√(t² + 2).</summary>
    [Fact]
    public void Paired_t_by_hand()
    {
        var result = TTests.Paired([2, 4, 6], [1, 2, 3]);

        var t = 2 * Math.Sqrt(3);
        Assert.Equal(t, result.Statistic, 1e-12);
        Assert.Equal(2, result.DegreesOfFreedom);
        Assert.Equal(1 - (t / Math.Sqrt((t * t) + 2)), result.P, 1e-12);
        Assert.Equal(2, result.Difference!.Value);
    }

    /// <summary>Variances 1 and 1, so pooled SD 1 and standard error √(2/3); g = −3 · (1 − 3/15).</summary>
    [Fact]
    public void Unpaired_t_and_g_by_hand()
    {
        var result = TTests.Unpaired([1, 2, 3], [4, 5, 6]);

        Assert.Equal(-3 / Math.Sqrt(2.0 / 3), result.Statistic, 1e-12);
        Assert.Equal(-2.4, result.EffectSize!.Value, 1e-12);
        Assert.Equal(result.Statistic, TTests.Welch([1, 2, 3], [4, 5, 6]).Statistic, 1e-12);
        Assert.Equal(4, TTests.Welch([1, 2, 3], [4, 5, 6]).DegreesOfFreedom, 1e-12);
    }

    [Fact]
    public void Shifting_and_scaling_both_samples_leaves_t_alone()
    {
        double[] x = [0.3, 0.9, 0.4, 0.8];
        double[] y = [0.2, 0.5, 0.6, 0.1];
        double[] x2 = [.. x.Select(value => 100 + (7 * value))];
        double[] y2 = [.. y.Select(value => 100 + (7 * value))];

        Assert.Equal(TTests.Paired(x, y).P, TTests.Paired(x2, y2).P, 1e-9);
        Assert.Equal(TTests.Welch(x, y).P, TTests.Welch(x2, y2).P, 1e-9);
        Assert.Equal(EffectSizes.HedgesG(x, y).Value, EffectSizes.HedgesG(x2, y2).Value, 1e-9);
    }

    [Fact]
    public void T_tests_are_undefined_without_spread_or_values()
    {
        Assert.Equal("fewer than two pairs", TTests.Paired([1], [2]).Undefined);
        Assert.Equal("all differences are equal", TTests.Paired([0.1, 0.2, 0.3], [0.2, 0.3, 0.4]).Undefined);
        Assert.Equal("neither sample has any spread", TTests.Welch([0.1, 0.1, 0.1], [0.3, 0.3, 0.3]).Undefined);
        Assert.Equal("a sample has fewer than two values", TTests.Unpaired([1, double.NaN], [2, 3]).Undefined);
        Assert.Equal("neither sample has any spread", EffectSizes.HedgesG([2, 2], [3, 3]).Undefined);
    }

    /// <summary>Three values 1, 2, 3 lie on a line: W = 1, p = 1. For 0, 0, 1: W = (1/√2)²/(2/3) = 0.75, the least there is: p = 0.</summary>
    [Fact]
    public void Shapiro_Wilk_of_three()
    {
        var (line, corner) = (ShapiroWilk.Test([3, 1, 2]), ShapiroWilk.Test([0, 0, 1]));

        Assert.Equal((1.0, 1.0), (Math.Round(line.W, 12), Math.Round(line.P, 6)));
        Assert.Equal((0.75, 0.0), (Math.Round(corner.W, 12), Math.Round(corner.P, 6)));
    }

    [Fact]
    public void Shapiro_Wilk_is_undefined_for_few_many_or_equal_values()
    {
        Assert.Equal("fewer than 3 values", ShapiroWilk.Test([1, 2, double.NaN]).Undefined);
        Assert.Equal((2, 1), (ShapiroWilk.Test([1, 2, double.NaN]).N, ShapiroWilk.Test([1, 2, double.NaN]).Dropped));
        Assert.Equal("all values are equal", ShapiroWilk.Test([1, 1, 1]).Undefined);
        Assert.Equal("more than 5000 values", ShapiroWilk.Test([.. Enumerable.Range(0, 5001).Select(i => (double)i)]).Undefined);
    }

    /// <summary>Samples {1, 2} and {3, 4}: rank means 1.5 and 3.5, H = 12/(4·5) · (2·1 + 2·1) = 2.4.</summary>
    [Fact]
    public void Kruskal_Wallis_by_hand()
    {
        var result = KruskalWallis.Test([[1, 2], [3, 4]]);

        Assert.Equal((2.4, 1), (Math.Round(result.Statistic, 12), result.DegreesOfFreedom));
        Assert.Equal("all values are equal", KruskalWallis.Test([[1, 1], [1]]).Undefined);
        Assert.Equal("a sample has no value", KruskalWallis.Test([[1, 1], [double.NaN]]).Undefined);
    }

    /// <summary>Three cases that all rank three treatments alike: χ² = n(k − 1) = 6, Kendall's W = 1.</summary>
    [Fact]
    public void Friedman_by_hand()
    {
        var result = Friedman.Test([[1, 1, 1, double.NaN], [2, 5, 3, 1], [7, 9, 4, 2]]);

        Assert.Equal((6.0, 2.0, 1.0, 1), (result.Statistic, result.DegreesOfFreedom, result.EffectSize!.Value, result.Dropped));
        Assert.Equal(Math.Exp(-3), result.P, 1e-12);
        Assert.Equal("within every case all values are equal", Friedman.Test([[1, 2], [1, 2], [1, 2]]).Undefined);
        Assert.Equal("fewer than three treatments", Friedman.Test([[1, 2], [1, 2]]).Undefined);
    }

    [Fact]
    public void Corrections_by_hand()
    {
        double[] p = [0.03, double.NaN, 0.01, 0.04];

        Assert.Equal([0.06, double.NaN, 0.03, 0.06], Rounded(MultipleComparisons.Adjust(p, Correction.Holm)));
        Assert.Equal([0.04, double.NaN, 0.03, 0.04], Rounded(MultipleComparisons.Adjust(p, Correction.BenjaminiHochberg)));
        Assert.Equal([0.09, double.NaN, 0.03, 0.12], Rounded(MultipleComparisons.Adjust(p, Correction.Bonferroni)));
        Assert.Equal(p, MultipleComparisons.Adjust(p, Correction.None));
        Assert.Empty(MultipleComparisons.Adjust([], Correction.Holm));
    }

    /// <summary>A margin far beyond the difference is passed surely, one on it by half, one inside it not; without spread, by the mean alone.</summary>
    [Fact]
    public void Equivalence_by_margin()
    {
        double[] x = [1.0, 1.1, 0.9, 1.05];
        double[] y = [0.9, 0.98, 0.83, 0.94];
        double P(double margin) => Equivalence.P(x, y, margin, (a, b, side) => TTests.Paired(a, b, side));

        Assert.True(P(5) < 1e-4);
        Assert.Equal(0.5, P(0.1), 1e-9);
        Assert.True(P(0.05) > 0.5);
        Assert.Equal(0, Equivalence.P([1, 2], [1, 2], 0.1, (a, b, side) => TTests.Paired(a, b, side)));
        Assert.Equal(1, Equivalence.P([2, 3], [1, 2], 0.5, (a, b, side) => TTests.Paired(a, b, side)));
        Assert.Throws<ArgumentOutOfRangeException>(() => P(0));
    }

    [Fact]
    public void Bootstrap_is_seeded()
    {
        double[] values = [1, 5, 2, 8, 3];
        Estimate Interval(long seed) => Bootstrap.OneSample(values, drawn => drawn.Average(), new() { Resamples = 500, Seed = seed });

        Assert.Equal(Interval(1), Interval(1));
        Assert.NotEqual(Interval(1), Interval(2));
    }

    [Fact]
    public void Bootstrap_is_undefined_where_nothing_varies()
    {
        Assert.Equal("a sample has fewer than two values", Bootstrap.OneSample([1], drawn => drawn.Average()).Undefined);
        Assert.Equal("the statistic is the same in every resample", Bootstrap.OneSample([2, 2, 2], drawn => drawn.Average()).Undefined);
        Assert.Equal("a sample has fewer than two values", Bootstrap.TwoSamples([1, 2], [], (x, y) => x.Average() - y.Average()).Undefined);
    }

    [Fact]
    public void Bootstrap_of_pairs_draws_both_values_of_a_case()
    {
        double[] x = [1, 2, 3, 4, 5, 6];

        var interval = Bootstrap.Pairs(x, [.. x.Select(value => value + 10)], (first, second) => second.Average() - first.Average() + (first[0] / 1000));

        Assert.InRange(interval.CiLow, 10.001, 10.006);
        Assert.InRange(interval.CiHigh, 10.001, 10.006);
    }

    [Fact]
    public void A_description_of_nothing_is_undefined_and_counts()
    {
        var description = Description.Of([double.NaN, double.NaN]);

        Assert.Equal((0, 2, true, true), (description.N, description.Missing, double.IsNaN(description.Mean), double.IsNaN(description.Max)));
        Assert.Equal((1, 4.0, true), (Description.Of([4]).N, Description.Of([4]).Median, double.IsNaN(Description.Of([4]).Sd)));
    }

    /// <summary>δ of {1, 3} over {2}: one pair won, one lost. Signed ranks of −1, 2, 3: (5 − 1)/6.</summary>
    [Fact]
    public void Effect_sizes_by_hand()
    {
        Assert.Equal(0, EffectSizes.CliffsDelta([1, 3], [2]).Value);
        Assert.Equal(4.0 / 6, EffectSizes.RankBiserial([-1, 2, 3, 0]).Value, 1e-12);
        Assert.Equal("no difference is other than 0", EffectSizes.RankBiserial([0]).Undefined);
        Assert.Equal("a sample has no value", EffectSizes.CliffsDelta([], [2]).Undefined);
    }

    private static double[] Rounded(double[] values) => [.. values.Select(value => Math.Round(value, 12))];
}
