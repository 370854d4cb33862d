using System.Text.Json;
using System.Text.Json.Nodes;
using MetSeg.Files;

namespace MetSeg.Evaluation;

/// <summary>
/// Spells an evaluation as files. With one region every metric is a number; with several it is an object per region in metrics.json, and
/// a column per region, METRIC_REGION, in cases.csv. What is undefined is null, or an empty cell.
/// </summary>
internal static class EvaluationFiles
{
    private static readonly string[] lesionColumns =
    [
        "case", "group", "patient", "region", "kind", "status", "volume_cm3", "predicted_volume_cm3", "longest_axial_diameter_mm", "detected",
        "dice", "hd95_mm", "surface_dice", "centroid_x_mm", "centroid_y_mm", "centroid_z_mm",
    ];

    public static void Write(EvaluationResult result, string folder)
    {
        JsonFile.Write(Path.Combine(folder, "metrics.json"), ToJson(result), JsonFile.OwnStyle);
        CsvFile.Write(Path.Combine(folder, "cases.csv"), CaseColumns(result), result.Cases.Select(evaluated => CaseRow(evaluated, result.Options)));
        CsvFile.Write(Path.Combine(folder, "lesions.csv"), lesionColumns, result.Cases.SelectMany(c =>
            c.Regions.SelectMany(region => region.LesionList.Select(lesion => LesionRow(c, region, lesion)))));
    }

    private static JsonObject ToJson(EvaluationResult result) => new()
    {
        ["disclaimer"] = EvaluationResult.Disclaimer,
        ["cases"] = new JsonArray([.. result.Cases.Select(evaluated => CaseJson(evaluated, result.Options))]),
        ["groups"] = Object(result.Groups, group => group.Name, group => Object(EvaluationMetric.For(result.Options), metric => metric.Name, metric =>
            PerRegion(group.Regions, region => region.Region, region => SummaryJson(region.Metrics[metric.Name])))),
        ["pooledLesions"] = Object(result.Groups, group => group.Name, group =>
            PerRegion(group.Regions, region => region.Region, region => PooledJson(region.Lesions))),
        ["reliability"] = !result.Options.Probabilities ? null : Object(result.Groups, group => group.Name, group =>
            PerRegion(group.Regions, region => region.Region, region => JsonSerializer.SerializeToNode(region.Reliability, JsonFile.OwnStyle))),
        ["options"] = JsonSerializer.SerializeToNode(result.Options, JsonFile.OwnStyle),
        ["missingPredictions"] = new JsonArray([.. result.MissingPredictions.Select(id => JsonValue.Create(id))]),
        ["ignoredPredictions"] = new JsonArray([.. result.IgnoredPredictions.Select(id => JsonValue.Create(id))]),
    };

    private static JsonNode CaseJson(CaseEvaluation evaluated, EvaluationOptions options)
    {
        var json = new JsonObject { ["case"] = evaluated.Case, ["group"] = evaluated.Group };
        var metrics = EvaluationMetric.For(options);
        foreach (var metric in metrics.Except(EvaluationMetric.OfLesions))
        {
            json[metric.Name] = PerRegion(evaluated.Regions, region => region.Region, region => Number(metric.Of(region)));
        }

        json["lesions"] = PerRegion(evaluated.Regions, region => region.Region, region => ScoresJson(region.Lesions, region));
        if (evaluated.Regions.Any(region => metrics.Any(metric => UndefinedReason.Of(metric, region) is not null)))
        {
            json["undefined"] = PerRegion(evaluated.Regions, region => region.Region, region => Object(
                metrics.Where(metric => UndefinedReason.Of(metric, region) is not null), metric => metric.Name,
                metric => JsonValue.Create(UndefinedReason.Of(metric, region))));
        }

        return json;
    }

    private static JsonObject ScoresJson(LesionScores scores, RegionEvaluation region)
    {
        var json = CountsJson(scores);
        json["dice"] = Number(region.MeanOverFound(lesion => lesion.Dice));
        json["hd95"] = Number(region.MeanOverFound(lesion => lesion.Hd95));
        json["surfaceDice"] = Number(region.MeanOverFound(lesion => lesion.SurfaceDice));
        return json;
    }

    private static JsonObject CountsJson(LesionScores scores) => new()
    {
        ["tp"] = scores.TruePositives,
        ["fn"] = scores.FalseNegatives,
        ["fp"] = scores.FalsePositives,
        ["sensitivity"] = Number(scores.Sensitivity),
        ["precision"] = Number(scores.Precision),
        ["componentPrecision"] = Number(scores.ComponentPrecision),
        ["f1"] = Number(scores.F1),
        ["f2"] = Number(scores.F2),
    };

    private static JsonObject PooledJson(PooledLesions pooled)
    {
        var json = CountsJson(pooled.Scores);
        json["falsePositivesPerCase"] = Number(pooled.FalsePositivesPerCase);
        json["cases"] = pooled.Cases;
        json["contoursOfFound"] = JsonSerializer.SerializeToNode(pooled.Contours, JsonFile.OwnStyle);
        json["ci"] = Object(pooled.Intervals, score => score.Key, score => new JsonArray(Number(score.Value.Low), Number(score.Value.High)));
        return json;
    }

    private static JsonNode? SummaryJson(MetricSummary summary) => JsonSerializer.SerializeToNode(summary, JsonFile.OwnStyle);

    private static JsonNode? PerRegion<T>(IReadOnlyList<T> regions, Func<T, string> name, Func<T, JsonNode?> value) =>
        regions.Count == 1 ? value(regions[0]) : Object(regions, name, value);

    private static JsonObject Object<T>(IEnumerable<T> items, Func<T, string> name, Func<T, JsonNode?> value) =>
        new(items.Select(item => KeyValuePair.Create(name(item), value(item))));

    private static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static IEnumerable<string> CaseColumns(EvaluationResult result) =>
        [
            "case", "group", "patient",
            .. result.Regions.SelectMany(region => EvaluationMetric.For(result.Options).Select(metric =>
                result.Regions.Count == 1 ? metric.Name : $"{metric.Name}_{region}")),
        ];

    private static IEnumerable<string> CaseRow(CaseEvaluation evaluated, EvaluationOptions options) =>
        [
            evaluated.Case, evaluated.Group, evaluated.Patient,
            .. evaluated.Regions.SelectMany(region => EvaluationMetric.For(options).Select(metric => CsvFile.Number(metric.Of(region)))),
        ];

    private static IEnumerable<string> LesionRow(CaseEvaluation evaluated, RegionEvaluation region, LesionEvaluation lesion) =>
        [
            evaluated.Case, evaluated.Group, evaluated.Patient, region.Region,
            lesion.Kind == LesionKind.Reference ? "reference" : "false-positive",
            Status(lesion),
            CsvFile.Number(lesion.VolumeCm3), CsvFile.Number(lesion.PredictedVolumeCm3), CsvFile.Number(lesion.LongestAxialDiameterMm),
            lesion.Kind == LesionKind.Reference ? (lesion.Detected ? "true" : "false") : "",
            CsvFile.Number(lesion.Dice), CsvFile.Number(lesion.Hd95), CsvFile.Number(lesion.SurfaceDice),
            CsvFile.Number(lesion.CentroidMm.X), CsvFile.Number(lesion.CentroidMm.Y), CsvFile.Number(lesion.CentroidMm.Z),
        ];

    private static string Status(LesionEvaluation lesion) =>
        !lesion.Counts ? "ignored" : lesion.Kind == LesionKind.FalsePositive ? "false" : lesion.Detected ? "found" : "missed";
}
