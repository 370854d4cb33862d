using System.Text.RegularExpressions;
using MetSeg.Files;

namespace MetSeg.Datasets;

/// <summary>A case of a table: its files as the source has them.</summary>
/// <param name="Id">The case.</param>
/// <param name="Institution">The hospital it comes from.</param>
/// <param name="Patient">The patient's pseudonym.</param>
/// <param name="IsTest">Whether it is kept from training.</param>
/// <param name="ImagePaths">One file per channel.</param>
/// <param name="LabelPath">The reference; null for a test case without one.</param>
/// <param name="MaskPath">The mask outside of which images become 0; null where the whole image counts.</param>
/// <param name="LabelValues">What the reference's values mean.</param>
internal sealed record TableCase(
    string Id,
    string Institution,
    string Patient,
    bool IsTest,
    IReadOnlyList<string> ImagePaths,
    string? LabelPath,
    string? MaskPath,
    LabelValues LabelValues)
{
    /// <summary>All its files, the first image first.</summary>
    public IEnumerable<string> Sources => ImagePaths.Concat(new[] { LabelPath, MaskPath }.OfType<string>());
}

/// <summary>Reads the table that <see cref="TableLayout"/> imports.</summary>
internal static partial class CaseTable
{
    private const string Image = "image";

    private static readonly string[] columns = ["case", "institution", "patient", "split", "label", "label_values", "mask"];

    /// <summary>Reads and checks the table. The files it names are not looked at.</summary>
    /// <exception cref="DatasetException">A column is missing or unknown, or a row cannot be used; the message names it.</exception>
    /// <exception cref="MetSegException">The file is missing or is not a table.</exception>
    public static IReadOnlyList<TableCase> Read(string path, TableLayoutOptions options)
    {
        var rows = CsvFile.Read(path);
        if (rows.Count == 0)
        {
            throw new DatasetException($"'{path}' lists no case. Add a row for each case below the header.");
        }

        var images = ImageColumns(path, [.. rows[0].Keys], options.ChannelNames);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var cases = rows.Select((row, i) => InPlace($"'{path}', row {i + 2}", () => CaseOf(row, images, folder, options))).ToList();
        RequireApart(path, cases);
        return cases;
    }

    private static List<string> ImageColumns(string path, List<string> header, IReadOnlyList<string> channels)
    {
        var numbered = Enumerable.Range(0, header.Count).Select(i => $"{Image}_{i}").TakeWhile(name => Has(header, name)).ToList();
        var images = Has(header, Image) ? [Image] : numbered;
        if (!Has(header, "case") || images.Count == 0)
        {
            throw new DatasetException($"'{path}' needs the columns case and image (or image_0, image_1, … for several channels).");
        }

        var unknown = header.Where(name => !Has(columns, name) && !Has(images, name)).ToList();
        if (unknown.Count > 0)
        {
            throw new DatasetException(
                $"'{path}' has a column '{unknown[0]}', which has no meaning here. Columns are {string.Join(", ", columns.Concat(images))}.");
        }

        return images.Count == channels.Count
            ? images
            : throw new DatasetException(
                $"'{path}' has {images.Count} image columns ({string.Join(", ", images)}), but there are {channels.Count} channel names "
                + $"({string.Join(", ", channels)}). Name each column's channel once.");
    }

    private static TableCase CaseOf(IReadOnlyDictionary<string, string> row, List<string> images, string folder, TableLayoutOptions options)
    {
        var id = Cell(row, "case");
        if (!FileName().IsMatch(id))
        {
            throw new DatasetException($"the case '{id}' cannot name a file. Use letters, digits, '.', '_' and '-', a letter or digit first.");
        }

        var isTest = Cell(row, "split") switch
        {
            "" or "train" => false,
            "test" => true,
            var other => throw new DatasetException($"split is '{other}'. Write train or test; empty means train."),
        };
        if (images.FirstOrDefault(column => row[column].Length == 0) is { } empty)
        {
            throw new DatasetException($"case {id} has no {empty}.");
        }

        var label = Cell(row, "label");
        return label.Length == 0 && !isTest
            ? throw new DatasetException($"case {id} has no label. Add one, or write test into the column split.")
            : new TableCase(
                id,
                Cell(row, "institution") is { Length: > 0 } institution ? institution : Groups.UnknownInstitution,
                Cell(row, "patient") is { Length: > 0 } patient ? patient : id,
                isTest,
                [.. images.Select(column => Path.Combine(folder, row[column]))],
                label.Length == 0 ? null : Path.Combine(folder, label),
                Cell(row, "mask") is { Length: > 0 } mask ? Path.Combine(folder, mask) : null,
                LabelValues.Parse(Cell(row, "label_values"), options.Labels));
    }

    private static void RequireApart(string path, List<TableCase> cases)
    {
        if (cases.GroupBy(one => one.Id, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new DatasetException($"'{path}' lists case {twice.Key} twice. Every row needs an id of its own, different not only in case.");
        }

        if (cases.All(one => one.IsTest))
        {
            throw new DatasetException($"'{path}' has no training case. Write train into the column split of some.");
        }

        var trained = cases.Where(one => !one.IsTest).Select(one => one.Patient).ToHashSet(StringComparer.Ordinal);
        if (cases.FirstOrDefault(one => one.IsTest && trained.Contains(one.Patient)) is { } parted)
        {
            throw new DatasetException(
                $"'{path}' has patient {parted.Patient} in training and, as case {parted.Id}, in test. Move all of a patient's cases to one side.");
        }
    }

    private static TableCase InPlace(string place, Func<TableCase> read)
    {
        try
        {
            return read();
        }
        catch (DatasetException exception)
        {
            throw new DatasetException($"{place}: {exception.Message}");
        }
    }

    private static bool Has(IEnumerable<string> names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string Cell(IReadOnlyDictionary<string, string> row, string column) => row.TryGetValue(column, out var cell) ? cell : "";

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex FileName();
}
