using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class MorphologyTests
{
    private static readonly Size cube = new(5, 5, 5);

    [Theory]
    [InlineData(6, 7)]
    [InlineData(18, 19)]
    [InlineData(26, 27)]
    public void One_voxel_grows_to_its_neighborhood_and_shrinks_back(int connectivity, int voxels)
    {
        var grown = Morphology.Dilate(OneVoxel(Grid.Axial(cube, new Spacing(1, 1, 1)), 2, 2, 2), connectivity);

        Assert.Equal(voxels, grown.Labels.Count(label => label == 1));
        Assert.Equal(OneVoxel(grown.Grid, 2, 2, 2).Labels, Morphology.Erode(grown, connectivity).Labels);
    }

    [Fact]
    public void Beyond_the_border_is_background()
    {
        var full = new LabelMap(Grid.Axial(cube, new Spacing(1, 1, 1)), [.. Enumerable.Repeat((byte)3, 125)]);

        Assert.Equal(27, Morphology.Erode(full).Labels.Count(label => label == 1));
        Assert.Equal(27, Morphology.ErodeByBall(full, 1).Labels.Count(label => label == 1));
        Assert.Equal(27, Morphology.Close(full, 26).Labels.Count(label => label == 1));
    }

    [Fact]
    public void Rows_longer_than_a_word_grow_across_words()
    {
        var grid = Grid.Axial(new Size(130, 1, 1), new Spacing(1, 1, 1));

        var grown = Morphology.Dilate(OneVoxel(grid, 64, 0, 0), iterations: 64);

        Assert.Equal(129, grown.Labels.Count(label => label == 1));
        Assert.Equal(0, grown[129, 0, 0]);
        Assert.Equal(130, Morphology.Dilate(grown).Labels.Count(label => label == 1));
    }

    [Fact]
    public void A_ball_is_round_in_millimeters()
    {
        var grid = Grid.Axial(new Size(9, 9, 3), new Spacing(1, 2, 3));

        var ball = Morphology.DilateByBall(OneVoxel(grid, 4, 4, 1), 3);

        // x: 3 voxels to either side; y: 1, with √(9 − 4) = 2 along x; z: 1, exactly 3 mm.
        Assert.Equal(7 + (2 * 5) + 2, ball.Labels.Count(label => label == 1));
        Assert.Equal(1, ball[1, 4, 1]);
        Assert.Equal(1, ball[4, 4, 2]);
        Assert.Equal(OneVoxel(grid, 4, 4, 1).Labels, Morphology.ErodeByBall(Morphology.DilateByBall(OneVoxel(grid, 4, 4, 1), 1), 1).Labels);
    }

    [Fact]
    public void A_tunnel_is_no_hole_but_is_one_in_every_slice()
    {
        var grid = Grid.Axial(cube, new Spacing(1, 1, 1));
        var tunnel = new LabelMap(grid, [.. Enumerable.Range(0, 125).Select(i => i % 25 == 12 ? (byte)0 : (byte)2)]);
        var bubble = new LabelMap(grid, [.. Enumerable.Range(0, 125).Select(i => i == 62 ? (byte)0 : (byte)2)]);

        Assert.Equal(5, Morphology.FillHoles(tunnel).Labels.Count(label => label == 0));
        Assert.DoesNotContain((byte)0, Morphology.FillHolesInSlices(tunnel).Labels);
        Assert.Equal(5, Morphology.FillHolesInSlices(tunnel, axis: 0).Labels.Count(label => label == 0));
        Assert.All(Morphology.FillHoles(bubble).Labels, label => Assert.Equal(1, label));
    }

    [Fact]
    public void Nothing_stays_nothing()
    {
        var nothing = new LabelMap(Grid.Axial(cube, new Spacing(1, 1, 1)), new byte[125]);

        Assert.All(
            new[] { Morphology.Dilate(nothing), Morphology.Erode(nothing), Morphology.CloseByBall(nothing, 9), Morphology.OpenByBall(nothing, 9), Morphology.FillHoles(nothing) },
            result => Assert.DoesNotContain((byte)1, result.Labels));
    }

    [Fact]
    public void Arguments_that_cannot_work_are_refused()
    {
        var nothing = new LabelMap(Grid.Axial(cube, new Spacing(1, 1, 1)), new byte[125]);

        Assert.Throws<ArgumentOutOfRangeException>(() => Morphology.Dilate(nothing, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => Morphology.Erode(nothing, 6, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Morphology.DilateByBall(nothing, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Morphology.FillHolesInSlices(nothing, 3));
    }

    [Fact]
    public void Everything_agrees_with_scipy()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(5);
        var masks = Enumerable.Range(0, 12).Select(trial => RandomMask(random, trial)).ToList();
        using (var file = File.Create(folder.PathOf("masks")))
        {
            masks.ForEach(mask => file.Write(mask.Labels.AsSpan()));
        }

        PythonPeer.Run("numpy, scipy.ndimage", Script, folder.PathOf("masks"), folder.PathOf("expected"),
            string.Join(';', masks.Select(mask => $"{string.Join(',', mask.Grid.Size.ToArray())},{string.Join(',', mask.Grid.Spacing.ToArray())}")));

        var expected = File.ReadAllBytes(folder.PathOf("expected")).AsSpan();
        foreach (var mask in masks)
        {
            foreach (var (name, ours) in Results(mask))
            {
                Assert.True(ours.Labels.AsSpan().SequenceEqual(expected[..mask.Labels.Length]), $"{name} of {mask.Grid}");
                expected = expected[mask.Labels.Length..];
            }
        }

        Assert.True(expected.IsEmpty);
    }

    private const string Script = """
        import sys, numpy as np
        from scipy import ndimage as n
        data, out = np.fromfile(sys.argv[1], np.uint8), open(sys.argv[2], 'wb')
        for case in sys.argv[3].split(';'):
            v = case.split(',')
            shape, spacing = [int(a) for a in v[2::-1]], np.array([float(a) for a in v[:2:-1]])
            count = int(np.prod(shape))
            mask, data = data[:count].reshape(shape) > 0, data[count:]
            def write(a): out.write(np.ascontiguousarray(a, np.uint8).tobytes())
            for rank in (1, 2, 3):
                s = n.generate_binary_structure(3, rank)
                for f in (n.binary_dilation, n.binary_erosion, n.binary_opening, n.binary_closing): write(f(mask, s, iterations=2))
            for radius in (1.0, 2.3):
                reach = [int(radius / a) for a in spacing]
                steps = np.meshgrid(*[np.arange(-r, r + 1) for r in reach], indexing='ij')
                s = sum((a * b) ** 2 for a, b in zip(steps, spacing)) <= radius ** 2 * (1 + 1e-6)
                for f in (n.binary_dilation, n.binary_erosion, n.binary_opening, n.binary_closing): write(f(mask, s))
            write(n.binary_fill_holes(mask))
            write(np.stack([n.binary_fill_holes(a) for a in mask]))
            write(np.stack([n.binary_fill_holes(mask[:, :, x]) for x in range(shape[2])], 2))
        """;

    private static IEnumerable<(string Name, LabelMap Result)> Results(LabelMap mask)
    {
        foreach (var connectivity in new[] { 6, 18, 26 })
        {
            yield return ($"dilation {connectivity}", Morphology.Dilate(mask, connectivity, 2));
            yield return ($"erosion {connectivity}", Morphology.Erode(mask, connectivity, 2));
            yield return ($"opening {connectivity}", Morphology.Open(mask, connectivity, 2));
            yield return ($"closing {connectivity}", Morphology.Close(mask, connectivity, 2));
        }

        foreach (var radius in new[] { 1, 2.3 })
        {
            yield return ($"dilation {radius} mm", Morphology.DilateByBall(mask, radius));
            yield return ($"erosion {radius} mm", Morphology.ErodeByBall(mask, radius));
            yield return ($"opening {radius} mm", Morphology.OpenByBall(mask, radius));
            yield return ($"closing {radius} mm", Morphology.CloseByBall(mask, radius));
        }

        yield return ("holes", Morphology.FillHoles(mask));
        yield return ("holes in slices", Morphology.FillHolesInSlices(mask));
        yield return ("holes across x", Morphology.FillHolesInSlices(mask, 0));
    }

    private static LabelMap RandomMask(Random random, int trial)
    {
        double[] densities = [0.02, 0.5, 0.9, 0.99];
        var size = new Size(random.Next(1, trial % 3 == 0 ? 150 : 20), random.Next(1, 20), random.Next(1, 20));
        var spacing = new Spacing(random.Next(1, 5) / 2.0, random.Next(1, 5) / 2.0, random.Next(1, 7) / 2.0);
        return new LabelMap(
            Grid.Axial(size, spacing), [.. Enumerable.Range(0, size.Count).Select(_ => random.NextDouble() < densities[trial % 4] ? (byte)random.Next(1, 4) : (byte)0)]);
    }

    private static LabelMap OneVoxel(Grid grid, int x, int y, int z)
    {
        var labels = new byte[grid.Size.Count];
        labels[grid.Size.Index(x, y, z)] = 1;
        return new LabelMap(grid, labels);
    }
}
