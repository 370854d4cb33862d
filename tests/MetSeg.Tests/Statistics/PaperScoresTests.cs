using System.Text.Json;
using MetSeg.Statistics;
using Xunit;
using static MetSeg.Tests.Statistics.GoldenStatistics;

namespace MetSeg.Tests.Statistics;

/// <summary>The published per-case scores of papers P4 and P5 give the values of the goldens.</summary>
public sealed class PaperScoresTests
{
    private static readonly string[] models = ["default", "segresnet", "tverskybce"];

    [Fact]
    public void P4_descriptions_agree_with_R()
    {
        var golden = Block("p4Scores");
        foreach (var file in golden.GetProperty("shapiroR").EnumerateObject())
        {
            var table = ScoreTable.Read(SharedData.PathOf($"data/p4-scores/{file.Name}.csv"));
            foreach (var metric in file.Value.EnumerateObject())
            {
                var description = Description.Of(table.Numbers(metric.Name), new() { Resamples = 100 });
                Matches(metric.Value.Numbers()[0], description.ShapiroWilk.W, $"{file.Name} {metric.Name} W");
                Matches(metric.Value.Numbers()[1], description.ShapiroWilk.P, $"{file.Name} {metric.Name} p");
                if (golden.GetProperty("meanSdT95").GetProperty(file.Name).TryGetProperty(metric.Name, out var expected))
                {
                    double[] actual = [description.Mean, description.Sd, description.CiLow, description.CiHigh];
                    Assert.All(expected.Numbers().Zip(actual), pair => Matches(pair.First, pair.Second, $"{file.Name} {metric.Name}"));
                }
            }
        }
    }

    [Fact]
    public void P4_comparisons_agree_with_scipy()
    {
        var finetuned = Pooled("finetune", models, ["finetune"]);
        var scratch = Pooled("scratch", models, ["scratch"]);
        var greater = new ComparisonOptions { Alternative = Alternative.Greater, Resamples = 100, Correction = Correction.None };
        var unpaired = greater with { Test = StatisticalTest.MannWhitney };
        var paired = greater with { Test = StatisticalTest.Wilcoxon, Method = RankMethod.Normal };
        foreach (var metric in Block("p4Scores").GetProperty("mannWhitneyGreater").EnumerateObject())
        {
            Agrees(metric, "finetune>scratch", ScoreComparison.Compare([finetuned, scratch], [metric.Name], unpaired));
            Agrees(metric, "pairedWilcoxonNormal finetune>scratch", ScoreComparison.Compare([finetuned, scratch], [metric.Name], paired));
            foreach (var (first, second) in new[] { ("tverskybce", "segresnet"), ("tverskybce", "default"), ("segresnet", "default") })
            {
                var samples = new[] { first, second }.Select(model => Pooled(model, [model], ["finetune", "scratch"])).ToList();
                Agrees(metric, $"{first}>{second}", ScoreComparison.Compare(samples, [metric.Name], unpaired));
            }
        }
    }

    [Fact]
    public void P5_tables_and_tests_of_cases_with_enough_enhancing_tumor()
    {
        var golden = Block("p5Scores");
        foreach (var table in golden.GetProperty("tables").EnumerateObject())
        {
            foreach (var model in table.Value.EnumerateObject())
            {
                var sample = P5(model.Name, table.Name != "all");
                Assert.Equal((int)model.Value.Number("n"), sample.Count);
                foreach (var metric in model.Value.EnumerateObject().Where(one => one.Name != "n"))
                {
                    var description = Description.Of(sample.Numbers(metric.Name), new() { Resamples = 100 });
                    Matches(metric.Value.Number("mean"), description.Mean, $"{model.Name} {metric.Name} mean");
                    Matches(metric.Value.Number("median"), description.Median, $"{model.Name} {metric.Name} median");
                }
            }
        }

        foreach (var pair in golden.GetProperty("tTestsEtAtLeast60Voxels").EnumerateObject())
        {
            List<ScoreSample> samples = [.. pair.Name.Split(" vs ").Select(name => P5(name, large: true))];
            foreach (var metric in pair.Value.EnumerateObject())
            {
                var options = new ComparisonOptions { Resamples = 100 };
                Agrees(metric, "paired", ScoreComparison.Compare(samples, [metric.Name], options with { Test = StatisticalTest.PairedT }));
                Agrees(metric, "unpaired", ScoreComparison.Compare(samples, [metric.Name], options with { Test = StatisticalTest.UnpairedT }));
                var wilcoxon = ScoreComparison.Compare(samples, [metric.Name], options);
                Matches(metric.Value.Number("wilcoxonNormal"), wilcoxon.Comparisons[0].Result.P, $"{pair.Name} {metric.Name} Wilcoxon");
            }
        }
    }

    private static ScoreSample Pooled(string name, string[] models, string[] ways) =>
        new(name, [.. models.SelectMany(model => ways.Select(way => ScoreTable.Read(SharedData.PathOf($"data/p4-scores/{model}_{way}.csv"))))]);

    private static ScoreSample P5(string name, bool large)
    {
        var sample = new ScoreSample(name, [ScoreTable.Read(SharedData.PathOf($"golden/statistics/p5-scores/{name}.csv"))]);
        return large ? sample.Where([RowCondition.Parse("etVoxels>=60")]) : sample;
    }

    private static void Agrees(JsonProperty metric, string name, ComparisonResult actual)
    {
        var (expected, result) = (metric.Value.Numbers(name), Assert.Single(actual.Comparisons).Result);
        Matches(expected[0], result.Statistic, $"{metric.Name} {name} statistic");
        Matches(expected[1], result.P, $"{metric.Name} {name} p");
    }

}
