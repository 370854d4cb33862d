using MetSeg.Evaluation;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class SurfaceDistancesTests
{
    private static readonly SurfaceOptions options = new();

    [Theory]
    [InlineData(SurfaceKind.Surfel)]
    [InlineData(SurfaceKind.Erosion6)]
    public void A_voxel_moved_along_y_is_one_spacing_away(SurfaceKind kind)
    {
        var distances = SurfaceDistances.Compute(Masks.Of((4, 4, 4)), Masks.Of((4, 6, 4)), kind);

        Assert.Equal(4, HausdorffDistance.Compute(distances, options, 100));
        Assert.Equal(4, HausdorffDistance.Compute(distances, options));
        Assert.Equal(0, SurfaceDice.Compute(distances, 1.99));
        Assert.Equal(kind == SurfaceKind.Surfel ? 0.5 : 0, SurfaceDice.Compute(distances, 2), tolerance: 1e-12);
        Assert.Equal(1, SurfaceDice.Compute(distances, 4));
    }

    [Theory]
    [InlineData(SurfaceKind.Surfel)]
    [InlineData(SurfaceKind.Erosion6)]
    public void Equal_masks_are_no_distance_apart(SurfaceKind kind)
    {
        var distances = SurfaceDistances.Compute(Masks.Of((0, 0, 0), (1, 0, 0)), Masks.Of((0, 0, 0), (1, 0, 0)), kind);

        Assert.Equal(0, HausdorffDistance.Compute(distances, options, 100));
        Assert.Equal(1, SurfaceDice.Compute(distances, 0));
        Assert.Equal(0, distances.Reference.Mean);
    }

    [Theory]
    [InlineData(SurfaceKind.Surfel)]
    [InlineData(SurfaceKind.Erosion6)]
    public void Distances_to_an_empty_mask_are_undefined(SurfaceKind kind)
    {
        var oneEmpty = SurfaceDistances.Compute(Masks.Of((4, 4, 4)), Masks.Of(), kind);
        var bothEmpty = SurfaceDistances.Compute(Masks.Of(), Masks.Of(), kind);

        Assert.Equal(double.NaN, HausdorffDistance.Compute(oneEmpty, options));
        Assert.Equal(0, SurfaceDice.Compute(oneEmpty, 1));
        Assert.Equal(double.NaN, HausdorffDistance.Compute(bothEmpty, options));
        Assert.Equal(double.NaN, SurfaceDice.Compute(bothEmpty, 1));
    }

    [Fact]
    public void Percentiles_step_over_areas_of_surfels_and_interpolate_between_border_voxels()
    {
        double[] distances = [3, 1, 2];

        Assert.Equal(1, new DirectedDistances(distances, [1, 8, 1]).Percentile(50, interpolate: false));
        Assert.Equal(2, new DirectedDistances(distances, [1, 8, 1]).Percentile(90, interpolate: false));
        Assert.Equal(2.8, new DirectedDistances(distances, [1, 1, 1]).Percentile(90, interpolate: true), tolerance: 1e-12);
    }

    [Fact]
    public void The_larger_direction_counts()
    {
        var distances = SurfaceDistances.Compute(Masks.Of((0, 0, 0), (9, 0, 0)), Masks.Of((0, 0, 0)), SurfaceKind.Erosion6);

        Assert.Equal(0, distances.Prediction.Percentile(100, interpolate: false));
        Assert.Equal(9, HausdorffDistance.Compute(distances, options, 100));
    }

    [Fact]
    public void Tolerance_and_percentile_have_bounds()
    {
        var distances = SurfaceDistances.Compute(Masks.Of((0, 0, 0)), Masks.Of((0, 0, 0)));

        Assert.Throws<ArgumentOutOfRangeException>(() => SurfaceDice.Compute(distances, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => HausdorffDistance.Compute(distances, options, 101));
    }

    [Fact]
    public void Pooled_percentiles_hide_an_invented_lesion_that_separate_ones_show()
    {
        (int, int, int)[] line = [.. Enumerable.Range(0, 10).Select(x => (x, 0, 0))];
        var distances = SurfaceDistances.Compute(Masks.Of(line), Masks.Of([.. line, (11, 0, 5)]), SurfaceKind.Erosion6);
        var border = new SurfaceOptions { Kind = SurfaceKind.Erosion6, Percentile = 94 };
        var far = Math.Sqrt((2 * 2) + (15 * 15));

        Assert.Equal(0.4 * far, HausdorffDistance.Compute(distances, border), tolerance: 1e-12);
        Assert.Equal(0, HausdorffDistance.Compute(distances, border with { Directions = SurfaceDirections.Pooled }), tolerance: 1e-12);
        Assert.Equal(far, HausdorffDistance.Compute(distances, border with { Reading = PercentileReading.Step }), tolerance: 1e-12);
        Assert.Equal(far / 22, MeanSurfaceDistance.Compute(distances, border), tolerance: 1e-12);
        Assert.Equal(far / 21, MeanSurfaceDistance.Compute(distances, border with { Directions = SurfaceDirections.Pooled }), tolerance: 1e-12);
    }
}
