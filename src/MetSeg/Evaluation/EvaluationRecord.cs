using System.Text.Json.Nodes;

namespace MetSeg.Evaluation;

/// <summary>An evaluation as its files tell it: what <c>metseg evaluate</c> left in a folder.</summary>
public sealed record EvaluationRecord
{
    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Names of the regions, in the order of the files.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>The cases, in the order of cases.csv.</summary>
    public required IReadOnlyList<ListedCase> Cases { get; init; }

    /// <summary>The lesions of all cases and regions.</summary>
    public required IReadOnlyList<ListedLesion> Lesions { get; init; }

    /// <summary>All cases together, then each institution; each with one summary per region.</summary>
    public required IReadOnlyList<ListedGroup> Groups { get; init; }

    /// <summary>The options that it was computed with, as metrics.json spells them.</summary>
    public required JsonObject Options { get; init; }

    /// <summary>References without a prediction, left out of everything.</summary>
    public IReadOnlyList<string> MissingPredictions { get; init; } = [];

    /// <summary>SHA-256 of each file, by its name.</summary>
    public required IReadOnlyList<(string File, string Digest)> Digests { get; init; }

    /// <summary>Institutions of the cases, sorted; one, "unknown", where none was given.</summary>
    public IReadOnlyList<string> Institutions => [.. Cases.Select(c => c.Group).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The column of cases.csv with a metric of a region: its name alone where there is one region.</summary>
    public string Column(string metric, string region) => Regions.Count == 1 ? metric : $"{metric}_{region}";

    /// <summary>The options that are set, in words: "surface.kind surfel, lesions.connectivity 26, …".</summary>
    public string OptionsText => string.Join(", ", Settings(Options));

    private static IEnumerable<string> Settings(JsonObject options) => options.SelectMany(option => option.Value switch
    {
        JsonValue value => [$"{option.Key} {value}"],
        JsonObject inner => Settings(inner).Select(setting => $"{option.Key}.{setting}"),
        _ => [],
    });
}

/// <summary>A row of cases.csv.</summary>
/// <param name="Case">The case.</param>
/// <param name="Group">Its institution.</param>
/// <param name="Scores">The numbers by column; NaN where the cell is empty.</param>
public sealed record ListedCase(string Case, string Group, IReadOnlyDictionary<string, double> Scores)
{
    /// <summary>Whose scan it is; the case's id where that is not known.</summary>
    public string Patient { get; init; } = Case;
}

/// <summary>Summary of an institution's cases, or of all, as metrics.json tells it.</summary>
/// <param name="Name">The institution, or <see cref="GroupEvaluation.AllCases"/>.</param>
/// <param name="Regions">One summary per region, in the order of the record's regions.</param>
public sealed record ListedGroup(string Name, IReadOnlyList<ListedSummary> Regions);

/// <summary>One region over the cases of a group.</summary>
/// <param name="Metrics">Each metric over the cases, by name.</param>
/// <param name="Lesions">Lesion counts and scores pooled over the cases by name (tp, fn, fp, sensitivity, …), with intervals where there are.</param>
/// <param name="Cases">Number of cases.</param>
public sealed record ListedSummary(
    IReadOnlyDictionary<string, MetricSummary> Metrics, IReadOnlyDictionary<string, (double Value, double Low, double High)> Lesions, int Cases)
{
    /// <summary>A pooled lesion score and its interval; NaN where metrics.json has none.</summary>
    public (double Value, double Low, double High) Pooled(string name) =>
        Lesions.TryGetValue(name, out var score) ? score : (double.NaN, double.NaN, double.NaN);

    /// <summary>A metric over the cases; undefined with n = 0 where metrics.json has none.</summary>
    public MetricSummary Metric(string name) =>
        Metrics.GetValueOrDefault(name) ?? new MetricSummary(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 0);
}
