using System.Globalization;
using System.Runtime.InteropServices;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class PercentilesTests
{
    [Fact]
    public void Places_between_two_values_are_interpolated()
    {
        // Sorted −4, 1, 2, 10: the 50th percentile lies at place 1.5, the 10th at 0.3, the 90th at 2.7.
        var percentiles = Percentiles.Compute(Row(10, 1, -4, 2), mask: null, 0, 10, 50, 90, 100);

        Assert.Equal([-4, -2.5, 1.5, 7.6, 10], percentiles, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Only_the_mask_counts()
    {
        var image = Row(100, 1, float.NaN, 3);

        Assert.Equal([2], Percentiles.Compute(image, new LabelMap(image.Grid, [0, 1, 0, 9]), 50));
    }

    [Fact]
    public void Nothing_or_NaN_has_no_percentile()
    {
        var image = Row(1, float.NaN);

        Assert.Equal([double.NaN, double.NaN], Percentiles.Compute(image, null, 0, 50));
        Assert.Equal([double.NaN], Percentiles.Compute(image, new LabelMap(image.Grid, [0, 0]), 50));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(100.1)]
    [InlineData(double.NaN)]
    public void Refuses_other_percentages(double percentage) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Percentiles.Compute(Row(1, 2), null, percentage));

    [Fact]
    public void Refuses_a_mask_elsewhere() => Assert.Throws<GridMismatchException>(() =>
        Percentiles.Compute(Row(1, 2), new LabelMap(Grid.Axial(new Size(2, 1, 1), new Spacing(2, 1, 1)), [1, 1]), 50));

    [Fact]
    public void Agrees_with_numpy()
    {
        using var folder = new TemporaryFolder();
        var (random, percentages) = (new Random(2), new[] { 0, 0.5, 1, 10, 33.3, 50, 75, 99, 99.5, 100 });
        var images = new[] { 1, 2, 7, 1000, 100_003 }.Select((count, kind) => Enumerable.Range(0, count).Select(_ => kind % 2 == 0
            ? (float)((random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-30, 30)))
            : random.Next(-4, 5)).ToArray()).ToArray();
        for (var i = 0; i < images.Length; i++)
        {
            File.WriteAllBytes(folder.PathOf($"{i}"), MemoryMarshal.AsBytes(images[i].AsSpan()).ToArray());
        }

        var expected = PythonPeer.Run(
            "numpy, sys",
            """
            wanted = [float(word) for word in sys.argv[2].split()]
            for i in range(5):
                values = numpy.fromfile(sys.argv[1] + '/' + str(i), '<f4').astype(float)
                print(' '.join(repr(float(value)) for value in numpy.percentile(values, wanted)))
            """,
            folder.Path, string.Join(' ', percentages)).Split('\n');

        Assert.All(images.Zip(expected), pair => Assert.Equal(
            pair.Second.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)),
            Percentiles.Compute(Row(pair.First), null, percentages)));
    }

    private static Volume Row(params float[] values) => new(Grid.Axial(new Size(values.Length, 1, 1), new Spacing(1, 1, 1)), values);
}
