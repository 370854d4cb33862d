using System.Text.RegularExpressions;

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
public sealed record ReportRow(IReadOnlyList<ReportCell> Cells, BestValue Best = BestValue.None)
{
    /// <summary>Whether a line parts the row from the one above. The default is false.</summary>
    public bool BeginsGroup { get; init; }

    /// <summary>Whether a cell holds the best of the row's numbers, where they differ as they are shown.</summary>
    internal bool IsBest(int column)
    {
        if (Best == BestValue.None || Cells[column].Value is not { } value)
        {
            return false;
        }

        var numbers = Cells.Where(cell => cell.Value is not null).Select(cell => cell.Value!.Value).ToList();
        return numbers.Distinct().Count() > 1 && value == (Best == BestValue.Highest ? numbers.Max() : numbers.Min());
    }
}

/// <summary>A table of a report. Columns that hold numbers are aligned to the right.</summary>
/// <param name="Caption">What the table shows.</param>
/// <param name="Header">Names of the columns.</param>
/// <param name="Rows">The rows; each has one cell per column.</param>
public sealed partial record ReportTable(string Caption, IReadOnlyList<string> Header, IReadOnlyList<ReportRow> Rows)
{
    private const char NoBreakSpace = '\u00A0';

    /// <summary>Remarks below the table. The default is none.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether cells hold sentences: columns of text may then break their lines. The default is false.</summary>
    public bool HasSentences { get; init; }

    /// <summary>Whether a column holds numbers, and so is aligned to the right.</summary>
    internal bool IsNumeric(int column) => Rows.Any(row => row.Cells[column].IsNumber);

    /// <exception cref="ArgumentException">A row has more or fewer cells than the header.</exception>
    internal void ThrowUnlessRectangular()
    {
        if (Rows.FirstOrDefault(row => row.Cells.Count != Header.Count) is { } bad)
        {
            throw new ArgumentException($"Table '{Caption}': a row has {bad.Cells.Count} cells where the header has {Header.Count}.");
        }
    }

    internal void WriteTo(HtmlText html)
    {
        html.Open("figure", ("class", "table")).Element("figcaption", Caption).Open("div", ("class", "scroll"), ("tabindex", "0"));
        html.Open("table", ("class", HasSentences ? "sentences" : "scores")).Open("thead").Open("tr");
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
        html.Open("tr", ("class", row.BeginsGroup ? "group" : "row"));
        for (var column = 0; column < row.Cells.Count; column++)
        {
            var text = Unbroken().Replace(row.Cells[column].Text, brackets => brackets.Value.Replace(' ', NoBreakSpace));
            html.Open("td", ("class", ClassOf(column)));
            if (row.IsBest(column))
            {
                html.Element("strong", text);
            }
            else
            {
                html.Text(text);
            }

            html.Close("td");
        }

        html.Close("tr");
    }

    /// <summary>Intervals and p-values, which a narrow column puts on a line of their own, but does not break.</summary>
    [GeneratedRegex(@"\[[^\]]*\]|< \S+")]
    private static partial Regex Unbroken();

    private string ClassOf(int column) => IsNumeric(column) ? "number" : "text";
}
