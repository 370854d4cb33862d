using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class ImageStatisticsTests
{
    private static readonly Grid grid = Grid.Axial(new Size(6, 1, 1), new Spacing(1, 1, 1));

    [Fact]
    public void Only_voxels_other_than_zero_count()
    {
        var statistics = ImageStatistics.Of(new Volume(grid, [0, 4, 1, 0, 2, 3]));

        Assert.Equal([2.5, Math.Sqrt(1.25), 1, 4, 2.5, 1.75, 3.25], statistics.ToArray());
        Assert.Equal(ImageStatistics.Names.Count, statistics.ToArray().Length);
    }

    [Fact]
    public void An_image_of_zeros_is_refused() =>
        Assert.Throws<MetSegException>(() => ImageStatistics.Of(new Volume(grid, new float[6])));
}
