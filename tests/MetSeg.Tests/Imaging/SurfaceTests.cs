using System.Text.Json.Nodes;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class SurfaceTests
{
    private static readonly Spacing unit = new(1, 1, 1);

    [Fact]
    public void A_single_voxel_has_eight_cut_corners()
    {
        var surface = Surface.Of([1], new Size(1, 1, 1), unit, SurfaceKind.Surfel);

        Assert.Equal(new Size(2, 2, 2), surface.Lattice);
        Assert.Equal(8, surface.Places.Length);
        Assert.All(surface.Areas, area => Assert.Equal(Math.Sqrt(3) / 8, area, tolerance: 1e-12));
    }

    [Theory]
    [InlineData(0b0000_0001, 0.21650635)]
    [InlineData(0b0000_0011, 0.70710678)]
    [InlineData(0b0000_0111, 1.14951905)]
    [InlineData(0b0000_1111, 1.0)]
    [InlineData(0b0001_0111, 1.29903811)]
    [InlineData(0b1000_0111, 1.36602540)]
    [InlineData(0b1000_1011, 1.57313218)]
    [InlineData(0b0111_1111, 0.21650635)]
    [InlineData(0, 0)]
    [InlineData(255, 0)]
    public void Areas_for_unit_spacing_are_the_known_ones(int code, double expected) =>
        Assert.Equal(expected, SurfelAreas.For(unit)[code], tolerance: 1e-8);

    /// <summary>google-deepmind/surface-distance, commit 1f805ce: its 256 areas at three spacings.</summary>
    [Fact]
    public void All_areas_agree_with_surface_distance()
    {
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.PathOf("golden/metrics/surfel-areas.json")))!;
        var kernel = golden["kernel"]!;
        foreach (var entry in golden["areas"]!.AsArray())
        {
            var spacing = entry!["spacing"]!.AsArray().Select(length => (double)length!).ToArray();
            var areas = SurfelAreas.For(new Spacing(spacing[0], spacing[1], spacing[2]));
            for (var code = 0; code < 256; code++)
            {
                var theirs = Enumerable.Range(0, 8).Where(bit => (code >> bit & 1) != 0)
                    .Sum(bit => (int)kernel[bit & 1]![bit >> 1 & 1]![bit >> 2]!);
                Assert.Equal((double)entry["area"]![theirs]!, areas[code], tolerance: 1e-9);
            }
        }
    }

    [Fact]
    public void Border_voxels_leave_out_the_inside_and_keep_the_face_of_the_grid()
    {
        var cube = Surface.Of(Enumerable.Repeat((byte)1, 27).ToArray(), new Size(3, 3, 3), unit, SurfaceKind.Erosion6);

        Assert.Equal(26, cube.Places.Length);
        Assert.DoesNotContain(13, cube.Places);
        Assert.Equal(new Size(3, 3, 3), cube.Lattice);
    }

    [Theory]
    [InlineData(SurfaceKind.Surfel)]
    [InlineData(SurfaceKind.Erosion6)]
    public void An_empty_mask_has_no_surface(SurfaceKind kind) =>
        Assert.Empty(Surface.Of(new byte[8], new Size(2, 2, 2), unit, kind).Places);
}
