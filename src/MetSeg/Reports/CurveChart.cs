using ScottPlot;

namespace MetSeg.Reports;

/// <summary>A curve: values over epochs, steps or volumes.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="Points">Points from left to right; one whose value is NaN leaves a gap.</param>
public sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>A band around the curve: its ends at every point, NaN for none there; empty (the default) for no band.</summary>
    public IReadOnlyList<(double Low, double High)> Band { get; init; } = [];
}

/// <summary>One pair of axes with its curves.</summary>
/// <param name="ValueLabel">What the curves measure, with its unit.</param>
/// <param name="Curves">The curves.</param>
/// <param name="Logarithmic">Whether the value axis is logarithmic (base 10); values that are not positive then leave gaps.</param>
public sealed record CurvePanel(string ValueLabel, IReadOnlyList<Curve> Curves, bool Logarithmic = false)
{
    /// <summary>Name of the panel's x axis; null (the default) for the chart's.</summary>
    public string? XLabel { get; init; }

    /// <summary>Whether the x axis is logarithmic (base 10); all its values must then be positive. The default is false.</summary>
    public bool LogarithmicX { get; init; }

    /// <summary>Whether the value axis goes from 0 to 1, for shares and overlap scores. The default is false: as far as the data.</summary>
    public bool UnitRange { get; init; }

    /// <summary>Whether the value axis begins at 0, for distances and counts. The default is false: where the data begin.</summary>
    public bool FromZero { get; init; }

    /// <summary>Ends of the x axis; null (the default) for as far as the data.</summary>
    public (double Low, double High)? XRange { get; init; }

    /// <summary>Places on the x axis that get a short tick inside the axes: where the data are. The default is none.</summary>
    public IReadOnlyList<double> Rug { get; init; } = [];
}

/// <summary>Curves in one panel or in several side by side: losses beside the validation Dice, sensitivity by lesion volume.</summary>
public sealed record CurveChart
{
    private const int FewPoints = 20;
    private const double XMargin = 0.02;
    private const double BandAlpha = 0.22;
    private const double BandAlphaOfMany = 0.12;
    private const double RugShare = 0.025;

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
    /// <exception cref="ArgumentException">There is no panel, or a band has not one place for each point of its curve.</exception>
    public Figure Draw()
    {
        if (Panels.Count == 0)
        {
            throw new ArgumentException("A curve chart needs a panel.");
        }

        if (Panels.SelectMany(panel => panel.Curves).FirstOrDefault(curve => curve.Band.Count > 0 && curve.Band.Count != curve.Points.Count) is { } bad)
        {
            throw new ArgumentException($"Curve '{bad.Name}' has {bad.Points.Count} points but a band of {bad.Band.Count}.");
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
        var plot = ChartCanvas.Create(title, panel.XLabel ?? XLabel, panel.ValueLabel);
        for (var i = 0; i < panel.Curves.Count; i++)
        {
            AddBand(plot, panel, i);
        }

        for (var i = 0; i < panel.Curves.Count; i++)
        {
            AddCurve(plot, panel, i);
        }

        SetRange(plot, panel);
        AddRug(plot, panel);
        ChartCanvas.ShowLegendAbove(plot, panel.Curves.Select((curve, i) =>
            new LegendItem { LabelText = curve.Name, LineColor = Color.FromHex(Palette.ColorOf(i)), LineWidth = 3 }));
        return plot;
    }

    private static void SetRange(Plot plot, CurvePanel panel)
    {
        plot.Axes.Margins(XMargin, 0.06);
        plot.Axes.AutoScale();
        if (panel.UnitRange)
        {
            plot.Axes.SetLimitsY(0, 1.02);
            ChartCanvas.SetUnitTicks(plot.Axes.Left);
        }
        else if (panel.FromZero)
        {
            plot.Axes.SetLimitsY(0, plot.Axes.GetLimits().Top);
        }

        if (panel.XRange is { } range)
        {
            var (low, high) = (PlaceX(panel, range.Low), PlaceX(panel, range.High));
            plot.Axes.SetLimitsX(low - (XMargin * (high - low)), high + (XMargin * (high - low)));
        }

        var limits = plot.Axes.GetLimits();
        if (panel.Logarithmic)
        {
            ChartCanvas.SetLogarithmicTicks(plot.Axes.Left, limits.Bottom, limits.Top);
        }

        if (panel.LogarithmicX)
        {
            ChartCanvas.SetLogarithmicTicks(plot.Axes.Bottom, limits.Left, limits.Right);
        }
        else if (panel.Curves.SelectMany(curve => curve.Points).All(point => double.IsInteger(point.X)))
        {
            plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { TickDensity = 0.6, IntegerTicksOnly = true };
        }
    }

    private static double PlaceX(CurvePanel panel, double x) => panel.LogarithmicX ? Math.Log10(x) : x;

    private static double PlaceY(CurvePanel panel, double y) =>
        (panel.Logarithmic ? Math.Log10(Math.Max(y, 0)) : y) is var place && double.IsFinite(place) ? place : double.NaN;

    /// <summary>Fills the band piece by piece: a gap parts it.</summary>
    private static void AddBand(Plot plot, CurvePanel panel, int index)
    {
        var (points, band) = (panel.Curves[index].Points, panel.Curves[index].Band);
        var piece = new List<(double X, double Low, double High)>();
        for (var i = 0; i <= band.Count; i++)
        {
            var (low, high) = i < band.Count ? (PlaceY(panel, band[i].Low), PlaceY(panel, band[i].High)) : (double.NaN, double.NaN);
            if (double.IsFinite(low) && double.IsFinite(high))
            {
                piece.Add((PlaceX(panel, points[i].X), low, high));
                continue;
            }

            if (piece.Count > 1)
            {
                var fill = plot.Add.FillY(
                    [.. piece.Select(one => one.X)], [.. piece.Select(one => one.Low)], [.. piece.Select(one => one.High)]);
                var color = Color.FromHex(Palette.ColorOf(index));
                fill.FillStyle.Color = color.WithAlpha(panel.Curves.Count > 2 ? BandAlphaOfMany : BandAlpha);
                fill.LineStyle = new LineStyle { Color = color.WithAlpha(0.5), Width = panel.Curves.Count > 2 ? 0.8f : 0 };
                fill.MarkerStyle.IsVisible = false;
            }

            piece.Clear();
        }
    }

    private static void AddCurve(Plot plot, CurvePanel panel, int index)
    {
        var points = panel.Curves[index].Points;
        var line = plot.Add.Scatter(
            points.Select(point => PlaceX(panel, point.X)).ToArray(), points.Select(point => PlaceY(panel, point.Y)).ToArray());
        line.Color = Color.FromHex(Palette.ColorOf(index));
        line.LineWidth = 2;
        line.MarkerSize = points.Count <= FewPoints ? 5 : 0;
    }

    private static void AddRug(Plot plot, CurvePanel panel)
    {
        var limits = plot.Axes.GetLimits();
        var top = limits.Bottom + (RugShare * (limits.Top - limits.Bottom));
        foreach (var x in panel.Rug)
        {
            plot.Add.Line(PlaceX(panel, x), limits.Bottom, PlaceX(panel, x), top).LineStyle =
                new LineStyle { Color = ChartCanvas.Ink.WithAlpha(0.45), Width = 1 };
        }
    }
}
