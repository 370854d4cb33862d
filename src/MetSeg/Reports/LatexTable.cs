using System.Text;

namespace MetSeg.Reports;

/// <summary>A report's table in LaTeX with the rules of booktabs, best values in bold, notes below; long ones go on over pages.</summary>
internal static class LatexTable
{
    /// <summary>What a document needs to take the tables in.</summary>
    public const string Packages = "% Needs \\usepackage{booktabs}, \\usepackage{longtable} and UTF-8 (the default since 2018).\n";

    private const int MostRowsOfAPage = 30;

    /// <summary>The table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="number">Its number in the report, for its label tab:metseg-NUMBER.</param>
    public static string Write(ReportTable table, int number)
    {
        var isLong = table.Rows.Count > MostRowsOfAPage;
        var columns = string.Concat(Enumerable.Range(0, table.Header.Count).Select(column => Column(table, column)));
        var caption = $"\\caption{{{LatexText.Encode(table.Caption)}}}\\label{{tab:metseg-{number}}}";
        var text = new StringBuilder(isLong
            ? $"{{\\footnotesize\n\\begin{{longtable}}{{{columns}}}\n{caption}\\\\\n\\toprule\n"
            : $"\\begin{{table}}[htbp]\n\\centering\\footnotesize\n{caption}\n\\begin{{tabular}}{{{columns}}}\n\\toprule\n");
        AppendRow(text, table.Header.Select(LatexText.Encode));
        text.Append(isLong ? "\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n" : "\\midrule\n");
        foreach (var row in table.Rows)
        {
            AppendRow(text, row.Cells.Select((cell, column) =>
                row.IsBest(column) ? $"\\textbf{{{LatexText.Encode(cell.Text)}}}" : LatexText.Encode(cell.Text)));
        }

        text.Append(isLong ? "\\end{longtable}\n" : "\\bottomrule\n\\end{tabular}\n");
        if (table.Notes.Count > 0)
        {
            text.Append("\\par\\smallskip\n\\begin{minipage}{\\linewidth}\\footnotesize\n")
                .AppendJoin("\\par\n", table.Notes.Select(LatexText.Encode)).Append("\n\\end{minipage}\n");
        }

        return text.Append(isLong ? "}\n" : "\\end{table}\n").ToString();
    }

    /// <summary>Numbers right, text left, and the last column of a table of sentences as a paragraph.</summary>
    private static string Column(ReportTable table, int column) => (table.IsNumeric(column), table.HasSentences) switch
    {
        (true, _) => "r",
        (false, true) => $"p{{{(column == table.Header.Count - 1 ? 0.55 : 0.3 / Math.Max(1, table.Header.Count - 1)):0.##}\\linewidth}}",
        _ => "l",
    };

    /// <summary>A row; braces keep a bracket or star at its start from being read as the option of the line break before.</summary>
    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.Append("{}").AppendJoin(" & ", cells).Append(" \\\\\n");
}
