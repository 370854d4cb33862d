using System.Globalization;
using MetSeg.Files;

namespace MetSeg.Statistics;

/// <summary>
/// A table of scores, a row per case: any CSV file with a header, or the cases of a metrics.json. Cells stay text until a column is used.
/// </summary>
public sealed class ScoreTable
{
    private static readonly string[] caseNames = ["case", "sample", "case_id", "caseid", "id", "subject", "patient"];
    private static readonly string[] missing = ["", "nan", "na", "n/a", "null", "none", "-", "–"];
    private static readonly string[] infinite = ["inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"];
    private static readonly string[] imageEndings = [".nii.gz", ".nii"];

    private readonly IReadOnlyList<Row> rows;

    private ScoreTable(string path, string name, string? caseColumn, IReadOnlyList<Row> rows)
    {
        (Path, Name, CaseColumn, this.rows) = (path, name, caseColumn, rows);
        Columns = rows.Count == 0 ? [] : [.. rows[0].Cells.Keys];
    }

    /// <summary>The file, as the user named it.</summary>
    public string Path { get; }

    /// <summary>A short name: the file's, or its folder's for cases.csv and metrics.json.</summary>
    public string Name { get; }

    /// <summary>The column that names the cases; null where none does.</summary>
    public string? CaseColumn { get; }

    /// <summary>Names of all columns, in their order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Number of rows.</summary>
    public int Count => rows.Count;

    /// <summary>Columns other than the case's whose cells are all numbers or empty, with at least one number.</summary>
    public IReadOnlyList<string> NumericColumns =>
        [.. Columns.Where(column => !IsCaseColumn(column)
            && rows.All(row => TryNumber(row.Cells[column], out _)) && rows.Any(row => HasNumber(row.Cells[column])))];

    /// <summary>
    /// The case of each row, without an image file's ending; null without a case column. Names are compared exactly.
    /// </summary>
    public IReadOnlyList<string>? Cases => CaseColumn is null ? null : [.. rows.Select(row => Plain(row.Cells[CaseColumn]))];

    /// <summary>Reads a table.</summary>
    /// <param name="path">A CSV file, a metrics.json, or a folder that `metseg evaluate` wrote.</param>
    /// <param name="caseColumn">The column that names the cases; null: case, sample, case_id, id, subject or patient, whichever there is.</param>
    /// <exception cref="MetSegException">The file is missing, is no table, has no row, or lacks the column.</exception>
    public static ScoreTable Read(string path, string? caseColumn = null)
    {
        var file = Directory.Exists(path) ? System.IO.Path.Combine(path, "cases.csv") : path;
        if (!File.Exists(file))
        {
            throw new MetSegException($"There is no table '{file}'. Name a CSV file, a metrics.json or a folder that 'metseg evaluate' wrote.");
        }

        var cells = System.IO.Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase) ? MetricsJson.Read(file) : CsvFile.Read(file);
        if (cells.Count == 0)
        {
            throw new MetSegException($"'{path}' has no row below its header; there is nothing to describe.");
        }

        if (cells[0].Keys.ToList() is [var only] && only.IndexOfAny([';', '\t']) >= 0)
        {
            throw new MetSegException(
                $"'{path}' separates its columns by {(only.Contains(';') ? "semicolons" : "tabs")}. Save it with commas, and points in numbers.");
        }

        var table = new ScoreTable(path, NameOf(file), null, [.. cells.Select((row, i) => new Row(i + 2, row))]);
        return table.WithCases(caseColumn is null ? table.Find(caseNames) : table.Require(caseColumn));
    }

    /// <summary>The numbers of a column, a row each; NaN where the cell is empty, NaN or NA, and infinite where it is.</summary>
    /// <exception cref="MetSegException">There is no such column, or a cell holds something else.</exception>
    public double[] Numbers(string column)
    {
        var name = Require(column);
        return [.. rows.Select(row => TryNumber(row.Cells[name], out var number)
            ? number
            : throw new MetSegException(
                $"'{Path}', row {row.Line}, column '{name}': '{row.Cells[name]}' is not a number. "
                + "Write numbers with a point; leave a cell empty where there is none."))];
    }

    /// <summary>The rows that fulfil a condition.</summary>
    /// <exception cref="MetSegException">The column is missing or not a number where one is compared, or no row is left.</exception>
    public ScoreTable Where(RowCondition condition)
    {
        var name = Require(condition.Column);
        var kept = rows.Where(row => condition.Holds(row.Cells[name], $"'{Path}', row {row.Line}")).ToList();
        return kept.Count > 0
            ? new ScoreTable(Path, Name, CaseColumn, kept)
            : throw new MetSegException($"'{Path}': no row fulfils {condition}.");
    }

    /// <summary>A table for each value of a column, named by the value, in the order of first appearance.</summary>
    /// <exception cref="MetSegException">There is no such column.</exception>
    public IReadOnlyList<ScoreTable> SplitBy(string column)
    {
        var name = Require(column);
        return [.. rows.GroupBy(row => row.Cells[name], StringComparer.Ordinal)
            .Select(group => new ScoreTable(Path, group.Key.Length == 0 ? $"no {name}" : group.Key, CaseColumn, [.. group]))];
    }

    /// <summary>The cases, which must be named, each once.</summary>
    /// <exception cref="MetSegException">No column names the cases, or a case is listed twice.</exception>
    internal IReadOnlyList<string> DistinctCases()
    {
        if (Cases is not { } cases)
        {
            throw new MetSegException($"'{Path}' has no column that names the cases ({string.Join(", ", caseNames)}). Name it with --case-column.");
        }

        return cases.GroupBy(one => one, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new MetSegException($"'{Path}' lists case '{twice.Key}' {twice.Count()} times in column '{CaseColumn}'. Pairs need one row a case.")
            : cases;
    }

    /// <summary>Whether the cases are named, each once.</summary>
    internal bool HasDistinctCases => Cases is { } cases && cases.Distinct(StringComparer.Ordinal).Count() == cases.Count;

    private ScoreTable WithCases(string? column) => new(Path, Name, column, rows);

    private static string NameOf(string file)
    {
        var stem = System.IO.Path.GetFileNameWithoutExtension(file);
        var folder = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file)));
        return stem is "cases" or "metrics" && folder is { Length: > 0 } ? folder : stem;
    }

    private static string Plain(string name) =>
        imageEndings.FirstOrDefault(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } ending ? name[..^ending.Length] : name;

    private static bool HasNumber(string text) => TryNumber(text, out var number) && !double.IsNaN(number);

    private static bool TryNumber(string text, out double number)
    {
        var word = text.ToLowerInvariant();
        if (missing.Contains(word) || infinite.Contains(word))
        {
            number = missing.Contains(word) ? double.NaN : double.PositiveInfinity;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private bool IsCaseColumn(string column) => column.Equals(CaseColumn, StringComparison.OrdinalIgnoreCase);

    private string? Find(IEnumerable<string> names) =>
        names.Select(name => Columns.FirstOrDefault(column => column.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(found => found is not null);

    private string Require(string column) =>
        Find([column]) ?? throw new MetSegException($"'{Path}' has no column '{column}'. It has {string.Join(", ", Columns)}.");

    /// <summary>A row: the line of the file it stands in, if no cell spans lines, and its cells by column.</summary>
    private sealed record Row(int Line, IReadOnlyDictionary<string, string> Cells);
}
