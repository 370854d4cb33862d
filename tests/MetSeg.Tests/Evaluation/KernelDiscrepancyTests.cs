using System.Text.Json.Nodes;
using MetSeg.Evaluation;
using MetSeg.Files;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class KernelDiscrepancyTests
{
    private static readonly KernelDiscrepancyOptions untested = new() { Permutations = 0 };

    [Fact]
    public void Defaults_are_the_median_heuristic_and_a_thousand_permutations()
    {
        var options = new KernelDiscrepancyOptions();

        Assert.Null(options.Sigmas);
        Assert.Equal([0.5, 1, 2], options.MedianFactors);
        Assert.Equal((1000, 1L), (options.Permutations, options.Seed));
        Assert.Empty(options.Problems());
    }

    /// <summary>Samples 0, 1 against 3, 4 with σ² = ½: the kernel is exp(−d²).</summary>
    [Fact]
    public void Hand_calculation()
    {
        var result = KernelDiscrepancy.Assess([[0], [1], [3], [4]], ["a", "a", "b", "b"], null, untested with { Sigmas = [Math.Sqrt(0.5)] });

        var (near, across) = (Math.Exp(-1), (Math.Exp(-9) + Math.Exp(-16) + Math.Exp(-4) + Math.Exp(-9)) / 4);
        Assert.Equal((2 * (2 + (2 * near)) / 4) - (2 * across), result.Mean.Biased, tolerance: 1e-12);
        Assert.Equal((2 * near) - (2 * across), result.Mean.Unbiased, tolerance: 1e-12);
        Assert.True(double.IsNaN(result.Mean.P));
        Assert.Contains("no permutations", result.Untested);
    }

    [Fact]
    public void Widths_are_multiples_of_the_median_distance()
    {
        double[][] features = [[0], [1], [3], [7]];     // distances 1, 3, 7, 2, 6, 4

        Assert.Equal(3.5, KernelDiscrepancy.MedianDistance(features));
        Assert.Equal([1.75, 3.5, 7], KernelDiscrepancy.Assess(features, ["a", "a", "b", "b"], null, untested).Sigmas);
    }

    /// <summary>numpy 1.24.2 and paper P1's own function.</summary>
    [Fact]
    public void Golden_values_are_met()
    {
        var (features, domains, golden) = Golden();
        var options = untested with { Sigmas = [0.5, 1, 2] };
        var all = KernelDiscrepancy.Assess(features, domains, null, options);
        double[] sigmas = [0.5, 1, 2];
        var single = sigmas.ToDictionary(sigma => $"{sigma:0.0}", sigma => KernelDiscrepancy.Assess(features, domains, null, untested with { Sigmas = [sigma] }));

        Near(golden["meanOverPairsBiased"]!, all.Mean.Biased);
        Near(golden["meanOverPairsUnbiased"]!, all.Mean.Unbiased);
        Assert.Equal(6, all.Pairs.Count);
        foreach (var (expected, i) in golden["pairs"]!.AsArray().Select((pair, i) => (pair!, i)))
        {
            string[] names = [.. expected["domains"]!.AsArray().Select(name => $"{name}")];
            Assert.Equal((names[0], names[1]), (all.Pairs[i].First, all.Pairs[i].Second));
            Near(expected["biasedMean"]!, all.Pairs[i].Discrepancy.Biased);
            Near(expected["unbiasedMean"]!, all.Pairs[i].Discrepancy.Unbiased);
            Near(expected["seedCode000"]!, all.Pairs[i].Discrepancy.Biased);
            Near(expected["medianPairwiseDistancePooled"]!, KernelDiscrepancy.MedianDistance([.. features.Where((_, row) => names.Contains(domains[row]))]));
            foreach (var (sigma, values) in expected["sigmas"]!.AsObject())
            {
                Near(values!["biased"]!, single[sigma].Pairs[i].Discrepancy.Biased);
                Near(values!["unbiased"]!, single[sigma].Pairs[i].Discrepancy.Unbiased);
            }
        }
    }

    [Fact]
    public void The_golden_domains_differ_and_a_permutation_of_them_does_not()
    {
        var (features, domains, _) = Golden();
        var shuffled = domains.ToArray();
        new Random(5).Shuffle(shuffled);
        var options = new KernelDiscrepancyOptions { Permutations = 199 };

        var (real, none) = (KernelDiscrepancy.Assess(features, domains, null, options), KernelDiscrepancy.Assess(features, shuffled, null, options));

        Assert.Equal(1 / 200.0, real.Mean.P);
        Assert.All(real.Pairs, pair => Assert.Equal(1 / 200.0, pair.Discrepancy.P));
        Assert.InRange(none.Mean.P, 0.05, 1);
        Assert.InRange(none.Mean.Unbiased, -0.02, 0.02);
        Assert.True(none.Mean.Biased > 0.02);
    }

    /// <summary>Of the 6 ways to choose two of four samples, the observed one and its mirror image are the most extreme.</summary>
    [Fact]
    public void P_is_the_share_of_permutations_as_extreme()
    {
        var options = new KernelDiscrepancyOptions { Sigmas = [1], Permutations = 6000 };

        var p = KernelDiscrepancy.Assess([[0], [0.1], [5], [5.1]], ["a", "a", "b", "b"], null, options).Mean.P;

        Assert.Equal(1 / 3.0, p, tolerance: 0.03);
        Assert.Equal(p, KernelDiscrepancy.Assess([[0], [0.1], [5], [5.1]], ["a", "a", "b", "b"], null, options).Mean.P);
        Assert.NotEqual(p, KernelDiscrepancy.Assess([[0], [0.1], [5], [5.1]], ["a", "a", "b", "b"], null, options with { Seed = 2 }).Mean.P);
    }

    /// <summary>Two patients of each domain, five alike scans of each: as scans they are significant, as patients they cannot be.</summary>
    [Fact]
    public void Scans_of_a_patient_are_permuted_together()
    {
        double[][] features = [.. Enumerable.Range(0, 20).Select(i => new[] { (i / 5) + (0.01 * (i % 5)) })];
        string[] domains = [.. Enumerable.Range(0, 20).Select(i => i < 10 ? "a" : "b")];
        string[] patients = [.. Enumerable.Range(0, 20).Select(i => $"{i / 5}")];
        var options = new KernelDiscrepancyOptions { Permutations = 500 };

        Assert.True(KernelDiscrepancy.Assess(features, domains, null, options).Mean.P < 0.01);
        Assert.InRange(KernelDiscrepancy.Assess(features, domains, patients, options).Mean.P, 0.25, 0.45);
        var lone = KernelDiscrepancy.Assess(features, domains, [.. patients.Select((patient, i) => i < 10 ? "one" : patient)], options);
        Assert.Contains("'a' has only one patient", lone.Untested);
        Assert.True(double.IsNaN(lone.Mean.P) && double.IsFinite(lone.Mean.Unbiased));
    }

    [Fact]
    public void Samples_that_are_all_alike_do_not_differ()
    {
        var result = KernelDiscrepancy.Assess([[2, 1], [2, 1], [2, 1], [2, 1]], ["a", "a", "b", "b"], null, new KernelDiscrepancyOptions { Permutations = 9 });

        Assert.Equal((0, 0, 1), (result.Mean.Biased, result.Mean.Unbiased, result.Mean.P));
    }

    [Fact]
    public void Neither_moving_nor_turning_nor_renaming_matters()
    {
        var (features, domains, _) = Golden();
        double[][] turned = [.. features.Select(row => row.Select((_, j) => j == 0 ? row[1] + 4 : j == 1 ? -row[0] : row[j]).ToArray())];

        var (here, there) = (KernelDiscrepancy.Assess(features, domains, null, untested), KernelDiscrepancy.Assess(turned, [.. domains.Select(name => $"{9 - name[0]}")], null, untested));

        Assert.Equal(here.Mean.Biased, there.Mean.Biased, tolerance: 1e-12);
        Assert.Equal(here.Mean.Unbiased, there.Mean.Unbiased, tolerance: 1e-12);
    }

    [Fact]
    public void Options_that_cannot_work_are_refused()
    {
        var error = Assert.Throws<OptionsException>(() => KernelDiscrepancy.Assess(
            [[1], [2], [3], [4]], ["a", "a", "b", "b"], null, new KernelDiscrepancyOptions { Sigmas = [0, 1], Permutations = -1 }));

        Assert.Contains("sigmas", error.Message);
        Assert.Contains("permutations", error.Message);
    }

    private static (double[][] Features, string[] Domains, JsonNode Golden) Golden()
    {
        var rows = CsvFile.Read(SharedData.PathOf("golden/statistics/latent.csv"));
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.PathOf("golden/statistics/golden.json")))!["domainGap"]!["mmd2"]!;
        return ([.. rows.Select(row => Enumerable.Range(0, 16).Select(j => double.Parse(row[$"z{j}"])).ToArray())],
            [.. rows.Select(row => row["domain"])], golden);
    }

    private static void Near(JsonNode expected, double actual) => Assert.Equal((double)expected, actual, tolerance: 1e-6 * Math.Abs((double)expected));
}
