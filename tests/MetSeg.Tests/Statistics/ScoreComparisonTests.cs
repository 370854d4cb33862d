using MetSeg.Statistics;
using Xunit;

namespace MetSeg.Tests.Statistics;

public sealed class ScoreComparisonTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Options_have_their_documented_defaults()
    {
        var options = new ComparisonOptions();

        Assert.Equal((null, Alternative.TwoSided, RankMethod.Auto, null), (options.Test, options.Alternative, options.Method, options.Continuity));
        Assert.Equal((Correction.Holm, 0.95, 10_000, 1L), (options.Correction, options.Confidence, options.Resamples, options.Seed));
        Assert.Equal((ZeroHandling.Wilcox, false, null), (options.Zeros, options.DropUnpaired, options.EquivalenceMargin));
        Assert.Empty(options.Problems());
        Assert.Equal(4, new ComparisonOptions { Test = StatisticalTest.Friedman, Confidence = 1, Resamples = 1, EquivalenceMargin = 0 }.Problems().Count());
    }

    /// <summary>By row the differences would be −1, 0, 1; by case they are 1, 2, 3.</summary>
    [Fact]
    public void Rows_are_aligned_by_case()
    {
        var first = Sample("a", "case,dice\nx,2\ny.nii.gz,4\nz,6\n");
        var second = Sample("b", "sample,dice\nz,3\nx.nii.gz,1\ny,2\n");

        var result = ScoreComparison.Compare([first, second], ["dice"], new() { Test = StatisticalTest.PairedT, Resamples = 100 });

        var comparison = Assert.Single(result.Comparisons);
        Assert.Equal(2, comparison.Result.Difference!.Value);
        Assert.Equal(("a", "b", 4.0, 2.0, true), (comparison.First, comparison.Second, comparison.MedianFirst, comparison.MedianSecond, comparison.Paired));
        Assert.Equal("differences", Assert.Single(comparison.Normality).Of);
    }

    [Fact]
    public void Shared_cases_are_paired_and_others_are_not()
    {
        var (a, b, c) = (Sample("a", "case,d\nx,1\ny,2\n"), Sample("b", "case,d\ny,3\nx,5\n"), Sample("c", "case,d\nv,3\nw,5\n"));

        Assert.Equal(StatisticalTest.Wilcoxon, ScoreComparison.Compare([a, b], ["d"]).Options.Test);
        var unpaired = ScoreComparison.Compare([a, c], ["d"]);
        Assert.Equal(StatisticalTest.MannWhitney, unpaired.Options.Test);
        Assert.Contains("share no cases", Assert.Single(unpaired.Notes));
        Assert.Contains("--test wilcoxon", Assert.Single(ScoreComparison.Compare([a, b], ["d"], new() { Test = StatisticalTest.Welch }).Notes));
    }

    [Fact]
    public void Cases_without_a_partner_are_named_and_may_be_left_out()
    {
        var (a, b) = (Sample("a", "case,d\nx,1\ny,2\nonly-a,4\n"), Sample("b", "case,d\ny,3\nx,5\nonly-b,7\n"));

        var error = Assert.Throws<MetSegException>(() => ScoreComparison.Compare([a, b], ["d"]));
        var kept = Assert.Single(ScoreComparison.Compare([a, b], ["d"], new() { DropUnpaired = true }).Comparisons);

        Assert.Contains("a.csv' lacks only-b", error.Message);
        Assert.Contains("b.csv' lacks only-a", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(["only-a", "only-b"], kept.LeftOut);
        Assert.Equal(2, Assert.Single(kept.Result.N));
    }

    [Fact]
    public void Empty_cells_drop_their_pair_and_are_counted()
    {
        var (a, b) = (Sample("a", "case,d\nx,1\ny,\nz,4\n"), Sample("b", "case,d\nx,5\ny,3\nz,NA\n"));

        var comparison = Assert.Single(ScoreComparison.Compare([a, b], ["d"]).Comparisons);

        Assert.Equal((2, 1), (comparison.Result.Dropped, Assert.Single(comparison.Result.N)));
    }

    [Fact]
    public void Pooled_tables_pair_table_by_table()
    {
        var first = new ScoreSample("f", [Table("f1", "case,d\nx,1\ny,2\n"), Table("f2", "case,d\nx,3\ny,4\n")]);
        var second = new ScoreSample("s", [Table("s1", "case,d\ny,1\nx,0\n"), Table("s2", "case,d\ny,3\nx,2\n")]);

        var result = ScoreComparison.Compare([first, second], ["d"]);

        Assert.Equal(("all differences are equal", 4), (ScoreComparison.Compare([first, second], ["d"], new() { Test = StatisticalTest.PairedT }).Comparisons[0].Result.Undefined, result.Comparisons[0].Result.N[0]));
        Assert.Contains(result.Notes, note => note.StartsWith("Pooled tables repeat cases", StringComparison.Ordinal));
        Assert.Contains("pools 2 tables", Assert.Throws<MetSegException>(() =>
            ScoreComparison.Compare([Sample("one", "case,d\nx,1\n"), first], ["d"], new() { Test = StatisticalTest.Wilcoxon })).Message);
    }

    [Fact]
    public void Three_samples_give_every_pair_corrected_and_a_test_of_all()
    {
        ScoreSample[] samples = [.. new[] { "a", "b", "c" }.Select((name, k) => Sample(name, "case,d\n" + string.Concat(Enumerable.Range(0, 6).Select(i => $"c{i},{i + (k * 0.3 * (i + 1))}\n"))))];

        var result = ScoreComparison.Compare(samples, ["d"]);

        Assert.Equal(["a b", "a c", "b c"], result.Comparisons.Select(one => $"{one.First} {one.Second}"));
        Assert.All(result.Comparisons, one => Assert.Equal((0.03125, 0.09375), (one.Result.P, one.PAdjusted)));
        Assert.Equal((StatisticalTest.Friedman, 12.0), (result.Omnibus[0].Result.Test, Math.Round(result.Omnibus[0].Result.Statistic, 9)));
    }

    [Fact]
    public void Same_seed_same_result()
    {
        var (a, b) = (Sample("a", "case,d\nx,1\ny,2\nz,3\nv,7.1\nw,4.3\n"), Sample("b", "case,d\ny,3\nx,0\nz,3.5\nv,5\nw,4.9\n"));
        Estimate Effect(long seed) => ScoreComparison.Compare([a, b], ["d"], new() { Seed = seed, Test = StatisticalTest.PairedT, Resamples = 200 }).Comparisons[0].EffectSize;

        Assert.Equal(Effect(1), Effect(1));
        Assert.NotEqual(Effect(1), Effect(2));
    }

    [Theory]
    [InlineData("case,d\nx,1\nx,2\n", "lists case 'x' 2 times in column 'case'")]
    [InlineData("name,d\nx,1\ny,2\n", "has no column that names the cases")]
    [InlineData("case,d\nx,1\ny,high\n", "row 3, column 'd': 'high' is not a number")]
    [InlineData("case,e\nx,1\ny,2\n", "has no column 'd'. It has case, e.")]
    [InlineData("case,d\nv,1\nw,2\n", "share no case")]
    public void Tables_that_cannot_be_paired_are_refused_in_one_line(string table, string message)
    {
        var error = Assert.Throws<MetSegException>(() =>
            ScoreComparison.Compare([Sample("good", "case,d\nx,1\ny,2\n"), Sample("bad", table)], ["d"], new() { Test = StatisticalTest.Wilcoxon }));

        Assert.Contains("bad.csv'", error.Message);
        Assert.Contains(message, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void One_sample_is_not_compared() =>
        Assert.Contains("at least two samples", Assert.Throws<MetSegException>(() => ScoreComparison.Compare([Sample("a", "case,d\nx,1\n")], ["d"])).Message);

    private ScoreTable Table(string name, string text)
    {
        File.WriteAllText(folder.PathOf($"{name}.csv"), text);
        return ScoreTable.Read(folder.PathOf($"{name}.csv"));
    }

    private ScoreSample Sample(string name, string text) => new(name, [Table(name, text)]);
}
