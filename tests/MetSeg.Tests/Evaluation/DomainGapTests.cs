using System.Text.Json.Nodes;
using MetSeg.Evaluation;
using MetSeg.Files;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class DomainGapTests
{
    [Fact]
    public void Separable_domains_are_recognized_and_equal_ones_are_not()
    {
        var random = new Random(1);
        string[] domains = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? "a" : "b")];
        double[][] apart = [.. domains.Select(domain => new[] { random.NextDouble() + (domain == "a" ? 5 : 0), random.NextDouble() })];
        double[][] alike = [.. domains.Select(_ => new[] { random.NextDouble(), random.NextDouble() })];

        var gap = DomainGap.Assess(apart, domains);
        var none = DomainGap.Assess(alike, domains);

        Assert.Equal(1, gap.BalancedAccuracy);
        Assert.Equal(1, gap.MacroF1);
        Assert.InRange(none.BalancedAccuracy, 0.3, 0.7);
        Assert.Equal((0.5, 2 / 3.0, 60, 5), (gap.ChanceRate, gap.MajorityRate, gap.N, gap.Folds));
    }

    [Fact]
    public void Scores_follow_from_the_confusion_matrix()
    {
        var result = new DomainGapResult(["a", "b"], [[3, 1], [0, 4]], [0.75, 1]);

        Assert.Equal(7 / 8.0, result.Accuracy);
        Assert.Equal((0.75 + 1) / 2, result.BalancedAccuracy);
        Assert.Equal(((6 / 7.0) + (8 / 9.0)) / 2, result.MacroF1, tolerance: 1e-12);
    }

    [Fact]
    public void The_same_seed_gives_the_same_folds()
    {
        var random = new Random(2);
        string[] domains = [.. Enumerable.Range(0, 50).Select(i => $"{i % 4}")];
        double[][] features = [.. domains.Select(_ => new[] { random.NextDouble(), random.NextDouble(), random.NextDouble() })];

        Assert.Equal(DomainGap.Assess(features, domains, seed: 9).Confusion, DomainGap.Assess(features, domains, seed: 9).Confusion);
    }

    [Fact]
    public void A_small_domain_lowers_the_number_of_folds() =>
        Assert.Equal(3, DomainGap.Assess([[1], [2], [3], [1], [2], [3], [4]], ["a", "a", "a", "b", "b", "b", "b"]).Folds);

    [Theory]
    [InlineData("a", "a", "two domains")]
    [InlineData("a", "b", "only one sample")]
    public void Too_few_domains_or_samples_are_refused(string first, string second, string problem) =>
        Assert.Contains(problem, Assert.Throws<MetSegException>(() => DomainGap.Assess([[1], [2]], [first, second])).Message);

    [Fact]
    public void Constant_and_huge_features_do_not_break_the_fit()
    {
        double[][] features = [.. Enumerable.Range(0, 20).Select(i => new[] { 7.0, 1e6 * (i % 2), i })];
        string[] domains = [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? "a" : "b")];

        Assert.Equal(1, DomainGap.Assess(features, domains).Accuracy);
    }

    /// <summary>scikit-learn 1.2.1, with the folds it drew.</summary>
    [Fact]
    public void Cross_validated_predictions_agree_with_scikit_learn()
    {
        var (features, domains, golden) = Golden();
        var expected = golden["crossValidated-scaler-fittedOnTraining"]!;
        var folds = golden["fold"]!.AsArray().Select(fold => (int)fold!).ToArray();

        var result = DomainGap.CrossValidate(features, domains, folds);

        Assert.Equal(Doubles(expected["foldAccuracy"]!), result.FoldAccuracies);
        Assert.Equal(expected["confusionRowsTrue"]!.AsArray().Select(row => row!.AsArray().Select(n => (int)n!).ToArray()), result.Confusion);
        Assert.Equal((double)expected["balancedAccuracyPooled"]!, result.BalancedAccuracy, tolerance: 1e-12);
        Assert.Equal((double)expected["macroF1Pooled"]!, result.MacroF1, tolerance: 1e-12);
        Assert.Equal((double)golden["majorityRate"]!, result.MajorityRate, tolerance: 1e-12);
        Assert.Equal((double)golden["chance"]!, result.ChanceRate);
    }

    /// <summary>scikit-learn 1.2.1, converged.</summary>
    [Fact]
    public void Coefficients_agree_with_scikit_learn()
    {
        var (features, domains, golden) = Golden();
        var expected = golden["fitOnAllStandardised"]!;

        var model = LogisticRegression.Fit(features, [.. domains.Select(int.Parse)], 4);

        Assert.Equal((double)expected["objective"]!, model.Objective, tolerance: 1e-6);
        var intercepts = Doubles(expected["intercepts"]!);
        for (var label = 0; label < 4; label++)
        {
            var weights = model.WeightsOf(label).ToArray();
            Assert.All(Doubles(expected["coefficients"]![label]!).Zip(weights), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-4));
            Assert.Equal(intercepts[label] - intercepts[0], weights[^1] - model.WeightsOf(0)[^1], tolerance: 1e-4);
        }

        Assert.All(
            Doubles(expected["firstRowProbabilities"]!).Zip(model.Probabilities(features[0])),
            pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5));
    }

    private static (double[][] Features, string[] Domains, JsonNode Golden) Golden()
    {
        var rows = CsvFile.Read(SharedData.PathOf("golden/statistics/latent.csv"));
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.PathOf("golden/statistics/golden.json")))!["domainGap"]!["logisticRegression"]!;
        return ([.. rows.Select(row => Enumerable.Range(0, 16).Select(j => double.Parse(row[$"z{j}"])).ToArray())],
            [.. rows.Select(row => row["domain"])], golden);
    }

    private static double[] Doubles(JsonNode array) => [.. array.AsArray().Select(value => (double)value!)];
}
