using MetSeg.Learning.Patches;
using Xunit;

namespace MetSeg.Learning.Tests.Patches;

public class SpatialTransformTests
{
    private static readonly Size size = new(11, 9, 7);

    [Fact]
    public void Without_angle_and_scale_it_is_a_crop()
    {
        var source = Case((x, y, z) => x + (10 * y) + (100 * z), (x, _, _) => (byte)(x % 3));

        var (image, label, _) = new SpatialTransform(0, 0, 0, 1, 1).Cut(source, [3, 4, 5], [3, 3, 3]);

        Assert.Equal(Enumerable.Range(0, 27).Select(i => 4f + (i % 3) + (10 * (3 + (i / 3 % 3))) + (100 * (2 + (i / 9)))), image);
        Assert.Equal(Enumerable.Range(0, 27).Select(i => (byte)((4 + (i % 3)) % 3)), label);
    }

    [Theory]
    [InlineData(0, 0, 90, 1, 0, 0, 0, 1, 0)]    // about z: a step along x goes along y
    [InlineData(0, 90, 0, 1, 0, 0, 0, 0, -1)]   // about y: a step along x goes along z
    [InlineData(90, 0, 0, 0, 1, 0, 0, 0, 1)]    // about x: a step along y goes along z
    public void A_right_angle_exchanges_two_axes(double angleX, double angleY, double angleZ, int dx, int dy, int dz, int toX, int toY, int toZ)
    {
        var source = Case((x, y, z) => x + (10 * y) + (100 * z), (_, _, _) => 0);
        double Radians(double degrees) => degrees * Math.PI / 180;

        var (image, _, _) = new SpatialTransform(Radians(angleZ), Radians(angleY), Radians(angleX), 1, 1).Cut(source, [3, 4, 5], [3, 3, 3]);

        var (center, step) = (image[13], image[13 + dx + (3 * dy) + (9 * dz)]);
        Assert.Equal(345, center, tolerance: 1e-3f);
        Assert.Equal(Math.Abs(toX + (10 * toY) + (100 * toZ)), Math.Abs(step - center), tolerance: 1e-3f);
    }

    [Fact]
    public void A_scale_of_two_makes_objects_half_as_large()
    {
        var source = Case((x, _, _) => x, (x, _, _) => (byte)(x is >= 3 and <= 7 ? 1 : 0));

        var (image, label, _) = new SpatialTransform(0, 0, 0, 1, 2).Cut(source, [3, 4, 5], [1, 1, 5]);

        Assert.Equal([1, 3, 5, 7, 9], image);
        Assert.Equal([0, 1, 1, 1, 0], label);
    }

    [Fact]
    public void Linear_images_stay_linear_under_any_rotation()
    {
        var source = Case((x, y, z) => (2 * x) - y + (0.5f * z), (_, _, _) => 0);

        var (image, _, _) = new SpatialTransform(0.4, -0.3, 0.2, 0.8, 0.8).Cut(source, [3, 4, 5], [3, 3, 3]);

        // Opposite corners average to the center.
        Assert.All(Enumerable.Range(0, 13), i => Assert.Equal(2 * ((2 * 5) - 4 + 1.5f), image[i] + image[26 - i], tolerance: 1e-4f));
    }

    [Fact]
    public void Outside_the_case_the_image_is_zero_and_the_label_background()
    {
        var source = Case((_, _, _) => 8, (_, _, _) => 2);

        var (image, label, _) = new SpatialTransform(0, 0, 0, 1, 1).Cut(source, [3, 4, 0], [1, 1, 5]);
        var (half, halfLabel, _) = new SpatialTransform(0, 0, 0, 1, 1).Cut(source, [3, 4, -0.6], [1, 1, 1]);

        Assert.Equal([0, 0, 8, 8, 8], image);
        Assert.Equal([0, 0, 2, 2, 2], label);
        Assert.Equal(3.2f, Assert.Single(half), tolerance: 1e-5f);
        Assert.Equal(0, Assert.Single(halfLabel));
    }

    [Theory]
    [InlineData(new[] { 128, 128, 128 }, new[] { 205, 205, 205 }, false)]
    [InlineData(new[] { 28, 192, 256 }, new[] { 28, 301, 301 }, true)]
    public void The_initial_patch_is_nnU_Nets(int[] patch, int[] expected, bool isFlat)
    {
        Assert.Equal(expected, InitialPatch.For(patch));
        Assert.Equal(isFlat, InitialPatch.IsFlat(patch));
    }

    private static TrainingCase Case(Func<int, int, int, float> value, Func<int, int, int, byte> label)
    {
        var grid = Grid.Axial(size, new Spacing(1, 1, 1));
        T[] Each<T>(Func<int, int, int, T> at) => [.. Enumerable.Range(0, size.Count).Select(i => at(i % size.X, i / size.X % size.Y, i / (size.X * size.Y)))];
        return new TrainingCase("c", 0, [new Volume(grid, Each(value))], new LabelMap(grid, Each(label)), new Dictionary<int, IReadOnlyList<int>>());
    }
}
