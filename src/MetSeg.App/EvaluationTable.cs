using MetSeg.Evaluation;

namespace MetSeg.App;

/// <summary>An evaluation as a table in plain text: a row per institution and region.</summary>
internal static class EvaluationTable
{
    private static readonly string[] columns = ["cases", "Dice", "n", "HD95 mm", "n", "sDice", "lesions", "sensitivity", "precision", "F1", "false/case"];

    /// <summary>Writes the table, what its columns mean, and what the result may be used for.</summary>
    public static void Write(TextWriter output, EvaluationResult result)
    {
        string[] keys = result.Regions.Count > 1 ? ["group", "region"] : ["group"];
        TextTable.Write(output, [.. keys, .. columns], result.Groups.SelectMany(group =>
            group.Regions.Select(region => Row(keys.Length > 1 ? [group.Name, region.Region] : [group.Name], region))));
        output.WriteLine("Dice, surface Dice: mean, HD95: median, each over the n cases where it is defined (of surface Dice as of Dice).");
        output.WriteLine("Sensitivity, precision, F1: of all lesions of a group together; averages per patient are in metrics.json.");
        foreach (var (what, ids) in new[] { ("without a prediction", result.MissingPredictions), ("without a reference", result.IgnoredPredictions) })
        {
            if (ids.Count > 0)
            {
                output.WriteLine($"Left out, {what}: {string.Join(", ", ids)}.");
            }
        }

        output.WriteLine(EvaluationResult.Disclaimer);
    }

    private static string[] Row(string[] keys, RegionSummary region)
    {
        var (dice, hd95, pooled) = (region.Metrics["dice"], region.Metrics["hd95"], region.Lesions);
        return
        [
            .. keys, $"{pooled.Cases}",
            TextTable.Number(dice.Mean), $"{dice.N}",
            TextTable.Number(hd95.Median, 1), $"{hd95.N}",
            TextTable.Number(region.Metrics["surfaceDice"].Mean),
            $"{pooled.Scores.TruePositives + pooled.Scores.FalseNegatives}",
            TextTable.Number(pooled.Scores.Sensitivity), TextTable.Number(pooled.Scores.Precision), TextTable.Number(pooled.Scores.F1),
            TextTable.Number(pooled.FalsePositivesPerCase, 1),
        ];
    }
}
