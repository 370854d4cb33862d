using ScottPlot;

namespace MetSeg.Reports;

/// <summary>
/// A confusion matrix as a heat map: rows are the true classes, columns the predicted ones. Each cell shows its count; its shade is the
/// share of its row, so that classes of different size compare.
/// </summary>
public sealed record ConfusionChart
{
    private const double DarkShare = 0.55;

    /// <summary>Names of the K classes.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>K×K counts: [true, predicted].</summary>
    public required int[,] Counts { get; init; }

    /// <summary>Title above the chart. The default is none.</summary>
    public string? Title { get; init; }

    /// <summary>Name of the columns. The default is "predicted".</summary>
    public string ColumnLabel { get; init; } = "predicted";

    /// <summary>Name of the rows. The default is "true".</summary>
    public string RowLabel { get; init; } = "true";

    /// <summary>Width and height in CSS pixels. The default is 420.</summary>
    public int Length { get; init; } = 420;

    /// <summary>Draws the chart.</summary>
    /// <exception cref="ArgumentException">There is no class, the counts are not K×K, or one is negative.</exception>
    public Figure Draw()
    {
        var k = Classes.Count;
        if (k == 0 || Counts.GetLength(0) != k || Counts.GetLength(1) != k || Counts.Cast<int>().Any(count => count < 0))
        {
            throw new ArgumentException($"A confusion chart of {k} classes needs {k}×{k} counts, none negative.");
        }

        using var plot = ChartCanvas.Create(Title, ColumnLabel, RowLabel);
        for (var row = 0; row < k; row++)
        {
            var total = Enumerable.Range(0, k).Sum(column => (long)Counts[row, column]);
            for (var column = 0; column < k; column++)
            {
                AddCell(plot, row, column, total == 0 ? 0 : Counts[row, column] / (double)total);
            }
        }

        ChartCanvas.SetCategories(plot.Axes.Bottom, Classes);
        ChartCanvas.SetCategories(plot.Axes.Left, [.. Classes.Reverse()]);
        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, k - 0.5, -0.5, k - 0.5);
        return ChartCanvas.Render([plot], Length, Length);
    }

    private void AddCell(Plot plot, int row, int column, double share)
    {
        var y = Classes.Count - 1 - row;
        var cell = plot.Add.Rectangle(column - 0.49, column + 0.49, y - 0.49, y + 0.49);
        cell.FillColor = Colors.White.MixedWith(Color.FromHex(Palette.ColorOf(0)), share);
        cell.LineColor = Color.FromHex("#DDDDDD");
        cell.LineWidth = 1;
        var text = plot.Add.Text(Counts[row, column].ToString(), column, y);
        text.LabelFontName = FigureFont.Family;
        text.LabelFontSize = Classes.Count <= 6 ? 16 : 11;
        text.LabelFontColor = share > DarkShare ? Colors.White : ChartCanvas.Ink;
        text.LabelAlignment = Alignment.MiddleCenter;
        text.OffsetY = ChartCanvas.TextDrop;
    }
}
