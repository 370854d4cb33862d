using System.Globalization;
using System.Runtime.InteropServices;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class OtsuThresholdTests
{
    [Fact]
    public void Two_intensities_are_parted_above_the_lower_one()
    {
        // 1024 bins of width 1 from 0 to 1024: the first variance that is largest is that of bin 0 alone, with its center at 0.5.
        Assert.Equal(0.5, OtsuThreshold.Compute(Row(0, 0, 0, 1024)));
    }

    [Fact]
    public void Degenerate_images()
    {
        Assert.Equal(7, OtsuThreshold.Compute(Row(7, 7, float.NaN)));
        Assert.Equal(double.NaN, OtsuThreshold.Compute(Row(float.NaN, float.PositiveInfinity)));
    }

    [Fact]
    public void Agrees_with_skimage()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(1);
        var values = Enumerable.Range(0, 5000).Select(i => (float)((i % 3 == 0 ? 5 : 1) + random.NextDouble() + random.NextDouble())).ToArray();
        File.WriteAllBytes(folder.PathOf("values"), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

        var expected = PythonPeer.Run(
            "numpy, skimage.filters, sys",
            "print(repr(float(skimage.filters.threshold_otsu(numpy.fromfile(sys.argv[1], '<f4').astype(float), nbins=1024))))",
            folder.PathOf("values"));

        Assert.Equal(double.Parse(expected, CultureInfo.InvariantCulture), OtsuThreshold.Compute(Row(values)), tolerance: 1e-6);
    }

    private static Volume Row(params float[] values) => new(Grid.Axial(new Size(values.Length, 1, 1), new Spacing(1, 1, 1)), values);
}
