namespace MetSeg.Reports;

/// <summary>Which number of a row is the best one.</summary>
public enum BestValue
{
    /// <summary>None is emphasized.</summary>
    None,

    /// <summary>The highest, as for Dice.</summary>
    Highest,

    /// <summary>The lowest, as for a distance.</summary>
    Lowest,
}

/// <summary>One row of a table.</summary>
/// <param name="Cells">One cell per column.</param>
/// <param name="Best">Which of the row's numbers is emphasized. The default is none.</param>
public sealed record ReportRow(IReadOnlyList<ReportCell> Cells, BestValue Best = BestValue.None);

/// <summary>A table of a report. Columns that hold numbers are aligned to the right.</summary>
/// <param name="Caption">What the table shows.</param>
/// <param name="Header">Names of the columns.</param>
/// <param name="Rows">The rows; each has one cell per column.</param>
public sealed record ReportTable(string Caption, IReadOnlyList<string> Header, IReadOnlyList<ReportRow> Rows)
{
    /// <summary>Remarks below the table. The default is none.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <exception cref="ArgumentException">A row has more or fewer cells than the header.</exception>
    internal void WriteTo(HtmlText html)
    {
        if (Rows.FirstOrDefault(row => row.Cells.Count != Header.Count) is { } bad)
        {
            throw new ArgumentException($"Table '{Caption}': a row has {bad.Cells.Count} cells where the header has {Header.Count}.");
        }

        html.Open("figure", ("class", "table")).Element("figcaption", Caption).Open("div", ("class", "scroll"), ("tabindex", "0"));
        html.Open("table").Open("thead").Open("tr");
        for (var column = 0; column < Header.Count; column++)
        {
            html.Element("th", Header[column], ("scope", "col"), ("class", ClassOf(column)));
        }

        html.Close("tr").Close("thead").Open("tbody");
        foreach (var row in Rows)
        {
            WriteRow(html, row);
        }

        html.Close("tbody").Close("table").Close("div");
        foreach (var note in Notes)
        {
            html.Element("p", note, ("class", "note"));
        }

        html.Close("figure");
    }

    private void WriteRow(HtmlText html, ReportRow row)
    {
        var numbers = row.Cells.Where(cell => cell.Value is not null).Select(cell => cell.Value!.Value).ToList();
        double? best = row.Best == BestValue.None || numbers.Count < 2 ? null : row.Best == BestValue.Highest ? numbers.Max() : numbers.Min();
        html.Open("tr");
        for (var column = 0; column < row.Cells.Count; column++)
        {
            var cell = row.Cells[column];
            html.Open("td", ("class", ClassOf(column)));
            if (best is not null && cell.Value == best)
            {
                html.Element("strong", cell.Text);
            }
            else
            {
                html.Text(cell.Text);
            }

            html.Close("td");
        }

        html.Close("tr");
    }

    private string ClassOf(int column) => Rows.Any(row => row.Cells[column].IsNumber) ? "number" : "text";
}
