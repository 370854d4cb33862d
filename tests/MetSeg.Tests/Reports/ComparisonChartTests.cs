using MetSeg.Reports;
using SkiaSharp;
using Xunit;

namespace MetSeg.Tests.Reports;

/// <summary>Charts that compare methods: pairs, curves with bands, reliability, scatter plots side by side.</summary>
public class ComparisonChartTests
{
    [Fact]
    public void A_higher_value_stands_higher_and_pairs_are_joined_by_gray()
    {
        var chart = new PairedChart
        {
            Series = [new PairedSeries("a", [0.2, 0.2, 0.2]), new PairedSeries("b", [0.9, 0.9, double.NaN])], ValueLabel = "Dice", UnitRange = true,
        };

        using var bitmap = Pixels.Decode(chart.Draw().Png);

        Assert.Equal((960, 800), (bitmap.Width, bitmap.Height));
        Assert.True(MeanRow(bitmap, Palette.ColorOf(0)) > MeanRow(bitmap, Palette.ColorOf(1)) + 300);
        Assert.Contains("n = 2", chart.Draw().Svg, StringComparison.Ordinal);
        var alone = chart with { Series = [chart.Series[0], new PairedSeries("b", [double.NaN, double.NaN, double.NaN])] };
        using var without = Pixels.Decode(alone.Draw().Png);
        Assert.True(Grays(bitmap) > Grays(without) + 500);
    }

    [Fact]
    public void The_box_spans_the_quartiles()
    {
        var tall = BoxArea([0, 0.25, 0.5, 0.75, 1]);        // quartiles 0.25 and 0.75
        var flat = BoxArea([0, 0.375, 0.5, 0.625, 1]);      // 0.375 and 0.625

        Assert.Equal(2, tall / flat, tolerance: 0.15);

        static double BoxArea(double[] values)
        {
            var chart = new PairedChart { Series = [new PairedSeries("one", values)], ValueLabel = "Dice", UnitRange = true };
            using var bitmap = Pixels.Decode(chart.Draw().Png);
            return Pixels.Count(bitmap, "#B2D4E7");     // a third of the color
        }
    }

    [Fact]
    public void Methods_must_have_the_same_cases() => Assert.Throws<ArgumentException>(
        new PairedChart { Series = [new PairedSeries("a", [1]), new PairedSeries("b", [1, 2])], ValueLabel = "Dice" }.Draw);

    [Fact]
    public void A_band_is_filled_and_a_gap_parts_it()
    {
        var whole = BandArea([(0, 1), (0, 1), (0, 1), (0, 1), (0, 1)]);
        var parted = BandArea([(0, 1), (0, 1), (double.NaN, double.NaN), (0, 1), (0, 1)]);

        Assert.True(whole > 100_000);
        Assert.Equal(2, whole / parted, tolerance: 0.05);       // of four steps two are left

        static double BandArea((double, double)[] band)
        {
            var curve = new Curve("a", [(0.01, 0.5), (0.1, 0.5), (1, double.NaN), (10, 0.5), (100, 0.5)]) { Band = band };
            var chart = new CurveChart { Panels = [new CurvePanel("sensitivity", [curve]) { LogarithmicX = true, UnitRange = true, XLabel = "volume (cm³)" }] };
            using var bitmap = Pixels.Decode(chart.Draw().Png);
            return bitmap.Pixels.Count(pixel => pixel.Blue > pixel.Red + 30 && pixel.Red > 100);
        }
    }

    [Fact]
    public void Volumes_a_decade_apart_are_equally_far_apart()
    {
        var curve = new Curve("a", [(0.1, 0.5), (0.3, double.NaN), (1, 0.5), (3, double.NaN), (10, 0.5)]);
        var figure = new CurveChart { Panels = [new CurvePanel("Dice", [curve]) { LogarithmicX = true, UnitRange = true, Rug = [0.1, 1, 10] }] }.Draw();

        using var bitmap = Pixels.Decode(figure.Png);
        var marks = MarksBelow(bitmap, bitmap.Height / 5);      // the legend is above
        Assert.Equal(3, marks.Count);
        Assert.Equal(marks[2] - marks[1], marks[1] - marks[0], tolerance: 2.0);
        Assert.Contains("0.1", figure.Svg, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(new CurveChart { Panels = [new CurvePanel("x", [curve with { Band = [(0, 1)] }])] }.Draw);
    }

    /// <summary>Middle columns of the marks of the first color, left to right.</summary>
    private static List<double> MarksBelow(SKBitmap bitmap, int top)
    {
        var wanted = SKColor.Parse(Palette.ColorOf(0));
        var columns = Enumerable.Range(0, bitmap.Width)
            .Where(x => Enumerable.Range(top, bitmap.Height - top).Any(y => Near(bitmap.GetPixel(x, y), wanted))).ToList();
        int[] first = [.. columns.Where((x, i) => i == 0 || x - columns[i - 1] > 1)];
        int[] last = [.. columns.Where((x, i) => i == columns.Count - 1 || columns[i + 1] - x > 1)];
        return [.. first.Zip(last, (from, to) => (from + to) / 2.0)];
    }

    [Fact]
    public void Calibration_error_is_the_mean_distance_from_the_diagonal()
    {
        var series = new ReliabilitySeries("model", [new(30, 0.1, 0.2), new(0, double.NaN, double.NaN), new(10, 0.9, 0.5)]);

        Assert.Equal(((30 * 0.1) + (10 * 0.4)) / 40, series.ExpectedCalibrationError, 1e-12);
        var figure = new ReliabilityChart { Series = [series] }.Draw();
        Assert.Contains("ECE 0.175", figure.Svg, StringComparison.Ordinal);
        Assert.Contains("n = 40", figure.Svg, StringComparison.Ordinal);
        Assert.Equal((1040, 440), (figure.Width, figure.Height));
        Assert.Throws<ArgumentException>(new ReliabilityChart { Series = [new ReliabilitySeries("m", [new(1, 2, 0)])] }.Draw);
    }

    [Fact]
    public void Before_and_after_stand_side_by_side()
    {
        var before = new ScatterChart { Groups = [new PointGroup("A", [(0, 0)])], Title = "original" };
        var after = new ScatterChart { Groups = [new PointGroup("A", [(0, 0)]), new PointGroup("B", [(1, 1)])], Title = "harmonized" };

        var figure = ScatterChart.DrawBeside([before, after]);

        Assert.Equal((1040, 440), (figure.Width, figure.Height));
        using var bitmap = Pixels.Decode(figure.Png);
        using var left = new SKBitmap();
        Assert.True(bitmap.ExtractSubset(left, SKRectI.Create(0, 0, bitmap.Width / 2, bitmap.Height)));
        Assert.Equal(0, Pixels.Count(left, Palette.ColorOf(1)));
        Assert.True(Pixels.Count(bitmap, Palette.ColorOf(1)) > 50);
        Assert.Throws<ArgumentException>(() => ScatterChart.DrawBeside([]));
    }

    [Fact]
    public void Groups_of_bars_have_a_second_line()
    {
        var chart = new GroupedBarChart { Groups = ["ucsf"], BelowGroups = ["n = 12"], Series = [new BarSeries("a", [new Bar(1)])], ValueLabel = "Dice" };

        Assert.Contains("n = 12", chart.Draw().Svg, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>((chart with { BelowGroups = [] }).Draw);
    }

    private static double MeanRow(SKBitmap bitmap, string color)
    {
        var wanted = SKColor.Parse(color);
        var pixels = bitmap.Pixels;
        return Enumerable.Range(0, pixels.Length).Where(i => Near(pixels[i], wanted)).Select(i => i / bitmap.Width).DefaultIfEmpty(-1).Average();
    }

    private static bool Near(SKColor pixel, SKColor wanted) =>
        Math.Abs(pixel.Red - wanted.Red) + Math.Abs(pixel.Green - wanted.Green) + Math.Abs(pixel.Blue - wanted.Blue) < 12;

    private static int Grays(SKBitmap bitmap) => bitmap.Pixels.Count(pixel => pixel.Red == pixel.Green && pixel.Green == pixel.Blue && pixel.Red is > 150 and < 225);
}
