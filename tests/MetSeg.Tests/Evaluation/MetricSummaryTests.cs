using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class MetricSummaryTests
{
    [Fact]
    public void Undefined_values_are_left_out_and_counted_out()
    {
        var summary = MetricSummary.Of([1, double.NaN, 2, 6, double.PositiveInfinity], 500, new Random(1));

        Assert.Equal((3, 2, 3), (summary.Mean, summary.Median, summary.N));
        Assert.Equal(Math.Sqrt(7), summary.Sd, tolerance: 1e-12);
        Assert.InRange(summary.CiLow, 1, 3);
        Assert.InRange(summary.CiHigh, 3, 6);
    }

    [Fact]
    public void The_interval_of_many_values_is_near_the_normal_one()
    {
        var random = new Random(4);
        var values = Enumerable.Range(0, 400).Select(_ => random.NextDouble()).ToArray();

        var summary = MetricSummary.Of(values, 2000, new Random(1));

        var halfWidth = 1.96 * summary.Sd / Math.Sqrt(values.Length);
        Assert.Equal(summary.Mean - halfWidth, summary.CiLow, tolerance: 0.2 * halfWidth);
        Assert.Equal(summary.Mean + halfWidth, summary.CiHigh, tolerance: 0.2 * halfWidth);
    }

    [Fact]
    public void One_value_has_no_spread_and_none_has_no_mean()
    {
        var one = MetricSummary.Of([5], 100, new Random(1));
        var none = MetricSummary.Of([double.NaN], 100, new Random(1));

        Assert.Equal(new MetricSummary(5, double.NaN, 5, double.NaN, double.NaN, 1), one);
        Assert.Equal(0, none.N);
        Assert.Equal(double.NaN, none.Mean);
    }

    [Fact]
    public void Pooled_lesions_sum_counts_before_dividing()
    {
        var pooled = PooledLesions.Of([new(1, 0, 0), new(0, 3, 2)], 200, new Random(1));

        Assert.Equal(new LesionScores(1, 3, 2), pooled.Scores);
        Assert.Equal(0.25, pooled.Scores.Sensitivity);
        Assert.Equal(1, pooled.FalsePositivesPerCase);
        Assert.Equal((0.0, 1.0), pooled.Intervals["sensitivity"]);
    }
}
