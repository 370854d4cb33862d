using ScottPlot;

namespace MetSeg.Reports;

/// <summary>A bar: a value and, where known, its interval.</summary>
/// <param name="Value">Height of the bar; NaN draws no bar, but "n/a" in its place.</param>
/// <param name="Low">Lower end of the error bar (an absolute value, not a distance); NaN for none.</param>
/// <param name="High">Upper end of the error bar; NaN for none.</param>
public sealed record Bar(double Value, double Low = double.NaN, double High = double.NaN);

/// <summary>The bars of one series, such as "baseline".</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="Bars">One bar per group, in the groups' order.</param>
public sealed record BarSeries(string Name, IReadOnlyList<Bar> Bars);

/// <summary>Bars side by side per group: for example the Dice of two models at each hospital, with confidence intervals.</summary>
public sealed record GroupedBarChart
{
    private const double GroupWidth = 0.8;

    /// <summary>Names of the groups, left to right.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>A second line below each group's name, such as its number of cases; null (the default) for none.</summary>
    public IReadOnlyList<string>? BelowGroups { get; init; }

    /// <summary>The series; each has one bar per group.</summary>
    public required IReadOnlyList<BarSeries> Series { get; init; }

    /// <summary>What the bars measure, with its unit.</summary>
    public required string ValueLabel { get; init; }

    /// <summary>Title above the chart. The default is none: a report's caption says it.</summary>
    public string? Title { get; init; }

    /// <summary>
    /// Whether the axis goes from 0 to 1, for shares and overlap scores; bars beyond are cut off. The default is false: as far as the data.
    /// </summary>
    public bool UnitRange { get; init; }

    /// <summary>Format of the values above the bars; empty for none. The default is "0.00".</summary>
    public string ValueFormat { get; init; } = "0.00";

    /// <summary>Width in CSS pixels. The default is 720.</summary>
    public int Width { get; init; } = 720;

    /// <summary>Height in CSS pixels. The default is 400.</summary>
    public int Height { get; init; } = 400;

    /// <summary>Draws the chart.</summary>
    /// <exception cref="ArgumentException">There is no group or series, or a series or the second line has not one entry per group.</exception>
    public Figure Draw()
    {
        if (Groups.Count == 0 || Series.Count == 0 || Series.Any(series => series.Bars.Count != Groups.Count)
            || (BelowGroups is not null && BelowGroups.Count != Groups.Count))
        {
            throw new ArgumentException($"A grouped bar chart needs groups and series with one bar for each of its {Groups.Count} groups.");
        }

        using var plot = ChartCanvas.Create(Title, "", ValueLabel);
        for (var i = 0; i < Series.Count; i++)
        {
            AddSeries(plot, i);
        }

        ChartCanvas.SetCategories(plot.Axes.Bottom, Groups, BelowGroups);
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Axes.SetLimitsX(-0.5, Groups.Count - 0.5);
        var (bottom, top) = ValueRange();
        plot.Axes.SetLimitsY(bottom, top);
        if (UnitRange)
        {
            ChartCanvas.SetUnitTicks(plot.Axes.Left);
        }

        if (Series.Count > 1)
        {
            ChartCanvas.ShowLegendAbove(plot, Series.Select((series, i) =>
                new LegendItem { LabelText = series.Name, FillColor = Color.FromHex(Palette.ColorOf(i)) }));
        }

        return ChartCanvas.Render([plot], Width, Height);
    }

    private void AddSeries(Plot plot, int index)
    {
        var series = Series[index];
        var color = Color.FromHex(Palette.ColorOf(index));
        var barWidth = GroupWidth / Series.Count;
        for (var group = 0; group < Groups.Count; group++)
        {
            var bar = series.Bars[group];
            var center = group + (barWidth * (index - ((Series.Count - 1) / 2.0)));
            if (double.IsFinite(bar.Value))
            {
                plot.Add.Bar(new ScottPlot.Bar
                {
                    Position = center, Value = bar.Value, Size = barWidth * 0.92, FillColor = color, LineWidth = 0,
                });
                AddInterval(plot, bar, center, barWidth);
            }

            AddValue(plot, bar, center);
        }
    }

    private static void AddInterval(Plot plot, Bar bar, double center, double barWidth)
    {
        if (!double.IsFinite(bar.Low) || !double.IsFinite(bar.High))
        {
            return;
        }

        var cap = barWidth * 0.12;
        plot.Add.Line(center, bar.Low, center, bar.High).LineStyle = IntervalLine();
        plot.Add.Line(center - cap, bar.Low, center + cap, bar.Low).LineStyle = IntervalLine();
        plot.Add.Line(center - cap, bar.High, center + cap, bar.High).LineStyle = IntervalLine();
    }

    private static LineStyle IntervalLine() => new() { Color = ChartCanvas.Ink, Width = 1.5f };

    private void AddValue(Plot plot, Bar bar, double center)
    {
        if (ValueFormat.Length == 0)
        {
            return;
        }

        var known = double.IsFinite(bar.Value);
        var text = plot.Add.Text(known ? bar.Value.ToString(ValueFormat) : "n/a", center, known ? Top(bar) : 0);
        text.LabelFontName = FigureFont.Family;
        text.LabelFontSize = 11;
        text.LabelFontColor = ChartCanvas.Ink;
        text.LabelAlignment = Alignment.LowerCenter;
        text.OffsetY = -3;
    }

    private (double Bottom, double Top) ValueRange()
    {
        var known = Series.SelectMany(series => series.Bars).Where(bar => double.IsFinite(bar.Value)).ToList();
        var highest = known.Select(Top).Append(0).Max();
        var lowest = known.Select(bar => double.IsFinite(bar.Low) ? Math.Min(bar.Low, bar.Value) : bar.Value).Append(0).Min();
        if (UnitRange)
        {
            return (0, 1.08);
        }

        var room = 0.1 * (highest > lowest ? highest - lowest : 1);
        return (lowest < 0 ? lowest - room : 0, highest + room);
    }

    private static double Top(Bar bar) => Math.Max(0, double.IsFinite(bar.High) ? Math.Max(bar.High, bar.Value) : bar.Value);
}
