using System.Xml.Linq;
using MetSeg.Reports;
using Xunit;

namespace MetSeg.Tests.Reports;

public class ChartTests
{
    private const string Hostile = "</text><script>alert(1)</script>\u0001\u202E";

    [Fact]
    public void Palette_is_Okabe_and_Itos_and_begins_anew_after_eight()
    {
        Assert.Equal(8, Palette.Colors.Distinct().Count());
        Assert.Equal("#0072B2", Palette.ColorOf(0));
        Assert.Equal(Palette.ColorOf(1), Palette.ColorOf(9));
        Assert.Throws<ArgumentOutOfRangeException>(() => Palette.ColorOf(-1));
    }

    [Fact]
    public void A_bar_of_half_the_value_has_half_the_area()
    {
        var full = BarArea(1);
        var half = BarArea(0.5);

        Assert.True(full > 10_000);
        Assert.Equal(2, full / half, tolerance: 0.02);

        static double BarArea(double value)
        {
            var series = new BarSeries("one", [new Bar(value)]);
            var chart = new GroupedBarChart { Groups = ["A"], Series = [series], ValueLabel = "Dice", UnitRange = true };
            using var bitmap = Pixels.Decode(chart.Draw().Png);
            return Pixels.Count(bitmap, Palette.ColorOf(0));
        }
    }

    [Fact]
    public void Each_series_of_bars_has_its_color_and_undefined_values_no_bar()
    {
        var chart = new GroupedBarChart
        {
            Groups = ["Stanford", "UCSF"],
            Series =
            [
                new BarSeries("baseline", [new Bar(0.4, 0.3, 0.5), new Bar(0.6)]),
                new BarSeries("VAE-MMD", [new Bar(double.NaN), new Bar(double.NaN)]),
            ],
            ValueLabel = "Dice",
        };

        var figure = chart.Draw();

        using var bitmap = Pixels.Decode(figure.Png);
        Assert.Equal((chart.Width * 2, chart.Height * 2), (bitmap.Width, bitmap.Height));
        Assert.True(Pixels.Count(bitmap, Palette.ColorOf(0)) > 20_000);
        Assert.InRange(Pixels.Count(bitmap, Palette.ColorOf(1)), 1, 2_000); // the legend only
        Assert.Contains("n/a", figure.Svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Bars_must_fit_the_groups()
    {
        var chart = new GroupedBarChart { Groups = ["A", "B"], Series = [new BarSeries("one", [new Bar(1)])], ValueLabel = "Dice" };

        Assert.Throws<ArgumentException>(chart.Draw);
    }

    [Fact]
    public void Every_panel_of_curves_shows_all_its_curves()
    {
        var rising = new Curve("train", [(1, 0.1), (2, double.NaN), (3, 0.5), (4, 0.7)]);
        var falling = new Curve("validation", [(1, 0.8), (2, 0.4), (3, 0), (4, 0.001)]);
        Curve[] curves = [rising, falling];
        var chart = new CurveChart { Panels = [new CurvePanel("loss", curves), new CurvePanel("MMD", curves, Logarithmic: true)] };

        using var bitmap = Pixels.Decode(chart.Draw().Png);

        foreach (var half in new[] { 0, bitmap.Width / 2 })
        {
            using var panel = new SkiaSharp.SKBitmap();
            Assert.True(bitmap.ExtractSubset(panel, SkiaSharp.SKRectI.Create(half, 0, bitmap.Width / 2, bitmap.Height)));
            Assert.True(Pixels.Count(panel, Palette.ColorOf(0)) > 200);
            Assert.True(Pixels.Count(panel, Palette.ColorOf(1)) > 200);
        }
    }

    [Fact]
    public void Curves_without_points_still_draw_axes()
    {
        using var bitmap = Pixels.Decode(new CurveChart { Panels = [new CurvePanel("loss", [new Curve("none", [])])] }.Draw().Png);

        Assert.True(Pixels.DistinctColors(bitmap) > 10);
    }

    [Fact]
    public void Cells_of_the_confusion_chart_are_shaded_by_their_share_of_the_row()
    {
        var chart = new ConfusionChart { Classes = ["A", "B"], Counts = new[,] { { 3, 0 }, { 0, 5 } } };

        using var bitmap = Pixels.Decode(chart.Draw().Png);

        Assert.Equal((840, 840), (bitmap.Width, bitmap.Height));
        var full = Pixels.Count(bitmap, Palette.ColorOf(0)) / (double)(bitmap.Width * bitmap.Height);
        Assert.InRange(full, 0.25, 0.5); // two of four cells, less axes and text
        Assert.Throws<ArgumentException>((chart with { Classes = ["A", "B", "C"] }).Draw);
    }

    [Fact]
    public void Domains_are_told_apart_by_color_and_undefined_points_are_left_out()
    {
        var chart = new ScatterChart
        {
            Groups = [new PointGroup("Stanford", [(0, 0), (1, 1), (double.NaN, 2)]), new PointGroup("UCSF", [(2, 0), (double.PositiveInfinity, 1)])],
        };

        var figure = chart.Draw();

        using var bitmap = Pixels.Decode(figure.Png);
        Assert.True(Pixels.Count(bitmap, Palette.ColorOf(0)) > 50);
        Assert.True(Pixels.Count(bitmap, Palette.ColorOf(1)) > 50);
    }

    [Fact]
    public void Hostile_names_stay_text_in_the_vector_file()
    {
        var series = new BarSeries(Hostile, [new Bar(1)]);
        var chart = new GroupedBarChart { Groups = [Hostile], Series = [series, series], ValueLabel = Hostile, Title = Hostile };

        var svg = XDocument.Parse(chart.Draw().Svg);

        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "script");
        Assert.DoesNotContain('\u202E', svg.Root!.Value);
    }

    [Fact]
    public void The_same_chart_gives_the_same_bytes()
    {
        var chart = new ScatterChart { Groups = [new PointGroup("A", [(0, 1), (2, 3)])] };

        Assert.Equal(chart.Draw().Png, chart.Draw().Png);
    }
}
