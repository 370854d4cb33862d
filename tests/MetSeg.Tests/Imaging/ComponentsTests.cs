using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class ComponentsTests
{
    private static readonly Grid grid = Grid.Axial(new Size(6, 5, 4), new Spacing(1, 2, 3));

    [Theory]
    [InlineData(6, 3)]
    [InlineData(18, 2)]
    [InlineData(26, 1)]
    public void Voxels_join_by_face_edge_and_corner(int connectivity, int expected)
    {
        var map = Mask((1, 1, 1), (2, 2, 1), (3, 3, 2));

        Assert.Equal(expected, Components.Find(map, connectivity).Count);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(18)]
    [InlineData(26)]
    public void Agrees_with_a_flood_fill_on_random_masks(int connectivity)
    {
        var random = new Random(7);
        for (var trial = 0; trial < 30; trial++)
        {
            var size = new Size(random.Next(1, 12), random.Next(1, 12), random.Next(1, 12));
            var density = 0.1 + (0.05 * (trial % 8));
            var labels = Enumerable.Range(0, size.Count).Select(_ => (byte)(random.NextDouble() < density ? random.Next(1, 4) : 0)).ToArray();

            var found = Components.Find(new LabelMap(Grid.Axial(size, new Spacing(1, 1, 1)), labels), connectivity);

            Assert.Equal(FloodFill(labels, size, connectivity), found.ToLabels());
        }
    }

    [Fact]
    public void Measures_voxels_box_centroid_and_volume()
    {
        var component = Assert.Single(Components.Find(Mask((1, 2, 3), (2, 2, 3), (3, 2, 3), (3, 3, 3))).Items);

        Assert.Equal(4, component.Voxels);
        Assert.Equal(new VoxelBox(1, 2, 3, 4, 4, 4), component.Box);
        Assert.Equal((2.25, 2.25, 3.0), (component.CentroidX, component.CentroidY, component.CentroidZ));
        Assert.Equal((2.25, 4.5, 9.0), component.CentroidMm(grid));
        Assert.Equal(0.024, component.VolumeCm3(grid.Spacing), tolerance: 1e-12);
    }

    [Fact]
    public void Rows_do_not_join_across_the_face_of_the_grid() =>
        Assert.Equal(2, Components.Find(Mask((5, 0, 0), (0, 1, 0))).Count);

    [Fact]
    public void An_empty_mask_has_no_components()
    {
        var found = Components.Find(Mask());

        Assert.Equal(0, found.Count);
        Assert.All(found.ToLabels(), label => Assert.Equal(0, label));
    }

    [Fact]
    public void Keeps_the_components_asked_for()
    {
        var kept = Components.Find(Mask((0, 0, 0), (4, 4, 3), (4, 3, 3))).Keep(grid, component => component.Voxels > 1);

        Assert.Equal(2, kept.Labels.Count(label => label == 1));
        Assert.Equal(0, kept[0, 0, 0]);
    }

    [Fact]
    public void Connectivity_is_6_18_or_26() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Components.Find(Mask(), 8));

    private static LabelMap Mask(params (int X, int Y, int Z)[] voxels)
    {
        var labels = new byte[grid.Size.Count];
        foreach (var (x, y, z) in voxels)
        {
            labels[grid.Size.Index(x, y, z)] = 1;
        }

        return new LabelMap(grid, labels);
    }

    private static int[] FloodFill(byte[] mask, Size size, int connectivity)
    {
        var steps = new List<(int X, int Y, int Z)>();
        for (var i = 0; i < 27; i++)
        {
            var step = (X: (i % 3) - 1, Y: (i / 3 % 3) - 1, Z: (i / 9) - 1);
            var axes = Math.Abs(step.X) + Math.Abs(step.Y) + Math.Abs(step.Z);
            if (axes > 0 && axes <= (connectivity == 6 ? 1 : connectivity == 18 ? 2 : 3))
            {
                steps.Add(step);
            }
        }

        var (labels, count) = (new int[mask.Length], 0);
        for (var seed = 0; seed < mask.Length; seed++)
        {
            if (mask[seed] == 0 || labels[seed] != 0)
            {
                continue;
            }

            var open = new Stack<int>([seed]);
            labels[seed] = ++count;
            while (open.TryPop(out var place))
            {
                var (x, y, z) = (place % size.X, place / size.X % size.Y, place / size.X / size.Y);
                foreach (var step in steps.Where(s => size.Contains(x + s.X, y + s.Y, z + s.Z)))
                {
                    var next = size.Index(x + step.X, y + step.Y, z + step.Z);
                    if (mask[next] != 0 && labels[next] == 0)
                    {
                        labels[next] = count;
                        open.Push(next);
                    }
                }
            }
        }

        return labels;
    }
}
