using System.Text.Json;
using System.Text.Json.Nodes;
using MetSeg.Files;
using MetSeg.Statistics;

namespace MetSeg.App;

/// <summary>What <c>metseg compare</c> prints.</summary>
/// <param name="result">The comparisons.</param>
internal sealed class ComparisonReport(ComparisonResult result)
{
    /// <summary>
    /// The result as JSON: comparisons, omnibus tests, notes and options. The fields of a lone comparison stand at the top, too.
    /// </summary>
    public JsonObject Json
    {
        get
        {
            var json = result.Comparisons.Count == 1 ? Node(result.Comparisons[0]) : [];
            json["comparisons"] = new JsonArray([.. result.Comparisons.Select(Node)]);
            json["omnibus"] = new JsonArray([.. result.Omnibus.Select(Node)]);
            json["notes"] = new JsonArray([.. result.Notes.Select(note => JsonValue.Create(note))]);
            json["options"] = JsonSerializer.SerializeToNode(result.Options, JsonFile.OwnStyle);
            return json;
        }
    }

    /// <summary>Writes it as text.</summary>
    public void Write(TextWriter output)
    {
        var first = result.Comparisons[0];
        var interval = $"{100 * result.Options.Confidence:0.##} % CI";
        var several = result.Comparisons.Count > 1 && result.Options.Correction != Correction.None;
        var equivalence = result.Options.EquivalenceMargin is { } margin ? $"p equivalent ±{margin}" : null;
        TextTable.Write(
            output,
            [
                "metric", "first", "second", "n", "medians", first.Result.StatisticName, "p", .. several ? [$"p {CorrectionName}"] : Array.Empty<string>(),
                EffectName(first.EffectSize), interval, DifferenceName(first), interval, .. equivalence is null ? Array.Empty<string>() : [equivalence],
            ],
            result.Comparisons.Select(one => Row(one, several, equivalence is not null)));
        output.WriteLine($"{TestName(result.Options.Test)}, {DirectionName}.");
        WriteMethods(output);
        WriteOmnibus(output);
        WriteNormality(output);
        WriteNotes(output);
    }

    private string CorrectionName => result.Options.Correction switch
    {
        Correction.Holm => "Holm",
        Correction.BenjaminiHochberg => "BH",
        _ => "Bonferroni",
    };

    private string DirectionName => result.Options.Alternative switch
    {
        Alternative.Greater => "one-sided: first greater than second",
        Alternative.Less => "one-sided: first less than second",
        _ => "two-sided",
    };

    private static JsonObject Node(Comparison comparison)
    {
        var json = new JsonObject { ["metric"] = comparison.Metric, ["first"] = comparison.First, ["second"] = comparison.Second };
        AddResult(json, comparison.Result);
        json["pAdjusted"] = Number(comparison.PAdjusted);
        json["paired"] = comparison.Paired;
        json["medianFirst"] = Number(comparison.MedianFirst);
        json["medianSecond"] = Number(comparison.MedianSecond);
        json["effectSize"] = JsonSerializer.SerializeToNode(comparison.EffectSize, JsonFile.OwnStyle);
        json["difference"] = JsonSerializer.SerializeToNode(comparison.Result.Difference, JsonFile.OwnStyle);
        json["normality"] = new JsonArray([.. comparison.Normality.Select(one => new JsonObject
        {
            ["of"] = one.Of,
            ["w"] = Number(one.Result.W),
            ["p"] = Number(one.Result.P),
            ["n"] = one.Result.N,
            ["undefined"] = one.Result.Undefined,
        })]);
        json["equivalenceP"] = Number(comparison.EquivalenceP);
        json["leftOut"] = new JsonArray([.. comparison.LeftOut.Select(name => JsonValue.Create(name))]);
        return json;
    }

    private static JsonObject Node(Omnibus omnibus)
    {
        var json = new JsonObject { ["metric"] = omnibus.Metric };
        AddResult(json, omnibus.Result);
        json["effectSize"] = JsonSerializer.SerializeToNode(omnibus.Result.EffectSize, JsonFile.OwnStyle);
        return json;
    }

    private static void AddResult(JsonObject json, TestResult test)
    {
        json["test"] = JsonSerializer.SerializeToNode(test.Test, JsonFile.OwnStyle);
        json["alternative"] = JsonSerializer.SerializeToNode(test.Alternative, JsonFile.OwnStyle);
        json["method"] = test.Method;
        json["statisticName"] = test.StatisticName;
        json["statistic"] = Number(test.Statistic);
        json["degreesOfFreedom"] = Number(test.DegreesOfFreedom);
        json["p"] = Number(test.P);
        json["n"] = test.N.Sum();
        json["sizes"] = new JsonArray([.. test.N.Select(size => JsonValue.Create(size))]);
        json["missing"] = test.Dropped;
        json["undefined"] = test.Undefined;
    }

    private static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static string[] Row(Comparison one, bool several, bool equivalence)
    {
        var (test, difference) = (one.Result, one.Result.Difference);
        return
        [
            one.Metric, one.First, one.Second, string.Join('+', test.N), $"{ScoreText.Number(one.MedianFirst)}, {ScoreText.Number(one.MedianSecond)}",
            double.IsNaN(test.Statistic) ? "–" : test.Statistic.ToString("G6"), ScoreText.P(test.P), .. several ? [ScoreText.P(one.PAdjusted)] : Array.Empty<string>(),
            ScoreText.Number(one.EffectSize.Value), ScoreText.Interval(one.EffectSize.CiLow, one.EffectSize.CiHigh),
            ScoreText.Number(difference?.Value ?? double.NaN), ScoreText.Interval(difference?.CiLow ?? double.NaN, difference?.CiHigh ?? double.NaN),
            .. equivalence ? [ScoreText.P(one.EquivalenceP)] : Array.Empty<string>(),
        ];
    }

    private static string TestName(StatisticalTest? test) => test switch
    {
        StatisticalTest.MannWhitney => "Mann–Whitney U test",
        StatisticalTest.Wilcoxon => "Wilcoxon signed-rank test of pairs",
        StatisticalTest.PairedT => "Paired t-test",
        StatisticalTest.UnpairedT => "Unpaired t-test with equal variances",
        StatisticalTest.Welch => "Welch's t-test",
        StatisticalTest.KruskalWallis => "Kruskal–Wallis test of all samples",
        _ => "Friedman test of all samples",
    };

    private static string EffectName(Estimate effect) => effect.Name switch
    {
        "cliffs-delta" => "Cliff's δ",
        "hedges-g" => "Hedges' g",
        _ => "rank-biserial r",
    };

    private static string DifferenceName(Comparison one) => one.Result.Test is StatisticalTest.MannWhitney or StatisticalTest.Wilcoxon ? "shift" : "mean difference";

    private static string Label(Comparison one) => $"{one.Metric}, {one.First} and {one.Second}";

    private void WriteMethods(TextWriter output)
    {
        foreach (var group in result.Comparisons.Where(one => one.Result.Method.Length > 0).GroupBy(one => one.Result.Method))
        {
            var which = group.Count() == result.Comparisons.Count ? "" : $" ({string.Join("; ", group.Select(Label))})";
            output.WriteLine($"p: {group.Key}{which}.");
        }

        output.WriteLine("Effect size: BCa bootstrap interval, two-sided; positive where the first is greater.");
        foreach (var one in result.Comparisons)
        {
            foreach (var (what, reason) in new[]
            {
                ("no p", one.Result.Undefined), ("effect size", one.EffectSize.Undefined), ("difference", one.Result.Difference?.Undefined),
            })
            {
                if (reason is not null)
                {
                    output.WriteLine($"{Label(one)}: {what}: {reason}.");
                }
            }
        }
    }

    private void WriteOmnibus(TextWriter output)
    {
        foreach (var (metric, test) in result.Omnibus.Select(one => (one.Metric, one.Result)))
        {
            output.WriteLine(test.Undefined is { } reason
                ? $"{TestName(test.Test)}, {metric}: undefined: {reason}."
                : $"{TestName(test.Test)}, {metric}: {test.StatisticName} = {test.Statistic:G6}, df = {test.DegreesOfFreedom}, p = {ScoreText.P(test.P)}, n = {string.Join('+', test.N)}.");
        }
    }

    private void WriteNormality(TextWriter output)
    {
        var lines = result.Comparisons
            .SelectMany(one => one.Normality.Select(normality => (one.Metric, Of: one.Paired ? $"{one.First} − {one.Second}" : normality.Of, normality.Result)))
            .DistinctBy(one => (one.Metric, one.Of));
        foreach (var (metric, of, test) in lines)
        {
            output.WriteLine(test.Undefined is { } reason
                ? $"Shapiro–Wilk, {metric}, {of}: undefined: {reason}."
                : $"Shapiro–Wilk, {metric}, {of}: W = {test.W:F6}, p = {ScoreText.P(test.P)}, n = {test.N}.");
        }
    }

    private void WriteNotes(TextWriter output)
    {
        foreach (var note in result.Notes)
        {
            output.WriteLine($"Note: {note}");
        }

        foreach (var one in result.Comparisons)
        {
            if (one.LeftOut.Count > 0)
            {
                output.WriteLine($"Left out of {Label(one)}, without a partner: {one.LeftOut.Count} ({string.Join(", ", one.LeftOut)}).");
            }

            if (one.Result.Dropped > 0)
            {
                output.WriteLine($"Left out of {Label(one)}, without a finite value: {one.Result.Dropped} {(one.Paired ? "pair" : "value")}{(one.Result.Dropped == 1 ? "" : "s")}.");
            }
        }
    }
}
