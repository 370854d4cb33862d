using System.Text.Json.Nodes;
using MetSeg.Files;

namespace MetSeg.Evaluation;

/// <summary>
/// Reads back what <c>metseg evaluate</c> wrote. Columns and keys are found by name; those that are not known are passed over, so files of a
/// later version can be read.
/// </summary>
public static class EvaluationReader
{
    private const string Patient = "patient";
    private const string Status = "status";
    private const string MetricsFile = "metrics.json";
    private const string CasesFile = "cases.csv";
    private const string LesionsFile = "lesions.csv";

    private static readonly string[] lesionColumns = ["case", "group", "region", "kind", "volume_cm3", "detected", "dice", "hd95_mm"];

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">Holds metrics.json, cases.csv and lesions.csv.</param>
    /// <exception cref="MetSegException">The folder, a file, a column or a key is missing, or a cell holds what it must not.</exception>
    public static EvaluationRecord Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new MetSegException($"There is no folder '{folder}'. Give a folder that 'metseg evaluate' wrote.");
        }

        string[] files = [MetricsFile, CasesFile, LesionsFile];
        if (files.FirstOrDefault(file => !File.Exists(Path.Combine(folder, file))) is { } missing)
        {
            throw new MetSegException($"'{folder}' has no {missing}. Give a folder that 'metseg evaluate' wrote.");
        }

        var metrics = new MetricsReader(Path.Combine(folder, MetricsFile));
        var lesions = ReadLesions(Path.Combine(folder, LesionsFile));
        var regions = metrics.Regions ?? [lesions.Select(lesion => lesion.Region).FirstOrDefault(RegionEvaluation.Whole)];
        return new EvaluationRecord
        {
            Folder = folder,
            Regions = regions,
            Cases = ReadCases(Path.Combine(folder, CasesFile)),
            Lesions = lesions,
            Groups = metrics.Groups(),
            Options = metrics.Options,
            MissingPredictions = metrics.MissingPredictions,
            Digests = [.. files.Select(file => (file, FileDigest.OfFile(Path.Combine(folder, file))))],
        };
    }

    private static IReadOnlyList<ListedCase> ReadCases(string path)
    {
        var rows = new TableRows(path, ["case", "group"]);
        var cases = rows.Select(row => new ListedCase(
            row.Text("case"), row.Text("group"),
            row.Columns.Where(column => column is not ("case" or "group" or Patient) && row.IsNumberOrEmpty(column)).ToDictionary(
                column => column, row.Number, StringComparer.OrdinalIgnoreCase))
        {
            Patient = row.Columns.Contains(Patient) && row.Text(Patient).Length > 0 ? row.Text(Patient) : row.Text("case"),
        });
        return cases.ToList() is { Count: > 0 } all ? all : throw new MetSegException($"'{path}' lists no case; there is nothing to report.");
    }

    private static IReadOnlyList<ListedLesion> ReadLesions(string path) =>
        [.. new TableRows(path, lesionColumns).Where(row => row.Text("kind") is "reference" or "false-positive" && !row.IsIgnored).Select(row => new ListedLesion
        {
            Case = row.Text("case"),
            Group = row.Text("group"),
            Region = row.Text("region"),
            Kind = row.Text("kind") == "reference" ? LesionKind.Reference : LesionKind.FalsePositive,
            VolumeCm3 = row.Positive("volume_cm3"),
            PredictedVolumeCm3 = row.Columns.Contains("predicted_volume_cm3") ? row.Number("predicted_volume_cm3") : double.NaN,
            Detected = row.Text("detected").Equals("true", StringComparison.OrdinalIgnoreCase),
            Dice = row.Number("dice"),
            Hd95 = row.Number("hd95_mm"),
            SurfaceDice = row.Columns.Contains("surface_dice") ? row.Number("surface_dice") : double.NaN,
        })];

    /// <summary>The rows of a table whose header has at least some columns.</summary>
    private sealed class TableRows : List<TableRow>
    {
        public TableRows(string path, IEnumerable<string> columns)
        {
            AddRange(CsvFile.Read(path).Select((cells, i) => new TableRow(path, i + 2, cells)));
            if (Count > 0 && columns.FirstOrDefault(column => !this[0].Columns.Contains(column, StringComparer.OrdinalIgnoreCase)) is { } missing)
            {
                throw new MetSegException(
                    $"'{path}' has no column \"{missing}\" but {string.Join(", ", this[0].Columns)}. Give a folder that 'metseg evaluate' wrote.");
            }
        }
    }

    /// <summary>A row, with its place for errors.</summary>
    private sealed record TableRow(string Path, int Line, IReadOnlyDictionary<string, string> Cells)
    {
        public IEnumerable<string> Columns => Cells.Keys;

        /// <summary>Whether it is a lesion that the evaluation's options leave out.</summary>
        public bool IsIgnored => Cells.GetValueOrDefault(Status) == "ignored";

        public string Text(string column) => Cells[column];

        public bool IsNumberOrEmpty(string column) => Cells[column].Length == 0 || double.TryParse(Cells[column], out _);

        public double Number(string column) => Cells[column].Length == 0
            ? double.NaN
            : double.TryParse(Cells[column], out var number)
                ? number
                : throw new MetSegException($"'{Path}', row {Line}, column \"{column}\": '{Cells[column]}' is not a number.");

        public double Positive(string column) => Number(column) is > 0 and < double.PositiveInfinity and var number
            ? number
            : throw new MetSegException($"'{Path}', row {Line}, column \"{column}\": a volume must be positive, not '{Cells[column]}'.");
    }

    /// <summary>Finds what a report needs in metrics.json, with one region or with several (then an object per region).</summary>
    private sealed class MetricsReader
    {
        private readonly string path;
        private readonly JsonObject root;

        public MetricsReader(string path)
        {
            (this.path, root) = (path, JsonFile.Read<JsonObject>(path, JsonFile.OwnStyle));
            Options = Require(root, "options");
            var first = Require(Require(root, "groups"), GroupEvaluation.AllCases);
            var dice = Require(first, "dice");
            Regions = dice.ContainsKey("mean") ? null : [.. dice.Select(pair => pair.Key)];
            MissingPredictions = root["missingPredictions"] is JsonArray missing ? [.. missing.Select(id => $"{id}")] : [];
        }

        public JsonObject Options { get; }

        /// <summary>The regions' names; null where there is one, which metrics.json does not name.</summary>
        public IReadOnlyList<string>? Regions { get; }

        public IReadOnlyList<string> MissingPredictions { get; }

        public IReadOnlyList<ListedGroup> Groups()
        {
            var pooled = Require(root, "pooledLesions");
            string?[] regions = Regions is null ? [null] : [.. Regions];
            return [.. Require(root, "groups").Select(group => new ListedGroup(
                group.Key, [.. regions.Select(region => Summary(Object(group.Value, group.Key), Require(pooled, group.Key), region))]))];
        }

        private static double Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : double.NaN;

        private ListedSummary Summary(JsonObject group, JsonObject pooled, string? region)
        {
            var metrics = group.Select(metric => (metric.Key, Json: (region is null ? metric.Value : (metric.Value as JsonObject)?[region]) as JsonObject))
                .Where(metric => metric.Json is not null).ToDictionary(metric => metric.Key, metric => Metric(metric.Json!), StringComparer.Ordinal);
            var lesions = region is null ? pooled : Require(pooled, region);
            var intervals = lesions["ci"] as JsonObject;
            return new ListedSummary(
                metrics,
                lesions.Where(score => score.Value is JsonValue).ToDictionary(
                    score => score.Key,
                    score => intervals?[score.Key] is JsonArray { Count: 2 } ends
                        ? (Number(score.Value), Number(ends[0]), Number(ends[1]))
                        : (Number(score.Value), double.NaN, double.NaN),
                    StringComparer.Ordinal),
                (int)Number(lesions["cases"]));
        }

        private static MetricSummary Metric(JsonObject json) => new(
            Number(json["mean"]), Number(json["sd"]), Number(json["median"]), Number(json["ciLow"]), Number(json["ciHigh"]),
            Number(json["n"]) is var n && double.IsNaN(n) ? 0 : (int)n);

        private JsonObject Require(JsonObject parent, string key) => Object(parent[key], key);

        private JsonObject Object(JsonNode? node, string key) => node as JsonObject
            ?? throw new MetSegException($"'{path}' has no object \"{key}\" where it should be. Give a folder that 'metseg evaluate' wrote.");
    }
}
