using System.Text;

namespace MetSeg.Reports;

/// <summary>A report's table as a table of GitHub's Markdown, best values in bold, notes below.</summary>
internal static class MarkdownTable
{
    private const string Special = "\\`*_{}[]<>|#~$&";

    /// <summary>The table with its caption above.</summary>
    /// <param name="table">The table.</param>
    /// <param name="number">Its number in the report.</param>
    public static string Write(ReportTable table, int number)
    {
        var text = new StringBuilder($"**Table {number}.** {Encode(table.Caption)}\n\n");
        AppendRow(text, table.Header.Select(Encode));
        AppendRow(text, Enumerable.Range(0, table.Header.Count).Select(column => table.IsNumeric(column) ? "--:" : ":--"));
        foreach (var row in table.Rows)
        {
            AppendRow(text, row.Cells.Select((cell, column) => row.IsBest(column) ? $"**{Encode(cell.Text)}**" : Encode(cell.Text)));
        }

        if (table.Notes.Count > 0)
        {
            text.Append('\n').AppendJoin("", table.Notes.Select(note => $"- {Encode(note)}\n"));
        }

        return text.ToString();
    }

    /// <summary>Text on one line in which nothing is markup.</summary>
    public static string Encode(string text) =>
        string.Concat(PlainText.Clean(text).Select(character => Special.Contains(character) ? $"\\{character}" : $"{character}"));

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
