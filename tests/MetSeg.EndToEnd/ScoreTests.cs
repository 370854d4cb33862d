using System.Text.Json;
using Xunit;

namespace MetSeg.EndToEnd;

/// <summary><c>metseg describe</c> and <c>metseg compare</c> on small tables, and on the scores of paper P4 where they are there.</summary>
public sealed class ScoreTests : IDisposable
{
    private readonly WorkFolder work = new();
    private readonly string a;
    private readonly string b;

    public ScoreTests()
    {
        a = Table("a", "case,group,dice,hd95\nx,n,0.9,1\ny,n,0.8,2\nz,s,0.7,3\nv,s,0.65,\nw,s,0.5,4\n");
        b = Table("b", "case,group,dice,hd95\nw,s,0.4,5\nv,s,0.6,2\nz,s,0.63,4\ny,n,0.78,2\nx,n,0.89,1\n");
    }

    public void Dispose() => work.Dispose();

    /// <summary>The differences 0.01, 0.02, 0.07, 0.05 and 0.1 are all positive: W+ = 15, p = 2/32.</summary>
    [Fact]
    public void Compares_pairs_by_case()
    {
        var run = BuiltProgram.Run("compare", a, b, "--metric", "dice");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches(@"(?m)^metric +first +second +n +medians +W\+ +p +rank-biserial r +95 % CI +shift +95 % CI$", run.Output);
        Assert.Matches(@"(?m)^dice +a +b +5 +0\.700, 0\.630 +15 +0\.062500 +1\.000 ", run.Output);
        Assert.Contains("Wilcoxon's signed-rank test was chosen because the samples hold the same cases.", run.Output);
    }

    [Fact]
    public void A_lone_comparison_stands_at_the_top_of_the_json()
    {
        var run = BuiltProgram.Run("compare", a, b, "--metric", "dice", "--test", "paired-t", "--alternative", "greater", "--equivalence-margin", "0.2", "--json", "--quiet");

        var json = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("paired-t greater t", $"{json.GetProperty("test")} {json.GetProperty("alternative")} {json.GetProperty("statisticName")}");
        Assert.Equal((5, 4.0), (json.GetProperty("n").GetInt32(), json.GetProperty("degreesOfFreedom").GetDouble()));
        Assert.Equal(0.05, json.GetProperty("difference").GetProperty("value").GetDouble(), 1e-12);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("difference").GetProperty("ciHigh").ValueKind);
        Assert.Equal("hedges-g", json.GetProperty("effectSize").GetProperty("name").GetString());
        Assert.InRange(json.GetProperty("equivalenceP").GetDouble(), 0, 0.01);
        Assert.True(JsonElement.DeepEquals(json.GetProperty("statistic"), json.GetProperty("comparisons")[0].GetProperty("statistic")));
        Assert.Equal("holm", json.GetProperty("options").GetProperty("correction").GetString());
    }

    [Fact]
    public void Several_metrics_are_corrected_and_what_is_left_out_is_said()
    {
        var run = BuiltProgram.Run("compare", a, b, "--metric", "dice,hd95", "--correction", "bonferroni");

        Assert.Contains("p Bonferroni", run.Output);
        Assert.Contains("Left out of hd95, a and b, without a finite value: 1 pair.", run.Output);
    }

    [Fact]
    public void Groups_of_one_table_are_samples_of_their_own()
    {
        var run = BuiltProgram.Run("compare", a, "--by", "group", "--metric", "dice");

        Assert.Matches(@"(?m)^dice +n +s +2\+3 +0\.850, 0\.650 +6 +0\.200000 ", run.Output);
        Assert.Contains("Mann–Whitney test was chosen because the samples share no cases.", run.Output);
    }

    [Fact]
    public void Describes_every_column_of_numbers_and_the_hardest_cases()
    {
        var run = BuiltProgram.Run("describe", a, b, "--hardest", "2");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^a +dice +5 +0 +0\.710 +0\.152 +0\.522 to 0\.898 ", run.Output);
        Assert.Matches(@"(?m)^b +hd95 +5 +0 +2\.800 ", run.Output);
        Assert.Matches(@"(?m)^w +4 +4 +1\.00$", run.Output);
        Assert.Contains("Ranked by dice (high is good), hd95 (low is good).", run.Output);
    }

    [Fact]
    public void Describes_as_json()
    {
        var json = JsonDocument.Parse(BuiltProgram.Run("describe", a, "--metric", "hd95", "--where", "group=s", "--json").Output).RootElement;

        var hd95 = json.GetProperty("tables").GetProperty("a").GetProperty("hd95");
        Assert.Equal((2, 1, 3.5), (hd95.GetProperty("n").GetInt32(), hd95.GetProperty("missing").GetInt32(), hd95.GetProperty("mean").GetDouble()));
        Assert.Equal("fewer than 3 values", hd95.GetProperty("shapiroWilk").GetProperty("undefined").GetString());
    }

    [Theory]
    [InlineData]
    [InlineData("--regions", "brats")]
    public void Metrics_json_and_cases_csv_of_an_evaluation_are_one_table(params string[] options)
    {
        var labels = Path.Combine(work.Dataset("tumors", cases: 3), "labelsTr");
        BuiltProgram.Run(["evaluate", "-p", labels, "-r", labels, "-o", work.PathOf("out"), .. options]);

        var (csv, json) = (Described(work.PathOf("out")), Described(work.PathOf("out/metrics.json")));

        Assert.True(JsonElement.DeepEquals(csv, json), $"{csv}\n{json}");
        Assert.Equal(3, csv.GetProperty("tables").GetProperty("out").GetProperty(options.Length == 0 ? "dice" : "dice_TC").GetProperty("n").GetInt32());
    }

    [Fact]
    public void Published_scores_of_P4_give_the_values_of_their_readme()
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("METSEG_SHARED") ?? Path.Combine(BuiltProgram.RepositoryRoot, "..", "shared"), "data", "p4-scores");
        Assert.SkipUnless(Directory.Exists(folder), $"'{folder}' is absent; set METSEG_SHARED to the folder of shared data.");
        string Pool(string way) => $"{way}={string.Join(',', new[] { "default", "segresnet", "tverskybce" }.Select(model => Path.Combine(folder, $"{model}_{way}.csv")))}";

        var run = BuiltProgram.Run("compare", Pool("finetune"), Pool("scratch"), "--metric", "DICE_et,DICE_tc,DICE_wt", "--test", "mann-whitney", "--alternative", "greater");

        Assert.Matches(@"(?m)^DICE_et +finetune +scratch +30\+30 .* 455 +0\.473478 ", run.Output);
        Assert.Matches(@"(?m)^DICE_tc .* 521 +0\.148636 ", run.Output);
        Assert.Matches(@"(?m)^DICE_wt .* 463 +0\.426691 ", run.Output);
        var description = BuiltProgram.Run("describe", Path.Combine(folder, "default_finetune.csv"), "--metric", "DICE_tc");
        Assert.Matches(@"(?m)^default_finetune +DICE_tc .* 0\.596355 +0\.000050$", description.Output);
    }

    [Fact]
    public void Cases_without_a_partner_are_refused_unless_dropped()
    {
        var lacking = Table("c", "case,dice\nx,0.9\ny,0.5\nq,0.1\n");

        work.IsRefused(["compare", a, lacking, "--metric", "dice"], "a.csv' lacks q; ", "c.csv' lacks z, v, w.", "--drop-unpaired");
        Assert.Contains("without a partner: 4 (z, v, w, q).", BuiltProgram.Run("compare", a, lacking, "--metric", "dice", "--drop-unpaired").Output);
    }

    [Theory]
    [InlineData("has no column 'dcie'. It has case, group, dice, hd95.", "compare", "A", "B", "--metric", "dcie")]
    [InlineData("row 2, column 'group': 'n' is not a number", "compare", "A", "B", "--metric", "group")]
    [InlineData("option '--metric' is required", "compare", "A", "B")]
    [InlineData("needs at least two samples, not 1", "compare", "A", "--metric", "dice")]
    [InlineData("option '--test' takes mann-whitney or wilcoxon or paired-t or unpaired-t or welch, not 'anova'", "compare", "A", "B", "--metric", "dice", "--test", "anova")]
    [InlineData("option '--confidence' takes a number between 0 and 1", "compare", "A", "B", "--metric", "dice", "--confidence", "95")]
    [InlineData("equivalence margin must be positive, not -1", "compare", "A", "B", "--metric", "dice", "--equivalence-margin", "-1")]
    [InlineData("There is no table 'none.csv'", "describe", "none.csv")]
    [InlineData("'dice' is no condition", "describe", "A", "--where", "dice")]
    [InlineData("no row fulfils dice>2", "describe", "A", "--where", "dice>2")]
    [InlineData("option '--hardest' takes a number from 1, not '0'", "describe", "A", "--hardest", "0")]
    [InlineData("has no column 'name'", "describe", "A", "--case-column", "name")]
    [InlineData("--lower-is-better names 'loss'", "describe", "A", "--hardest", "1", "--lower-is-better", "loss")]
    public void Mistakes_are_refused_in_one_line(string message, params string[] arguments) =>
        work.IsRefused([.. arguments.Select(word => word == "A" ? a : word == "B" ? b : word)], message);

    private static JsonElement Described(string table) => JsonDocument.Parse(BuiltProgram.Run("describe", table, "--json").Output).RootElement;

    private string Table(string name, string text)
    {
        File.WriteAllText(work.PathOf($"{name}.csv"), text);
        return work.PathOf($"{name}.csv");
    }
}
