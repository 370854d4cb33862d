using MetSeg.Reports;
using SkiaSharp;
using Xunit;

namespace MetSeg.Tests.Reports;

public class SlicePictureTests
{
    private static readonly SlicePictureOptions tenPixelsPerMm =
        new() { Planes = [SlicePlane.Axial], PanelHeight = 200, ZoomMm = 0, CropToHead = false };

    private static readonly Grid cube = Grid.Axial(new Size(20, 20, 20), new Spacing(1, 1, 1));

    [Fact]
    public void Defaults_are_the_documented_ones()
    {
        var options = new SlicePictureOptions();

        Assert.Equal([SlicePlane.Axial, SlicePlane.Coronal, SlicePlane.Sagittal], options.Planes);
        Assert.Equal((360, 40.0, true), (options.PanelHeight, options.ZoomMm, options.CropToHead));
        Assert.Equal((0.5, 99.5), (options.BlackPercentile, options.WhitePercentile));
        Assert.Empty(options.Problems());
    }

    [Fact]
    public void Outlines_run_along_the_voxel_edges()
    {
        // Voxels x 5–9, y 12–14: columns go from x = 20 down to 0, so the edges are at 100 and 150 pixels; rows from y = 20 down, at 50 and 80.
        using var bitmap = Pixels.Decode(SlicePicture.Draw(Gray(cube), null, Block(cube), tenPixelsPerMm));

        (int X, int Y)[] edges = [(100, 65), (150, 65), (125, 50), (125, 80)];
        (int X, int Y)[] besides = [(99, 65), (101, 65), (125, 65), (125, 49), (125, 81)];
        Assert.All(edges, at => Assert.Equal(SlicePicture.PredictionColor, bitmap.GetPixel(at.X, at.Y)));
        Assert.All(besides, at => Assert.True(IsGray(bitmap.GetPixel(at.X, at.Y))));
        Assert.Equal(200 + SlicePicture.FooterHeight, bitmap.Height);
        Assert.Equal(200, bitmap.Width);
    }

    [Fact]
    public void Where_outlines_coincide_both_are_seen()
    {
        using var bitmap = Pixels.Decode(SlicePicture.Draw(Gray(cube), Block(cube), Block(cube), tenPixelsPerMm));

        Assert.Equal(SlicePicture.ReferenceColor, bitmap.GetPixel(99, 65));
        Assert.Equal(SlicePicture.PredictionColor, bitmap.GetPixel(100, 65));
        Assert.Equal(SlicePicture.ReferenceColor, bitmap.GetPixel(101, 65));
    }

    [Fact]
    public void A_reference_alone_is_green_and_nothing_is_red()
    {
        using var bitmap = Pixels.Decode(SlicePicture.Draw(Gray(cube), Block(cube), null, tenPixelsPerMm));

        Assert.Equal(SlicePicture.ReferenceColor, bitmap.GetPixel(100, 65));
        Assert.DoesNotContain(SlicePicture.PredictionColor, bitmap.Pixels);
    }

    [Fact]
    public void The_patients_right_is_on_the_left_and_the_front_above()
    {
        var grid = Grid.Axial(new Size(40, 40, 40), new Spacing(1, 1, 1));
        var image = Fill(grid, (x, y, _) => (x >= 20 ? 100 : 1) + (y >= 20 ? 50 : 0));

        using var bitmap = Pixels.Decode(SlicePicture.Draw(image, null, null, tenPixelsPerMm));

        var (rightFront, rightBack, leftFront, leftBack) = (Level(50, 60), Level(50, 140), Level(150, 60), Level(150, 140));
        Assert.True(rightFront > rightBack && rightBack > leftFront && leftFront > leftBack);

        byte Level(int x, int y) => bitmap.GetPixel(x, y).Red;
    }

    [Theory]
    [InlineData("LPS")]
    [InlineData("SRA")]
    [InlineData("PIR")]
    public void A_scan_looks_the_same_in_every_orientation(string orientation)
    {
        var options = new SlicePictureOptions { PanelHeight = 100 };

        var expected = SlicePicture.Draw(Gray(cube), null, Block(cube), options);
        var grid = Oriented(orientation);

        Assert.Equal(orientation, grid.Orientation);
        Assert.Equal(expected, SlicePicture.Draw(Gray(grid), null, Block(grid), options));
    }

    [Fact]
    public void Slices_have_their_true_proportions()
    {
        var grid = Grid.Axial(new Size(20, 20, 10), new Spacing(1, 1, 3));
        var options = tenPixelsPerMm with { Planes = [SlicePlane.Coronal], PanelHeight = 300 };

        using var bitmap = Pixels.Decode(SlicePicture.Draw(Gray(grid), null, null, options));

        Assert.Equal((200, 300 + SlicePicture.FooterHeight), (bitmap.Width, bitmap.Height)); // 20 mm by 30 mm
    }

    [Fact]
    public void Slices_pass_through_the_largest_lesion_of_the_reference()
    {
        var reference = Mark(cube, (x, y, z) => (x, y, z) is (3, 3, 3) || ((x, y) is (12, 12) && z is >= 9 and <= 11));
        var prediction = Mark(cube, (x, y, z) => (x, y, z) is ( >= 15, >= 15, 2));

        using var bitmap = Pixels.Decode(SlicePicture.Draw(Gray(cube), reference, prediction, tenPixelsPerMm));

        Assert.Equal(SlicePicture.ReferenceColor, bitmap.GetPixel(70, 75)); // x 12 ends at column 7, y 12 at row 7
        Assert.DoesNotContain(SlicePicture.PredictionColor, bitmap.Pixels.Take(200 * bitmap.Width));
    }

    [Fact]
    public void A_last_panel_enlarges_the_lesion()
    {
        var options = tenPixelsPerMm with { ZoomMm = 10 };

        using var bitmap = Pixels.Decode(SlicePicture.Draw(Gray(cube), null, Block(cube), options));

        // 20 pixels per mm around (7.5, 13.5): the lesion is 5 mm wide and begins 2.5 mm from the panel's edge, behind panel and gap.
        Assert.Equal(404, bitmap.Width);
        Assert.Equal(SlicePicture.PredictionColor, bitmap.GetPixel(204 + 50, 100));
        Assert.Equal(SlicePicture.PredictionColor, bitmap.GetPixel(204 + 150, 100));
    }

    [Fact]
    public void Empty_space_around_the_head_is_left_out()
    {
        var grid = Grid.Axial(new Size(60, 60, 20), new Spacing(1, 1, 1));
        var image = Fill(grid, (x, y, _) => x is >= 20 and < 32 && y is >= 20 and < 52 ? 100 + x + y : 0);

        using var bitmap = Pixels.Decode(SlicePicture.Draw(image, null, null, tenPixelsPerMm with { CropToHead = true }));

        Assert.Equal(100, bitmap.Width); // (12 + 2·4 mm) of (32 + 2·4 mm) at 200 pixels
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(7f)]
    [InlineData(float.NaN)]
    public void A_constant_image_still_gives_a_picture(float value)
    {
        using var bitmap = Pixels.Decode(SlicePicture.Draw(Fill(cube, (_, _, _) => value), null, null, new SlicePictureOptions()));

        Assert.True(bitmap.Width > 360);
    }

    [Fact]
    public void A_title_takes_a_line_and_is_cut_to_the_width()
    {
        var title = string.Concat(Enumerable.Repeat("a very long title ", 50)) + "\u0007";

        using var bitmap = Pixels.Decode(SlicePicture.Draw(Gray(cube), null, null, tenPixelsPerMm with { Title = title }));

        Assert.Equal(SlicePicture.TitleHeight + 200 + SlicePicture.FooterHeight, bitmap.Height);
    }

    [Fact]
    public void Faults_are_one_line_for_the_user()
    {
        var elsewhere = Block(Grid.Axial(cube.Size, new Spacing(1, 1, 2)));

        var mismatch = Assert.Throws<GridMismatchException>(() => SlicePicture.Draw(Gray(cube), null, elsewhere, tenPixelsPerMm));
        Assert.Contains("prediction", mismatch.Message, StringComparison.Ordinal);
        var bad = new SlicePictureOptions
        {
            Planes = [], PanelHeight = 0, ZoomMm = double.NaN, BlackPercentile = 60, WhitePercentile = 50, Point = new SlicePoint(20, 0, 0),
        };
        var message = Assert.Throws<OptionsException>(() => SlicePicture.Draw(Gray(cube), null, null, bad)).Message;
        string[] parts = ["planes", "panelHeight", "zoomMm", "blackPercentile", "point (20, 0, 0)"];
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private static bool IsGray(SKColor color) => color.Red == color.Green && color.Green == color.Blue;

    private static LabelMap Block(Grid grid) => Mark(grid, (x, y, z) => x is >= 5 and <= 9 && y is >= 12 and <= 14 && z == 10);

    private static Volume Gray(Grid grid) => Fill(grid, (x, y, z) => 10 + (3 * x) + (2 * y) + z);

    private static Volume Fill(Grid grid, Func<int, int, int, float> valueAt) =>
        new(grid, [.. EachVoxel(grid).Select(at => valueAt(at.X, at.Y, at.Z))]);

    private static LabelMap Mark(Grid grid, Func<int, int, int, bool> isLesion) =>
        new(grid, [.. EachVoxel(grid).Select(at => (byte)(isLesion(at.X, at.Y, at.Z) ? 1 : 0))]);

    /// <summary>World position of each voxel in steps of the spacing, in the array's order.</summary>
    private static IEnumerable<(int X, int Y, int Z)> EachVoxel(Grid grid)
    {
        var worlds = grid.WorldAxes();
        var spacing = new double[3];
        for (var axis = 0; axis < 3; axis++)
        {
            spacing[worlds[axis]] = grid.Spacing.ToArray()[axis];
        }

        for (var i = 0; i < grid.Size.Count; i++)
        {
            var (x, y, z) = grid.ToWorld.Apply(i % grid.Size.X, i / grid.Size.X % grid.Size.Y, i / grid.Size.X / grid.Size.Y);
            yield return ((int)Math.Round(x / spacing[0]), (int)Math.Round(y / spacing[1]), (int)Math.Round(z / spacing[2]));
        }
    }

    /// <summary>The cube's voxels in another order and direction of axes.</summary>
    private static Grid Oriented(string code)
    {
        var rows = new double[12];
        for (var axis = 0; axis < 3; axis++)
        {
            var positive = "RAS".IndexOf(code[axis], StringComparison.Ordinal);
            var world = positive >= 0 ? positive : "LPI".IndexOf(code[axis], StringComparison.Ordinal);
            rows[(4 * world) + axis] = positive >= 0 ? 1 : -1;
            rows[(4 * world) + 3] = positive >= 0 ? 0 : 19;
        }

        return new Grid(new Size(20, 20, 20), new Affine(rows));
    }
}
