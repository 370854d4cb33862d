using MetSeg.Preprocessing;
using Xunit;

namespace MetSeg.Tests.Preprocessing;

public class IntensityPropertiesTests
{
    [Fact]
    public void One_case_has_its_own_statistics()
    {
        // 1, 2, …, 200: the 0.5th percentile is the first value, the 99.5th the 199th.
        var properties = IntensityProperties.Of([[.. Enumerable.Range(1, 200).Select(value => (float)value)]]);

        Assert.Equal((1, 200, 100, 1, 199), (properties.Min, properties.Max, properties.Median, properties.Percentile005, properties.Percentile995));
        Assert.Equal(100.5, properties.Mean, tolerance: 1e-9);
        Assert.Equal(Math.Sqrt(((200.0 * 200) - 1) / 12), properties.StandardDeviation, tolerance: 1e-9);
    }

    [Fact]
    public void Every_case_weighs_the_same_whatever_its_size()
    {
        var properties = IntensityProperties.Of([[-4], [.. Enumerable.Repeat(2f, 1000)]]);

        Assert.Equal(-1, properties.Mean);
        Assert.Equal(3, properties.StandardDeviation);
        Assert.Equal((-4, -4, 2), (properties.Percentile005, properties.Median, properties.Percentile995));
    }

    [Fact]
    public void Negative_values_and_zero_are_ordered() =>
        Assert.Equal(-1, IntensityProperties.Of([[-3, -2, -1, 0, 5]]).Median);

    [Fact]
    public void At_least_one_case_is_needed() => Assert.Throws<ArgumentException>(() => IntensityProperties.Of([]));
}
