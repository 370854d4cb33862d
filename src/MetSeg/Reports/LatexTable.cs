using System.Text;

namespace MetSeg.Reports;

/// <summary>A report's table in LaTeX with the rules of booktabs, best values in bold, notes below; long ones go on over pages.</summary>
internal static class LatexTable
{
    /// <summary>What a document needs to take the tables in.</summary>
    public const string Packages = "% Needs \\usepackage{array}, \\usepackage{booktabs}, \\usepackage{longtable} and UTF-8 (the default since 2018).\n";

    private const int MostRowsOfAPage = 30;
    private const double FirstWidth = 0.2;
    private const double LastWidth = 0.62;

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
            text.Append(row.BeginsGroup ? "\\midrule\n" : "");
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

    /// <summary>Numbers right, text left; sentences as paragraphs, of which the last column is the widest.</summary>
    private static string Column(ReportTable table, int column)
    {
        if (table.IsNumeric(column))
        {
            return "r";
        }

        var width = column == table.Header.Count - 1 ? LastWidth : FirstWidth;
        return table.HasSentences ? $">{{\\raggedright\\arraybackslash}}p{{{width}\\linewidth}}" : "l";
    }

    /// <summary>A row; braces keep a bracket or star at its start from being read as the option of the line break before.</summary>
    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.Append("{}").AppendJoin(" & ", cells).Append(" \\\\\n");
}
