namespace MetSeg.Statistics;

/// <summary>What is compared: one table, or several pooled, such as a method's scores from three models.</summary>
/// <param name="Name">What it is called in results.</param>
/// <param name="Tables">Its tables. Pairs are made between tables at the same place, by case.</param>
public sealed record ScoreSample(string Name, IReadOnlyList<ScoreTable> Tables)
{
    /// <summary>Number of rows of all tables.</summary>
    public int Count => Tables.Sum(table => table.Count);

    /// <summary>Reads samples written as [NAME=]FILE[,FILE…]; samples of one name are told apart by their paths.</summary>
    /// <param name="texts">One per sample.</param>
    /// <param name="caseColumn">The column that names the cases; null to look for it.</param>
    /// <exception cref="MetSegException">A file is missing or is no table.</exception>
    public static IReadOnlyList<ScoreSample> Read(IReadOnlyList<string> texts, string? caseColumn = null)
    {
        ScoreSample[] samples = [.. texts.Select(text => ReadOne(text, caseColumn))];
        return [.. samples.Select((sample, i) => samples.Count(other => other.Name == sample.Name) > 1 ? sample with { Name = texts[i] } : sample)];
    }

    /// <summary>The numbers of a column, of all tables one after the other.</summary>
    /// <exception cref="MetSegException">A table lacks the column, or a cell holds something else.</exception>
    public double[] Numbers(string column) => [.. Tables.SelectMany(table => table.Numbers(column))];

    /// <summary>The sample's rows that fulfil all conditions.</summary>
    /// <exception cref="MetSegException">A column is missing, or a table is left without rows.</exception>
    public ScoreSample Where(IEnumerable<RowCondition> conditions) =>
        this with { Tables = [.. Tables.Select(table => conditions.Aggregate(table, (left, condition) => left.Where(condition)))] };

    /// <summary>A sample for each value of a column, in the order of first appearance.</summary>
    /// <exception cref="MetSegException">A table lacks the column.</exception>
    public IReadOnlyList<ScoreSample> SplitBy(string column) =>
        [.. Tables.SelectMany(table => table.SplitBy(column)).GroupBy(table => table.Name, StringComparer.Ordinal)
            .Select(group => new ScoreSample(group.Key, [.. group]))];

    private static ScoreSample ReadOne(string text, string? caseColumn)
    {
        if (Path.Exists(text))
        {
            var table = ScoreTable.Read(text, caseColumn);
            return new ScoreSample(table.Name, [table]);
        }

        var (name, files) = text.Split('=', 2) is [var before, var after] ? (before.Trim(), after) : (null, text);
        ScoreTable[] tables = [.. files.Split(',', StringSplitOptions.TrimEntries).Select(file => ScoreTable.Read(file, caseColumn))];
        return new ScoreSample(name is { Length: > 0 } ? name : string.Join('+', tables.Select(table => table.Name)), tables);
    }
}
