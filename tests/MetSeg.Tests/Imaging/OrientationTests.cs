using MetSeg.Imaging;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class OrientationTests
{
    /// <summary>Voxel (i, j) of a 2×3×1 image that grows to the left and back holds 10·i + j.</summary>
    private static readonly Volume leftPosterior = new(
        new Grid(new Size(2, 3, 1), new Affine(-1, 0, 0, 5, 0, -2, 0, 6, 0, 0, 3, 7)), [0, 10, 1, 11, 2, 12]);

    public static TheoryData<string> Heads { get; } = ["RAS", "LPS", "LAS", "PIR", "AIL", "SRP", "LIP", "IPL"];

    public static TheoryData<string> Codes { get; } = [.. AllCodes()];

    [Fact]
    public void Mirrors_voxels_and_moves_the_origin_to_the_other_end()
    {
        var ras = Orientation.ToRas(leftPosterior);

        Assert.Equal([12, 2, 11, 1, 10, 0], ras.Voxels);
        Assert.Equal(new Affine(1, 0, 0, 4, 0, 2, 0, 2, 0, 0, 3, 7), ras.Grid.ToWorld);
    }

    [Fact]
    public void Permutes_axes()
    {
        var turned = Orientation.To(leftPosterior, "SPL");

        Assert.Equal(new Size(1, 3, 2), turned.Grid.Size);
        Assert.Equal([0, 1, 2, 10, 11, 12], turned.Voxels);
        Assert.Equal(new Spacing(3, 2, 1), turned.Grid.Spacing);
    }

    [Theory]
    [InlineData("SPL", 0)]
    [InlineData("RAS", 0)]
    [InlineData("ALS", 45)]         // two axes lie as near to the right as to the front
    public void Goes_back_to_the_grid_that_an_image_came_from(string code, double degrees)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        var grid = new Grid(new Size(2, 3, 4), new Affine(cosine, -sine, 0, 9, sine, cosine, 0, 8, 0, 0, 1, 7));
        var volume = new Volume(grid, [.. Enumerable.Range(0, 24).Select(i => (float)i)]);
        var labels = new LabelMap(grid, [.. Enumerable.Range(0, 24).Select(i => (byte)i)]);

        Assert.Equal(volume.Voxels, Orientation.To(Orientation.To(volume, code), grid).Voxels);
        Assert.Equal(labels.Labels, Orientation.To(Orientation.To(labels, code), grid).Labels);
        Assert.Same(grid, Orientation.To(Orientation.To(labels, code), grid).Grid);
    }

    [Fact]
    public void Another_images_grid_is_refused() => Assert.Throws<ArgumentException>(
        () => Orientation.To(leftPosterior, Grid.Axial(new Size(2, 3, 1), new Spacing(1, 2, 3))));

    [Fact]
    public void Right_order_gives_the_same_instance()
    {
        var labels = new LabelMap(leftPosterior.Grid, new byte[6]);

        Assert.Same(leftPosterior, Orientation.To(leftPosterior, "LPS"));
        Assert.Same(labels, Orientation.To(labels, "LPS"));
        Assert.Same(leftPosterior.Grid, Orientation.To(leftPosterior.Grid, "LPS"));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_order_keeps_world_positions_and_goes_back(string code)
    {
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            var grid = RandomGrid.Create(random);
            var labels = new LabelMap(grid, [.. Enumerable.Range(0, grid.Size.Count).Select(i => (byte)i)]);

            var turned = Orientation.To(labels, code);
            var back = Orientation.To(turned, grid.Orientation);

            Assert.Equal(code, turned.Grid.Orientation);
            Assert.Equal(labels.Labels, back.Labels);
            Assert.True(back.Grid.IsSameAs(grid, 1e-9));
            AssertSameWorld(labels, turned);
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void One_head_stored_in_eight_orders_agrees(string code)
    {
        var reference = NiftiReader.ReadVolume(SharedData.PathOf("data/nifti-odd/orientations/RAS.nii.gz"));
        var stored = NiftiReader.ReadVolume(SharedData.PathOf($"data/nifti-odd/orientations/{code}.nii.gz"));

        var ras = Orientation.ToRas(stored);

        Assert.Equal(code, stored.Grid.Orientation);
        Assert.True(ras.Grid.IsSameAs(reference.Grid));
        Assert.True(reference.Voxels.AsSpan().SequenceEqual(ras.Voxels.AsSpan()));
        Assert.True(stored.Voxels.AsSpan().SequenceEqual(Orientation.To(ras, code).Voxels.AsSpan()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("RA")]
    [InlineData("RASS")]
    [InlineData("RLS")]
    [InlineData("ras")]
    [InlineData("XYZ")]
    public void What_is_no_orientation_is_refused(string code) =>
        Assert.Throws<ArgumentException>(() => Orientation.To(leftPosterior.Grid, code));

    private static void AssertSameWorld(LabelMap one, LabelMap other)
    {
        var toOther = other.Grid.ToWorld.Inverse().After(one.Grid.ToWorld);
        for (var (i, size) = (0, one.Grid.Size); i < size.Count; i++)
        {
            var (x, y, z) = toOther.Apply(i % size.X, i / size.X % size.Y, i / size.X / size.Y);
            Assert.Equal(one.Labels[i], other[(int)Math.Round(x), (int)Math.Round(y), (int)Math.Round(z)]);
        }
    }

    private static IEnumerable<string> AllCodes() =>
        from x in "RL"
        from y in "AP"
        from z in "SI"
        from code in new[] { $"{x}{y}{z}", $"{x}{z}{y}", $"{y}{x}{z}", $"{y}{z}{x}", $"{z}{x}{y}", $"{z}{y}{x}" }
        select code;
}
