using MetSeg.Statistics;
using Xunit;

namespace MetSeg.Tests.Statistics;

public class QuantileTableTests
{
    private static readonly QuantileTable table = QuantileTable.Of(Enumerable.Range(0, 51).Select(i => (double)(50 - i)));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(25, 0.5)]
    [InlineData(12.75, 0.255)]
    [InlineData(50, 1)]
    [InlineData(51, 1)]
    public void A_value_has_its_place(double value, double expected) => Assert.Equal(expected, table.ShareBelow(value), tolerance: 1e-12);

    [Fact]
    public void Beyond_is_what_lies_above_the_99th_percentile() => Assert.Equal((false, true), (table.IsBeyond(49.5), table.IsBeyond(49.51)));

    [Fact]
    public void Values_that_are_all_the_same_lie_below_what_is_larger()
    {
        var same = QuantileTable.Of([3, 3, 3]);

        Assert.Equal((0, 1, false, true), (same.ShareBelow(3), same.ShareBelow(4), same.IsBeyond(3), same.IsBeyond(3.1)));
        Assert.True(double.IsNaN(same.ShareBelow(double.NaN)));
        Assert.Throws<ArgumentException>(() => QuantileTable.Of([]));
    }
}
