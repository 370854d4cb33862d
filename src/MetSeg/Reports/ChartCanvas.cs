using System.Text;
using ScottPlot;
using SkiaSharp;

namespace MetSeg.Reports;

/// <summary>The common look of the charts (white, light grid, no frame, legend above) and their rendering to PNG and SVG.</summary>
internal static class ChartCanvas
{
    /// <summary>ScottPlot centers text with its descent left out; this many pixels put it beside its tick or symbol.</summary>
    public const float TextDrop = 2;

    /// <summary>Color of axes and text.</summary>
    public static Color Ink { get; } = Color.FromHex("#333333");

    private const float LabelSize = 13;
    private const int Border = 6;
    private const float RightRoom = 18;
    private const float TopRoom = 10;

    /// <summary>An empty plot in the common look.</summary>
    public static Plot Create(string? title, string xLabel, string yLabel)
    {
        var plot = new Plot();
        plot.Font.Set(FigureFont.Family);
        plot.FigureBackground.Color = Colors.White;
        plot.DataBackground.Color = Colors.White;
        StyleAxes(plot);
        plot.Grid.MajorLineColor = Color.FromHex("#E4E4E4");
        plot.XLabel(PlainText.Clean(xLabel));
        plot.YLabel(PlainText.Clean(yLabel));
        if (!string.IsNullOrWhiteSpace(title))
        {
            plot.Title(PlainText.Clean(title), 15);
        }

        return plot;
    }

    /// <summary>Puts a legend of these items in one row between title and data, where it covers nothing.</summary>
    public static void ShowLegendAbove(Plot plot, IEnumerable<LegendItem> items)
    {
        plot.Legend.DisplayPlottableLegendItems = false;
        foreach (var item in items)
        {
            item.LabelStyle.OffsetY = TextDrop;
            item.LabelText = PlainText.Clean(item.LabelText);
            plot.Legend.ManualItems.Add(item);
        }

        plot.Legend.FontName = FigureFont.Family;
        plot.Legend.FontSize = LabelSize;
        plot.Legend.FontColor = Ink;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.Transparent;
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.Legend.TightHorizontalWrapping = true;
        plot.Legend.Margin = new PixelPadding(0);
        plot.Legend.Padding = new PixelPadding(0);
        plot.Legend.InterItemPadding = new PixelPadding(14, 6);
        plot.ShowLegend(Edge.Top).Padding = new PixelPadding(0, 4);
    }

    /// <summary>Names instead of numbers below the axis, at 0, 1, 2, …</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="names">The names.</param>
    /// <param name="below">A second line for each name; null for none.</param>
    public static void SetCategories(IAxis axis, IReadOnlyList<string> names, IReadOnlyList<string>? below = null)
    {
        axis.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. Enumerable.Range(0, names.Count).Select(i => (double)i)],
            [.. names.Select((name, i) => PlainText.Clean(name) + (below is null ? "" : "\n" + PlainText.Clean(below[i])))]);
        axis.MajorTickStyle.Color = Colors.Transparent;
    }

    /// <summary>Ticks at 0, 0.2, … 1.</summary>
    public static void SetUnitTicks(IAxis axis) => axis.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
        [.. Enumerable.Range(0, 6).Select(i => i / 5.0)], [.. Enumerable.Range(0, 6).Select(i => (i / 5.0).ToString("0.0"))]);

    /// <summary>Ticks at 1, 2, 5, 10, … on an axis of decimal logarithms; fewer the longer it is.</summary>
    public static void SetLogarithmicTicks(IAxis axis, double least, double most)
    {
        int[] steps = (most - least) switch
        {
            < 0.7 => [1, 2, 3, 4, 5, 6, 7, 8, 9],
            < 2.6 => [1, 2, 5],
            _ => [1],
        };
        var decades = Enumerable.Range((int)Math.Floor(least), (int)Math.Ceiling(most - least) + 2);
        var values = decades.SelectMany(decade => steps.Select(step => step * Math.Pow(10, decade))).ToList();
        axis.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. values.Select(Math.Log10)], [.. values.Select(value => value.ToString(value >= 1000 ? "#,0" : "G3"))]);
    }

    /// <summary>Renders plots side by side, each the same width.</summary>
    /// <param name="plots">The plots, left to right; not disposed.</param>
    /// <param name="width">Width of the whole, in CSS pixels.</param>
    /// <param name="height">Height, in CSS pixels.</param>
    public static Figure Render(IReadOnlyList<Plot> plots, int width, int height)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width * Figure.PixelsPerUnit, height * Figure.PixelsPerUnit));
        surface.Canvas.Scale(Figure.PixelsPerUnit);
        Paint(surface.Canvas, plots, width, height);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);

        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), stream))
        {
            Paint(canvas, plots, width, height);
        }

        return new Figure(png.ToArray(), Encoding.UTF8.GetString(stream.ToArray()), width, height);
    }

    private static void StyleAxes(Plot plot)
    {
        plot.Axes.Color(Ink);
        foreach (var (axis, room) in new (IAxis, float)[] { (plot.Axes.Right, RightRoom), (plot.Axes.Top, TopRoom) })
        {
            axis.FrameLineStyle.Width = 0;
            axis.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
            axis.MinimumSize = room;
        }

        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { TickDensity = 0.6 };
            axis.TickLabelStyle.FontSize = LabelSize;
            axis.MinorTickStyle.Length = 0;
        }

        foreach (var label in new[] { plot.Axes.Bottom.Label, plot.Axes.Left.Label })
        {
            (label.FontSize, label.Bold) = (LabelSize, false);
        }

        plot.Axes.Left.TickLabelStyle.OffsetY = TextDrop;
    }

    private static void Paint(SKCanvas canvas, IReadOnlyList<Plot> plots, int width, int height)
    {
        canvas.Clear(SKColors.White);
        for (var i = 0; i < plots.Count; i++)
        {
            var (left, right) = ((float)width * i / plots.Count, (float)width * (i + 1) / plots.Count);
            var place = new SKRect(left + Border, Border, right - Border, height - Border);
            canvas.Save();
            canvas.ClipRect(place); // ScottPlot clears the whole canvas
            plots[i].Render(canvas, new PixelRect(place.Left, place.Right, place.Bottom, place.Top));
            canvas.Restore();
        }
    }
}
