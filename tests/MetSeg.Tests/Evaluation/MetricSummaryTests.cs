using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class MetricSummaryTests
{
    [Fact]
    public void Undefined_values_are_left_out_and_counted_out()
    {
        var summary = MetricSummary.Of(Cases(1, double.NaN, 2, 6, double.PositiveInfinity), 500, new Random(1));

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

        var summary = MetricSummary.Of(Cases(values), 2000, new Random(1));

        var halfWidth = 1.96 * summary.Sd / Math.Sqrt(values.Length);
        Assert.Equal(summary.Mean - halfWidth, summary.CiLow, tolerance: 0.2 * halfWidth);
        Assert.Equal(summary.Mean + halfWidth, summary.CiHigh, tolerance: 0.2 * halfWidth);
    }

    [Fact]
    public void One_value_has_no_spread_and_none_has_no_mean()
    {
        var one = MetricSummary.Of(Cases(5), 100, new Random(1));
        var none = MetricSummary.Of(Cases(double.NaN), 100, new Random(1));

        Assert.Equal(new MetricSummary(5, double.NaN, 5, double.NaN, double.NaN, 1), one);
        Assert.Equal(0, none.N);
        Assert.Equal(double.NaN, none.Mean);
    }

    [Fact]
    public void Pooled_lesions_sum_counts_before_dividing()
    {
        var pooled = PooledLesions.Of([("a", new LesionScores(1, 0, 0), []), ("b", new LesionScores(0, 3, 2), [])], 200, new Random(1));

        Assert.Equal(new LesionScores(1, 3, 2), pooled.Scores);
        Assert.Equal(0.25, pooled.Scores.Sensitivity);
        Assert.Equal(1, pooled.FalsePositivesPerCase);
        Assert.Equal((0.0, 1.0), pooled.Intervals["sensitivity"]);
        Assert.Equal((0.0, 2.0), pooled.Intervals["falsePositivesPerCase"]);
        Assert.Equal((0, double.NaN), (pooled.Contours["dice"].N, pooled.Contours["dice"].Mean));
    }

    [Fact]
    public void Scans_of_one_patient_are_drawn_together()
    {
        (string, double)[] cases = [.. Enumerable.Range(0, 20).Select(i => (i < 10 ? "a" : "b", i < 10 ? 0.0 : 1.0))];

        var summary = MetricSummary.Of(cases, 500, new Random(1));

        Assert.Equal((0.5, 0, 1, 20), (summary.Mean, summary.CiLow, summary.CiHigh, summary.N));
        Assert.Equal(double.NaN, MetricSummary.Of(cases[..10], 500, new Random(1)).CiLow);
    }

    private static IEnumerable<(string Patient, double Value)> Cases(params double[] values) => values.Select((value, i) => ($"{i}", value));
}
