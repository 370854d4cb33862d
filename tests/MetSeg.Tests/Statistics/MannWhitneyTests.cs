using MetSeg.Statistics;
using Xunit;

namespace MetSeg.Tests.Statistics;

public sealed class MannWhitneyTests
{
    [Fact]
    public void Defaults_are_those_of_scipy()
    {
        var options = new MannWhitneyOptions();

        Assert.Equal((Alternative.TwoSided, RankMethod.Auto, true, 0.95), (options.Alternative, options.Method, options.Continuity, options.Confidence));
    }

    /// <summary>Of the 20 ways to choose 3 of 6 ranks, one gives the least sum: p = 1/20, twice that on both sides.</summary>
    [Fact]
    public void Separated_samples_have_the_least_possible_p()
    {
        var result = MannWhitney.Test([1, 2, 3], [4, 5, 6]);

        Assert.Equal((0, 0.1, "exact"), (result.Statistic, Math.Round(result.P, 12), result.Method));
        Assert.Equal(0.05, MannWhitney.Test([1, 2, 3], [4, 5, 6], new() { Alternative = Alternative.Less }).P, 1e-12);
        Assert.Equal(1, MannWhitney.Test([1, 2, 3], [4, 5, 6], new() { Alternative = Alternative.Greater }).P, 1e-12);
        Assert.Equal(-1, result.EffectSize!.Value);
        Assert.Equal(-3, result.Difference!.Value);
    }

    /// <summary>U counts 2 &gt; 1, ½ for 2 = 2, and 3 &gt; 1, 2: 3.5 of 4, hence δ = 0.75.</summary>
    [Fact]
    public void Ties_count_half()
    {
        var result = MannWhitney.Test([2, 3], [1, 2]);

        Assert.Equal(3.5, result.Statistic);
        Assert.Equal(0.75, result.EffectSize!.Value);
        Assert.Equal("normal with tie and continuity correction", result.Method);
    }

    [Fact]
    public void Swapping_the_samples_mirrors_the_result()
    {
        var random = Seeds.Generator(3, "swap");
        double[] x = [.. Enumerable.Range(0, 12).Select(_ => random.NextDouble())];
        double[] y = [.. Enumerable.Range(0, 7).Select(_ => random.NextDouble() + 0.2)];

        foreach (var method in Enum.GetValues<RankMethod>())
        {
            var (forward, back) = (MannWhitney.Test(x, y, new() { Method = method }), MannWhitney.Test(y, x, new() { Method = method }));
            Assert.Equal(84, forward.Statistic + back.Statistic);
            Assert.Equal(forward.P, back.P, 1e-12);
            Assert.Equal(forward.EffectSize!.Value, -back.EffectSize!.Value, 1e-12);
            Assert.Equal(forward.Difference!.Value, -back.Difference!.Value, 1e-12);
            Assert.Equal(forward.Difference.CiLow, -back.Difference.CiHigh, 1e-12);
        }
    }

    [Fact]
    public void A_growing_transformation_changes_nothing_but_the_shift()
    {
        double[] x = [0.3, 0.9, 0.4, 0.8];
        double[] y = [0.2, 0.5, 0.6];

        var (plain, grown) = (MannWhitney.Test(x, y), MannWhitney.Test([.. x.Select(Math.Exp)], [.. y.Select(Math.Exp)]));

        Assert.Equal((plain.Statistic, plain.P, plain.EffectSize!.Value), (grown.Statistic, grown.P, grown.EffectSize!.Value));
    }

    [Fact]
    public void Values_that_are_not_finite_are_left_out_and_counted()
    {
        var result = MannWhitney.Test([1, double.NaN, 2, 3], [4, double.PositiveInfinity, 5, 6]);

        Assert.Equal(2, result.Dropped);
        Assert.Equal([3, 3], result.N);
        Assert.Equal(MannWhitney.Test([1, 2, 3], [4, 5, 6]).P, result.P);
    }

    [Theory]
    [InlineData(RankMethod.Auto)]
    [InlineData(RankMethod.Exact)]
    [InlineData(RankMethod.Normal)]
    public void Undefined_without_values_or_without_difference(RankMethod method)
    {
        var options = new MannWhitneyOptions { Method = method };

        Assert.Equal("the first sample has no value", MannWhitney.Test([double.NaN], [1, 2], options).Undefined);
        Assert.Equal("the second sample has no value", MannWhitney.Test([1], [], options).Undefined);
        var equal = MannWhitney.Test([5, 5], [5, 5, 5], options);
        Assert.Equal(("all values are equal", 3.0, true), (equal.Undefined, equal.Statistic, double.IsNaN(equal.P)));
    }

    /// <summary>All 9 differences of {4, 5, 6} − {1, 2, 4} in order: 0 1 2 2 3 3 4 4 5; the third sample adds none.</summary>
    [Fact]
    public void Shift_is_the_median_of_all_differences() =>
        Assert.Equal(3, MannWhitney.Test([4, 5, 6], [1, 2, 4]).Difference!.Value);

    /// <summary>With 5 and 5 values P(U ≤ 2) = 4/252 ≤ 0.025 &lt; P(U ≤ 3) = 7/252, so the third difference from either end bounds the interval (R: the same).</summary>
    [Fact]
    public void Interval_of_the_shift_ends_at_the_order_statistics_that_the_exact_distribution_gives()
    {
        double[] x = [1.1, 2.3, 3.7, 4.2, 6.4];
        double[] y = [0.2, 1.6, 2.05, 2.9, 3.15];
        double[] differences = [.. x.SelectMany(a => y.Select(b => a - b)).Order()];

        var shift = MannWhitney.Test(x, y).Difference!;

        Assert.Equal((differences[2], differences[^3]), (shift.CiLow, shift.CiHigh));
    }

    [Fact]
    public void Samples_too_small_for_the_confidence_have_no_interval_and_say_so()
    {
        var shift = MannWhitney.Test([1, 2], [3, 4]).Difference!;

        Assert.Equal((-2, true, "too few values for a 95 % interval"), (shift.Value, double.IsNaN(shift.CiLow), shift.Undefined));
    }

    [Fact]
    public void Exact_with_a_small_and_a_large_sample_is_quick_and_agrees_with_the_swapped_one()
    {
        double[] few = [.. Enumerable.Range(0, 5).Select(i => i + 0.5)];
        double[] many = [.. Enumerable.Range(0, 700).Select(i => (double)i)];

        Assert.Equal("exact", MannWhitney.Test(few, many).Method);
        Assert.Equal(MannWhitney.Test(few, many).P, MannWhitney.Test(many, few).P, 1e-12);
    }
}
