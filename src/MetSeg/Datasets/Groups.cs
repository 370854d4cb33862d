using MetSeg.Files;

namespace MetSeg.Datasets;

/// <summary>groups.csv (case,institution,patient): where each scan comes from and whose it is, which nnU-Net's layout cannot say.</summary>
internal static class Groups
{
    public const string FileName = "groups.csv";

    /// <summary>Institution of a case of which nothing is known.</summary>
    public const string UnknownInstitution = "unknown";

    private static readonly string[] columns = ["case", "institution", "patient"];

    /// <summary>Institution and patient by case; empty where the folder has no such file. Empty cells count as not said.</summary>
    /// <exception cref="MetSegException">The file is not a table.</exception>
    /// <exception cref="DatasetException">A column is missing or a case is listed twice.</exception>
    public static IReadOnlyDictionary<string, (string Institution, string Patient)> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? ReadFile(path) : new Dictionary<string, (string, string)>();
    }

    /// <summary>Institution and patient by case. Empty cells count as not said.</summary>
    /// <exception cref="MetSegException">The file is missing or is not a table.</exception>
    /// <exception cref="DatasetException">A column is missing or a case is listed twice.</exception>
    public static IReadOnlyDictionary<string, (string Institution, string Patient)> ReadFile(string path)
    {
        var groups = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        foreach (var row in CsvFile.Read(path))
        {
            if (columns.FirstOrDefault(column => !row.ContainsKey(column)) is { } missing)
            {
                throw new DatasetException($"'{path}' has no column \"{missing}\"; its header must be {string.Join(',', columns)}.");
            }

            var id = row["case"];
            if (!groups.TryAdd(id, (OrDefault(row["institution"], UnknownInstitution), OrDefault(row["patient"], id))))
            {
                throw new DatasetException($"'{path}' lists case {id} twice. Remove one of the rows.");
            }
        }

        return groups;
    }

    /// <summary>Writes the table, sorted by case.</summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public static void Write(string folder, IEnumerable<Case> cases) =>
        CsvFile.Write(
            Path.Combine(folder, FileName),
            columns,
            cases.OrderBy(c => c.Id, StringComparer.Ordinal).Select(c => new[] { c.Id, c.Institution, c.Patient }));

    private static string OrDefault(string cell, string otherwise) => cell.Length > 0 ? cell : otherwise;
}
