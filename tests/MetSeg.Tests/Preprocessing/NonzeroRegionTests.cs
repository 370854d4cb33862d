using MetSeg.Preprocessing;
using Xunit;

namespace MetSeg.Tests.Preprocessing;

public class NonzeroRegionTests
{
    private static readonly Grid grid = Grid.Axial(new Size(8, 7, 6), new Spacing(1, 2, 3));

    [Fact]
    public void The_box_is_the_smallest_around_all_that_is_not_zero_in_any_channel()
    {
        var region = NonzeroRegion.Find([Filled(0, 5, (2, 1, 3)), Filled(0, -1, (4, 5, 4))]);

        Assert.Equal(new CropBox(2, 1, 3, new Size(3, 5, 2)), region.Box);
        Assert.Equal(2, region.Mask().Labels.Count(label => label == 1));
    }

    [Fact]
    public void Holes_are_filled_but_bays_are_not()
    {
        // A shell of 27 voxels without its center; in the second volume a face voxel is missing too, which opens the hole.
        var shell = Cube().Where(place => place != (3, 3, 3)).ToArray();

        Assert.Equal(27, NonzeroRegion.Find([Filled(0, 1, shell)]).Mask().Labels.Count(label => label == 1));
        Assert.Equal(25, NonzeroRegion.Find([Filled(0, 1, [.. shell.Where(place => place != (2, 3, 3))])]).Mask().Labels.Count(label => label == 1));
    }

    [Fact]
    public void A_diagonal_gap_does_not_open_a_hole()
    {
        var shell = Cube().Where(place => place != (3, 3, 3) && place != (2, 2, 3)).ToArray();

        Assert.Equal(26, NonzeroRegion.Find([Filled(0, 1, shell)]).Mask().Labels.Count(label => label == 1));
    }

    [Fact]
    public void A_constant_other_than_zero_on_the_faces_is_background()
    {
        var volume = Filled(-1.5f, 0, (3, 3, 3), (4, 3, 3));

        Assert.Equal(-1.5f, NonzeroRegion.Background(volume));
        Assert.Equal(new CropBox(3, 3, 3, new Size(2, 1, 1)), NonzeroRegion.Find([volume]).Box);
    }

    [Theory]
    [InlineData(2, -1.5f)]      // 214 of 216 face voxels: 99.1 %
    [InlineData(3, 0f)]         // 213: 98.6 %
    public void Background_covers_more_than_99_percent_of_the_faces(int others, float background)
    {
        var volume = Filled(-1.5f, 7, [.. Enumerable.Range(0, others).Select(x => (x, 0, 0))]);

        Assert.Equal(background, NonzeroRegion.Background(volume));
    }

    [Fact]
    public void An_image_of_one_value_is_refused()
    {
        Assert.Contains("same value", Assert.Throws<DatasetException>(() => NonzeroRegion.Find([Filled(0, 0)])).Message);
        Assert.Contains("same value", Assert.Throws<DatasetException>(() => NonzeroRegion.Find([Filled(3, 3)])).Message);
    }

    [Fact]
    public void A_volume_of_one_layer_is_all_face()
    {
        var layer = new Volume(Grid.Axial(new Size(2, 2, 1), new Spacing(1, 1, 1)), [0, 1, 0, 0]);

        Assert.Equal(new CropBox(1, 0, 0, new Size(1, 1, 1)), NonzeroRegion.Find([layer]).Box);
    }

    [Fact]
    public void A_cropped_voxel_stays_where_it_is_in_the_world()
    {
        var volume = Filled(0, 9, (4, 5, 2));

        var cropped = new CropBox(3, 4, 1, new Size(2, 3, 4)).Crop(volume);

        Assert.Equal(9, cropped[1, 1, 1]);
        Assert.Equal(volume.Grid.ToWorld.Apply(4, 5, 2), cropped.Grid.ToWorld.Apply(1, 1, 1));
    }

    [Fact]
    public void A_box_outside_the_grid_is_refused() =>
        Assert.Throws<ArgumentException>(() => new CropBox(6, 0, 0, new Size(3, 1, 1)).Crop(grid));

    private static IEnumerable<(int X, int Y, int Z)> Cube() =>
        from x in Enumerable.Range(2, 3) from y in Enumerable.Range(2, 3) from z in Enumerable.Range(2, 3) select (x, y, z);

    private static Volume Filled(float background, float value, params (int X, int Y, int Z)[] places)
    {
        var voxels = new float[grid.Size.Count];
        Array.Fill(voxels, background);
        foreach (var (x, y, z) in places)
        {
            voxels[grid.Size.Index(x, y, z)] = value;
        }

        return new Volume(grid, voxels);
    }
}
