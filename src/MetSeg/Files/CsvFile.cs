using Microsoft.VisualBasic.FileIO;

namespace MetSeg.Files;

/// <summary>Comma-separated tables with a header row (RFC 4180).</summary>
public static class CsvFile
{
    /// <summary>Reads a table as one dictionary per row, keyed by the header's names (case does not matter).</summary>
    /// <exception cref="MetSegException">The file is missing or empty, or a row has more or fewer fields than the header.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string path)
    {
        try
        {
            using var parser = new TextFieldParser(path) { HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = true };
            parser.SetDelimiters(",");
            var header = parser.ReadFields() ?? throw new MetSegException($"'{path}' is empty; a table needs a header row.");
            var rows = new List<IReadOnlyDictionary<string, string>>();
            while (parser.ReadFields() is { } fields)
            {
                if (fields.Length != header.Length)
                {
                    throw new MetSegException($"'{path}', row {rows.Count + 2}: {fields.Length} fields where the header has {header.Length}.");
                }

                rows.Add(header.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.OrdinalIgnoreCase));
            }

            return rows;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or MalformedLineException or ArgumentException)
        {
            throw new MetSegException($"Cannot read '{path}': {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>Writes a table, whole or not at all. Cells that a spreadsheet would run as a formula get a leading apostrophe.</summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<string> header, IEnumerable<IEnumerable<string>> rows) =>
        AtomicFile.WriteText(path, string.Concat(rows.Prepend(header).Select(row => string.Join(',', row.Select(Cell)) + "\n")));

    /// <summary>A number as the table spells it: the shortest text that reads back the same, empty where undefined.</summary>
    public static string Number(double value) => double.IsFinite(value) ? value.ToString("R") : "";

    private static string Cell(string text)
    {
        var safe = text.Length > 0 && "=+-@".Contains(text[0]) && !double.TryParse(text, out _) ? "'" + text : text;
        return safe.IndexOfAny([',', '"', '\n', '\r']) >= 0 ? $"\"{safe.Replace("\"", "\"\"")}\"" : safe;
    }
}
