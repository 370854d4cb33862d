using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class HistogramSharpeningTests
{
    private const double Step = 0.01;
    private const double FullWidth = 0.15;

    [Fact]
    public void A_blurred_peak_is_expected_to_come_from_its_center()
    {
        var sharpening = new HistogramSharpening(200, FullWidth, noise: 0.01);

        sharpening.Sharpen(Blurred((100, 1000)), lowest: 5, Step);

        // The center is at 5 + 100 · 0.01; what was measured half a width away from it belongs there too.
        Assert.Equal(6, sharpening.Expected[100], tolerance: 1e-9);
        Assert.Equal(6, sharpening.Expected[107], tolerance: 0.03);
        Assert.Equal(6, sharpening.Expected[93], tolerance: 0.03);
    }

    [Fact]
    public void Two_tissues_are_drawn_apart()
    {
        var sharpening = new HistogramSharpening(200, FullWidth, noise: 0.01);

        sharpening.Sharpen(Blurred((60, 500), (120, 1000)), lowest: 0, Step);

        Assert.Equal(0.60, sharpening.Expected[60], tolerance: 0.02);
        Assert.Equal(0.60, sharpening.Expected[66], tolerance: 0.03);
        Assert.Equal(1.20, sharpening.Expected[120], tolerance: 0.02);
    }

    [Fact]
    public void Bins_far_from_all_values_keep_theirs()
    {
        var sharpening = new HistogramSharpening(200, fullWidth: 0.001, noise: 0.01);
        var histogram = new double[200];
        histogram[10] = 1;

        sharpening.Sharpen(histogram, lowest: 0, Step);

        Assert.Equal(1.5, sharpening.Expected[150], tolerance: 1e-12);
    }

    private static double[] Blurred(params (int Bin, double Weight)[] peaks) => [.. Enumerable.Range(0, 200).Select(bin =>
        peaks.Sum(peak => peak.Weight * Math.Exp(-4 * Math.Log(2) * Math.Pow((bin - peak.Bin) * Step / FullWidth, 2))))];
}
