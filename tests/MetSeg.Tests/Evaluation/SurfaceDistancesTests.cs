using MetSeg.Evaluation;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class SurfaceDistancesTests
{
    [Theory]
    [InlineData(SurfaceKind.Surfel)]
    [InlineData(SurfaceKind.Erosion6)]
    public void A_voxel_moved_along_y_is_one_spacing_away(SurfaceKind kind)
    {
        var distances = SurfaceDistances.Compute(Masks.Of((4, 4, 4)), Masks.Of((4, 6, 4)), kind);

        Assert.Equal(4, HausdorffDistance.Compute(distances, 100));
        Assert.Equal(4, HausdorffDistance.Compute(distances));
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

        Assert.Equal(0, HausdorffDistance.Compute(distances, 100));
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

        Assert.Equal(double.NaN, HausdorffDistance.Compute(oneEmpty));
        Assert.Equal(0, SurfaceDice.Compute(oneEmpty, 1));
        Assert.Equal(double.NaN, HausdorffDistance.Compute(bothEmpty));
        Assert.Equal(double.NaN, SurfaceDice.Compute(bothEmpty, 1));
    }

    [Fact]
    public void Percentiles_step_over_areas_of_surfels_and_interpolate_between_border_voxels()
    {
        double[] distances = [3, 1, 2];

        Assert.Equal(1, new DirectedDistances(distances, [1, 8, 1], SurfaceKind.Surfel).Percentile(50));
        Assert.Equal(2, new DirectedDistances(distances, [1, 8, 1], SurfaceKind.Surfel).Percentile(90));
        Assert.Equal(2.8, new DirectedDistances(distances, [1, 1, 1], SurfaceKind.Erosion6).Percentile(90), tolerance: 1e-12);
    }

    [Fact]
    public void The_larger_direction_counts()
    {
        var distances = SurfaceDistances.Compute(Masks.Of((0, 0, 0), (9, 0, 0)), Masks.Of((0, 0, 0)), SurfaceKind.Erosion6);

        Assert.Equal(0, distances.Prediction.Percentile(100));
        Assert.Equal(9, HausdorffDistance.Compute(distances, 100));
    }

    [Fact]
    public void Tolerance_and_percentile_have_bounds()
    {
        var distances = SurfaceDistances.Compute(Masks.Of((0, 0, 0)), Masks.Of((0, 0, 0)));

        Assert.Throws<ArgumentOutOfRangeException>(() => SurfaceDice.Compute(distances, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => HausdorffDistance.Compute(distances, 101));
    }
}
