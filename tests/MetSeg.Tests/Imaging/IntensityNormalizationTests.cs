using System.Runtime.InteropServices;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class IntensityNormalizationTests
{
    private static readonly Grid row = Grid.Axial(new Size(5, 1, 1), new Spacing(1, 1, 1));
    private static readonly Volume ramp = new(row, [0, 2, 4, 6, 8]);
    private static readonly LabelMap middle = new(row, [0, 1, 1, 1, 0]);

    [Fact]
    public void Z_score_has_mean_0_and_deviation_1()
    {
        // Mean 4, population deviation √8.
        Assert.Equal([-1.4142135f, -0.70710677f, 0, 0.70710677f, 1.4142135f], IntensityNormalization.ZScore(ramp).Voxels);
        // Mean 4, deviation √(8/3) inside.
        Assert.Equal([0, -1.2247449f, 0, 1.2247449f, 0], IntensityNormalization.ZScore(ramp, middle).Voxels);
        // Mean 5, deviation √5 where the ramp is not 0.
        Assert.Equal([0, -1.3416408f, -0.4472136f, 0.4472136f, 1.3416408f], IntensityNormalization.ZScore(ramp, Foreground.FindNonzero(ramp)).Voxels);
    }

    [Fact]
    public void Min_max_maps_the_range_to_0_1()
    {
        Assert.Equal([0, 0.25f, 0.5f, 0.75f, 1], IntensityNormalization.MinMax(ramp).Voxels);
        Assert.Equal([0, 0, 0.5f, 1, 0], IntensityNormalization.MinMax(ramp, middle).Voxels);
    }

    [Fact]
    public void Clipping_holds_intensities_between_two_percentiles()
    {
        // The 12.5th percentile lies at place 0.5, the 75th at 3; inside (2, 4, 6) at 0.25 and 1.5.
        Assert.Equal([1, 2, 4, 6, 6], IntensityNormalization.ClipPercentiles(ramp, 12.5, 75).Voxels);
        Assert.Equal([0, 2.5f, 4, 5, 8], IntensityNormalization.ClipPercentiles(ramp, 12.5, 75, middle).Voxels);
        Assert.Equal(ramp.Voxels, IntensityNormalization.ClipPercentiles(ramp, 0, 100).Voxels);
    }

    [Fact]
    public void Constant_images_and_empty_masks_become_0()
    {
        var (constant, nowhere) = (ramp.Map(_ => 7), new LabelMap(row, new byte[5]));

        foreach (var result in new[]
        {
            IntensityNormalization.ZScore(constant), IntensityNormalization.MinMax(constant),
            IntensityNormalization.ZScore(ramp, nowhere), IntensityNormalization.MinMax(ramp, nowhere),
        })
        {
            Assert.Equal(new float[5], result.Voxels);
        }

        Assert.Equal(constant.Voxels, IntensityNormalization.ClipPercentiles(constant).Voxels);
        Assert.Throws<MetSegException>(() => IntensityNormalization.ClipPercentiles(ramp, inside: nowhere));
    }

    [Theory]
    [InlineData(-1, 99)]
    [InlineData(1, 101)]
    [InlineData(60, 40)]
    [InlineData(double.NaN, 40)]
    public void Refuses_percentiles_that_cannot_be(double low, double high) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => IntensityNormalization.ClipPercentiles(ramp, low, high));

    [Fact]
    public void Refuses_a_mask_elsewhere()
    {
        var elsewhere = new LabelMap(Grid.Axial(row.Size, new Spacing(2, 1, 1)), new byte[5]);

        Assert.Throws<GridMismatchException>(() => IntensityNormalization.ZScore(ramp, elsewhere));
        Assert.Throws<GridMismatchException>(() => IntensityNormalization.MinMax(ramp, elsewhere));
        Assert.Throws<GridMismatchException>(() => IntensityNormalization.ClipPercentiles(ramp, inside: elsewhere));
    }

    [Fact]
    public void Agrees_with_numpy()
    {
        using var folder = new TemporaryFolder();
        var (random, grid) = (new Random(3), Grid.Axial(new Size(20, 30, 10), new Spacing(1, 1, 1)));
        var image = new Volume(grid, [.. Enumerable.Range(0, grid.Size.Count).Select(i => i % 5 == 0 ? 0 : (float)(1000 * random.NextDouble()))]);
        File.WriteAllBytes(folder.PathOf("image"), MemoryMarshal.AsBytes(image.Voxels.AsSpan()).ToArray());
        PythonPeer.Run(
            "numpy, sys",
            """
            image = numpy.fromfile(sys.argv[1] + '/image', '<f4')
            inside = image != 0
            def write(name, values): values.astype('<f4').tofile(sys.argv[1] + '/' + name)
            write('z', (image - image.mean(dtype=float)) / image.std(dtype=float))
            part = image[inside].astype(float)
            write('nonzero', numpy.where(inside, (image - part.mean()) / part.std(), 0))
            write('range', (image.astype(float) - image.min()) / (float(image.max()) - image.min()))
            write('clip', numpy.where(inside, numpy.clip(image, *numpy.percentile(part, [0.5, 99.5])), image))
            """,
            folder.Path);

        var nonzero = Foreground.FindNonzero(image);
        AssertClose(folder.PathOf("z"), IntensityNormalization.ZScore(image));
        AssertClose(folder.PathOf("nonzero"), IntensityNormalization.ZScore(image, nonzero));
        AssertClose(folder.PathOf("range"), IntensityNormalization.MinMax(image));
        AssertClose(folder.PathOf("clip"), IntensityNormalization.ClipPercentiles(image, inside: nonzero));
    }

    private static void AssertClose(string expectedPath, Volume actual) => Assert.Equal(
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(expectedPath)).ToArray(), actual.Voxels,
        (a, b) => Math.Abs(a - b) <= 2e-7f * Math.Max(1, Math.Abs(a)));
}
