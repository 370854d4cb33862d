using MetSeg.Evaluation;
using ScottPlot;

namespace MetSeg.Reports;

/// <summary>The values of one method, one per case.</summary>
/// <param name="Name">Name below the axis.</param>
/// <param name="Values">One per case, in the same order for all methods; NaN where undefined.</param>
public sealed record PairedSeries(string Name, IReadOnlyList<double> Values);

/// <summary>
/// Methods side by side on the same cases: for each a box (quartiles and median) and a point per case, with a gray line between the points of
/// a case. It shows what a table of means hides: which cases gain and which lose.
/// </summary>
public sealed record PairedChart
{
    private const double BoxWidth = 0.2;
    private const double BoxGap = 0.08;

    /// <summary>The methods, left to right, with the same cases in the same order.</summary>
    public required IReadOnlyList<PairedSeries> Series { get; init; }

    /// <summary>What the values are, with their unit.</summary>
    public required string ValueLabel { get; init; }

    /// <summary>Title above the chart. The default is none.</summary>
    public string? Title { get; init; }

    /// <summary>Whether the axis goes from 0 to 1, for shares and overlap scores. The default is false: from 0, or below where values are.</summary>
    public bool UnitRange { get; init; }

    /// <summary>Width in CSS pixels. The default is 480.</summary>
    public int Width { get; init; } = 480;

    /// <summary>Height in CSS pixels. The default is 400.</summary>
    public int Height { get; init; } = 400;

    /// <summary>Draws the chart; the number of defined values stands below each name.</summary>
    /// <exception cref="ArgumentException">There is no method, or methods differ in their number of cases.</exception>
    public Figure Draw()
    {
        if (Series.Count == 0 || Series.Any(series => series.Values.Count != Series[0].Values.Count))
        {
            throw new ArgumentException("A paired chart needs methods with one value each for the same cases.");
        }

        using var plot = ChartCanvas.Create(Title, "", ValueLabel);
        AddPairs(plot);
        for (var i = 0; i < Series.Count; i++)
        {
            AddBox(plot, i);
            AddPoints(plot, i);
        }

        ChartCanvas.SetCategories(plot.Axes.Bottom, [.. Series.Select(series => series.Name)], [.. Series.Select(series => $"n = {series.Values.Count(double.IsFinite)}")]);
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Axes.Margins(0, 0.05);
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsX(-0.5, Series.Count - 0.5);
        if (UnitRange)
        {
            plot.Axes.SetLimitsY(-0.02, 1.02);
            ChartCanvas.SetUnitTicks(plot.Axes.Left);
        }
        else if (!Series.Any(series => series.Values.Any(value => value < 0)))
        {
            var top = plot.Axes.GetLimits().Top;
            plot.Axes.SetLimitsY(-0.02 * top, top);
        }

        return ChartCanvas.Render([plot], Width, Height);
    }

    private void AddPairs(Plot plot)
    {
        var faint = new LineStyle { Color = Color.FromHex("#8A8A8A").WithAlpha(0.55), Width = 1 };
        for (var i = 1; i < Series.Count; i++)
        {
            for (var one = 0; one < Series[i].Values.Count; one++)
            {
                var (before, after) = (Series[i - 1].Values[one], Series[i].Values[one]);
                if (double.IsFinite(before) && double.IsFinite(after))
                {
                    plot.Add.Line(i - 1, before, i, after).LineStyle = faint;
                }
            }
        }
    }

    /// <summary>A box beside the points, away from the lines where there is such a side, else behind the points.</summary>
    private void AddBox(Plot plot, int index)
    {
        double[] sorted = [.. Series[index].Values.Where(double.IsFinite).Order()];
        if (sorted.Length == 0)
        {
            return;
        }

        var center = index == 0 ? -BoxGap - (BoxWidth / 2) : index == Series.Count - 1 ? index + BoxGap + (BoxWidth / 2) : index;
        var (left, right) = (center - (BoxWidth / 2), center + (BoxWidth / 2));
        var color = Color.FromHex(Palette.ColorOf(index));
        var box = plot.Add.Rectangle(left, right, Quantile.OfSorted(sorted, 0.25), Quantile.OfSorted(sorted, 0.75));
        (box.FillColor, box.LineColor, box.LineWidth) = (Colors.White.MixedWith(color, 0.3), color, 1.5f);
        var median = Quantile.OfSorted(sorted, 0.5);
        plot.Add.Line(left, median, right, median).LineStyle = new LineStyle { Color = ChartCanvas.Ink, Width = 2.5f };
    }

    private void AddPoints(Plot plot, int index)
    {
        double[] known = [.. Series[index].Values.Where(double.IsFinite)];
        var points = plot.Add.ScatterPoints([.. known.Select(_ => (double)index)], known);
        points.Color = Color.FromHex(Palette.ColorOf(index)).WithAlpha(0.75);
        points.MarkerSize = 6;
    }
}
