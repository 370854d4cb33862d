using ScottPlot;

namespace MetSeg.Reports;

/// <summary>A curve: values over epochs or steps.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="Points">Points from left to right; one whose value is NaN leaves a gap.</param>
public sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>One pair of axes with its curves.</summary>
/// <param name="ValueLabel">What the curves measure, with its unit.</param>
/// <param name="Curves">The curves.</param>
/// <param name="Logarithmic">Whether the value axis is logarithmic (base 10); values that are not positive then leave gaps.</param>
public sealed record CurvePanel(string ValueLabel, IReadOnlyList<Curve> Curves, bool Logarithmic = false);

/// <summary>Training curves in one panel or in several side by side, for example losses beside the validation Dice.</summary>
public sealed record CurveChart
{
    private const int FewPoints = 20;

    /// <summary>The panels, left to right.</summary>
    public required IReadOnlyList<CurvePanel> Panels { get; init; }

    /// <summary>Name of the common x axis. The default is "epoch".</summary>
    public string XLabel { get; init; } = "epoch";

    /// <summary>Title above the first panel. The default is none.</summary>
    public string? Title { get; init; }

    /// <summary>Width of each panel in CSS pixels. The default is 520.</summary>
    public int PanelWidth { get; init; } = 520;

    /// <summary>Height in CSS pixels. The default is 360.</summary>
    public int Height { get; init; } = 360;

    /// <summary>Draws the chart.</summary>
    /// <exception cref="ArgumentException">There is no panel.</exception>
    public Figure Draw()
    {
        if (Panels.Count == 0)
        {
            throw new ArgumentException("A curve chart needs a panel.");
        }

        var plots = Panels.Select((panel, i) => CreatePlot(panel, i == 0 ? Title : null)).ToList();
        try
        {
            return ChartCanvas.Render(plots, PanelWidth * Panels.Count, Height);
        }
        finally
        {
            plots.ForEach(plot => plot.Dispose());
        }
    }

    private Plot CreatePlot(CurvePanel panel, string? title)
    {
        var plot = ChartCanvas.Create(title, XLabel, panel.ValueLabel);
        for (var i = 0; i < panel.Curves.Count; i++)
        {
            AddCurve(plot, panel, i);
        }

        plot.Axes.Margins(0.02, 0.06);
        plot.Axes.AutoScale();
        if (panel.Logarithmic)
        {
            SetLogarithmicTicks(plot.Axes.Left, plot.Axes.GetLimits());
        }

        ChartCanvas.ShowLegendAbove(plot, panel.Curves.Select((curve, i) =>
            new LegendItem { LabelText = curve.Name, LineColor = Color.FromHex(Palette.ColorOf(i)), LineWidth = 3 }));
        return plot;
    }

    private static void AddCurve(Plot plot, CurvePanel panel, int index)
    {
        var points = panel.Curves[index].Points;
        var ys = points.Select(point => panel.Logarithmic ? Math.Log10(Math.Max(point.Y, 0)) : point.Y);
        var line = plot.Add.Scatter(points.Select(point => point.X).ToArray(), ys.Select(y => double.IsFinite(y) ? y : double.NaN).ToArray());
        line.Color = Color.FromHex(Palette.ColorOf(index));
        line.LineWidth = 2;
        line.MarkerSize = points.Count <= FewPoints ? 5 : 0;
    }

    private static void SetLogarithmicTicks(IAxis axis, AxisLimits limits)
    {
        int[] steps = (limits.Top - limits.Bottom) switch
        {
            < 0.7 => [1, 2, 3, 4, 5, 6, 7, 8, 9],
            < 2 => [1, 2, 5],
            _ => [1],
        };
        var decades = Enumerable.Range((int)Math.Floor(limits.Bottom), (int)Math.Ceiling(limits.Top - limits.Bottom) + 2);
        var values = decades.SelectMany(decade => steps.Select(step => step * Math.Pow(10, decade))).ToList();
        axis.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. values.Select(Math.Log10)], [.. values.Select(value => value.ToString("G3"))]);
    }
}
