namespace MetSeg.App;

/// <summary>A table in plain text: the first column to the left, the others to the right, two spaces between.</summary>
internal static class TextTable
{
    /// <summary>Writes a table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="header">Names of the columns.</param>
    /// <param name="rows">One text per column.</param>
    public static void Write(TextWriter output, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<IReadOnlyList<string>> lines = [header, .. rows];
        var widths = header.Select((_, column) => lines.Max(line => line[column].Length)).ToList();
        foreach (var line in lines)
        {
            var cells = line.Select((text, column) => column == 0 ? text.PadRight(widths[0]) : text.PadLeft(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    /// <summary>A number with a fixed number of decimals; a dash where it is undefined.</summary>
    public static string Number(double value, int decimals = 3) => double.IsFinite(value) ? value.ToString($"F{decimals}") : "–";
}
