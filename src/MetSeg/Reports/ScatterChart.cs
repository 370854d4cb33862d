using ScottPlot;

namespace MetSeg.Reports;

/// <summary>The points of one domain.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="Points">Places in the plane.</param>
public sealed record PointGroup(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Points in the plane, colored and shaped by domain: for embeddings such as principal components or t-SNE.</summary>
public sealed record ScatterChart
{
    private static readonly MarkerShape[] shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown,
    ];

    /// <summary>The domains; each gets the color and the shape of its place.</summary>
    public required IReadOnlyList<PointGroup> Groups { get; init; }

    /// <summary>Name of the horizontal axis. The default is "component 1".</summary>
    public string XLabel { get; init; } = "component 1";

    /// <summary>Name of the vertical axis. The default is "component 2".</summary>
    public string YLabel { get; init; } = "component 2";

    /// <summary>Title above the chart. The default is none.</summary>
    public string? Title { get; init; }

    /// <summary>Width in CSS pixels. The default is 520.</summary>
    public int Width { get; init; } = 520;

    /// <summary>Height in CSS pixels. The default is 440.</summary>
    public int Height { get; init; } = 440;

    /// <summary>Draws the chart. Points that are not finite are left out.</summary>
    /// <exception cref="ArgumentException">There is no group.</exception>
    public Figure Draw() => DrawBeside([this]);

    /// <summary>
    /// Draws charts side by side, such as the domains before and after harmonization; all in the width and height of the first. Every chart has
    /// axes of its own: places in different embeddings do not compare.
    /// </summary>
    /// <param name="charts">The charts, left to right.</param>
    /// <exception cref="ArgumentException">There is no chart, or one has no group.</exception>
    public static Figure DrawBeside(IReadOnlyList<ScatterChart> charts)
    {
        if (charts.Count == 0 || charts.Any(chart => chart.Groups.Count == 0))
        {
            throw new ArgumentException("A scatter chart needs a group of points.", nameof(charts));
        }

        var plots = charts.Select(chart => chart.CreatePlot()).ToList();
        try
        {
            return ChartCanvas.Render(plots, charts[0].Width * charts.Count, charts[0].Height);
        }
        finally
        {
            plots.ForEach(plot => plot.Dispose());
        }
    }

    private Plot CreatePlot()
    {
        var plot = ChartCanvas.Create(Title, XLabel, YLabel);
        for (var i = 0; i < Groups.Count; i++)
        {
            var points = Groups[i].Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToList();
            var marks = plot.Add.ScatterPoints(points.Select(point => point.X).ToArray(), points.Select(point => point.Y).ToArray());
            marks.Color = Color.FromHex(Palette.ColorOf(i)).WithAlpha(0.8);
            marks.MarkerShape = ShapeOf(i);
            marks.MarkerSize = 8;
        }

        plot.Axes.Margins(0.05, 0.05);
        ChartCanvas.ShowLegendAbove(plot, Groups.Select((group, i) => new LegendItem
        {
            LabelText = group.Name, MarkerColor = Color.FromHex(Palette.ColorOf(i)), MarkerShape = ShapeOf(i), MarkerSize = 8,
        }));
        return plot;
    }

    private static MarkerShape ShapeOf(int group) => shapes[group % shapes.Length];
}
