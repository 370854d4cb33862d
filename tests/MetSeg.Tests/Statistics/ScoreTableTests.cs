using MetSeg.Statistics;
using Xunit;

namespace MetSeg.Tests.Statistics;

public sealed class ScoreTableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_numbers_and_what_is_missing()
    {
        var table = ScoreTable.Read(Write("t.csv", "case,group,dice,note\nx,a,0.5,\ny,b,NaN,\nz,b,,\nw,b,inf,\nv,b,1e-3,\n"));

        Assert.Equal([0.5, double.NaN, double.NaN, double.PositiveInfinity, 0.001], table.Numbers("DICE"));
        Assert.Equal(["dice"], table.NumericColumns);
        Assert.Equal(("t", "case", 5), (table.Name, table.CaseColumn, table.Count));
    }

    [Fact]
    public void A_folder_of_results_is_its_cases_and_gives_its_name()
    {
        Write("baseline/cases.csv", "case,dice\nx,1\n");

        Assert.Equal(("baseline", 1), (ScoreTable.Read(folder.PathOf("baseline")).Name, ScoreTable.Read(folder.PathOf("baseline/cases.csv")).Count));
    }

    [Fact]
    public void Metrics_json_has_the_columns_of_cases_csv()
    {
        var one = ScoreTable.Read(Write("metrics.json", """
            {"cases": [{"case": "x", "group": "ucsf", "dice": 0.5, "hd95": null, "lesions": {"tp": 1, "fn": 0, "fp": 2, "f1": 0.5}}], "options": {}}
            """));
        var several = ScoreTable.Read(Write("m/metrics.json", """
            {"cases": [{"case": "x", "group": "a", "dice": {"ET": 0.5, "WT": 0.9}, "lesions": {"ET": {"tp": 1}, "WT": {"tp": 3}}}]}
            """));

        Assert.Equal(["dice", "lesionTp", "lesionFn", "lesionFp", "lesionF1"], one.NumericColumns);
        Assert.Equal([double.NaN], one.Numbers("hd95"));
        Assert.Equal([3.0], several.Numbers("lesionTp_WT"));
        Assert.Equal([0.5], several.Numbers("dice_ET"));
    }

    [Theory]
    [InlineData("t.csv", "case,dice\n", "has no row below its header")]
    [InlineData("t.csv", "case;dice\nx;1\n", "separates its columns by semicolons")]
    [InlineData("t.csv", "case,dice\nx\n", "row 2: 1 fields where the header has 2")]
    [InlineData("t.json", "{\"groups\": {}}", "has no list \"cases\"")]
    [InlineData("t.json", "{", "Cannot read")]
    public void Files_that_are_no_tables_are_refused(string name, string text, string message)
    {
        var error = Assert.Throws<MetSegException>(() => ScoreTable.Read(Write(name, text)));

        Assert.Contains(message, error.Message);
        Assert.Contains(name, error.Message);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("none.csv", Assert.Throws<MetSegException>(() => ScoreTable.Read(folder.PathOf("none.csv"))).Message);

    [Fact]
    public void Samples_have_names_and_may_pool()
    {
        var (a, b) = (Write("one/a.csv", "case,d\nx,1\n"), Write("b.csv", "case,d\nx,2\n"));

        Assert.Equal(["both", "b"], ScoreSample.Read([$"both={a},{b}", b]).Select(sample => sample.Name));
        Assert.Equal([1.0, 2.0], ScoreSample.Read([$"both={a},{b}"])[0].Numbers("d"));
        Assert.Equal([a, Write("a.csv", "case,d\nx,1\n")], ScoreSample.Read([a, folder.PathOf("a.csv")]).Select(sample => sample.Name));
    }

    [Theory]
    [InlineData("voxels>=60", 2)]
    [InlineData("voxels > 60", 1)]
    [InlineData("voxels<60", 1)]
    [InlineData("voxels != 60", 3)]
    [InlineData("group=A", 2)]
    [InlineData("group!=a", 2)]
    public void Conditions_choose_rows(string condition, int rows)
    {
        var table = ScoreTable.Read(Write("t.csv", "case,group,voxels\nx,a,59\ny,a,60\nz,b,61.5\nw,b,\n"));

        Assert.Equal(rows, table.Where(RowCondition.Parse(condition)).Count);
    }

    [Fact]
    public void Conditions_that_cannot_hold_are_refused()
    {
        var table = ScoreTable.Read(Write("t.csv", "case,group\nx,a\n"));

        Assert.Contains("is no condition", Assert.Throws<MetSegException>(() => RowCondition.Parse("voxels")).Message);
        Assert.Contains("is no condition", Assert.Throws<MetSegException>(() => RowCondition.Parse("voxels>many")).Message);
        Assert.Contains("no row fulfils group=b", Assert.Throws<MetSegException>(() => table.Where(RowCondition.Parse("group=b"))).Message);
        Assert.Contains("row 2, column 'group': 'a' is not a number", Assert.Throws<MetSegException>(() => table.Where(RowCondition.Parse("group>1"))).Message);
    }

    [Fact]
    public void Splits_by_a_column()
    {
        var parts = ScoreTable.Read(Write("t.csv", "case,group,d\nx,b,1\ny,a,2\nz,b,3\n")).SplitBy("group");

        Assert.Equal(["b", "a"], parts.Select(part => part.Name));
        Assert.Equal([1.0, 3.0], parts[0].Numbers("d"));
    }

    /// <summary>Two models: x is worst of both in dice and, tied with y, in hd95 of one.</summary>
    [Fact]
    public void Hardest_cases_are_counted_and_ranked()
    {
        var first = ScoreTable.Read(Write("m1.csv", "case,dice,hd95\nx,0.1,9\ny,0.5,9\nz,0.9,1\n"));
        var second = ScoreTable.Read(Write("m2.csv", "case,dice,hd95\nz,0.8,2\nx,0.3,3\ny,0.6,\n"));

        var ranked = HardestCases.Rank([first, second], [("dice", false), ("hd95", true)]);

        Assert.Equal(["x", "y", "z"], ranked.Select(one => one.Case));
        Assert.Equal((4, 4, 1.125), (ranked[0].Worst, ranked[0].Of, ranked[0].MeanRank));
        Assert.Equal((1, 3), (ranked[1].Worst, ranked[1].Of));
        Assert.Equal(0.2, HardestCases.Rank([first, second], [("dice", false)])[0].MeanScore, 1e-12);
    }

    [Theory]
    [InlineData("DICE_et", false)]
    [InlineData("lesionF1", false)]
    [InlineData("Sensitivity-WT", false)]
    [InlineData("hd95", true)]
    [InlineData("HD95-ET", true)]
    [InlineData("Hausdorff_tc", true)]
    [InlineData("lesionFp", true)]
    [InlineData("True_volume_et", null)]
    [InlineData("Specificity_wt", null)]
    [InlineData("etVoxels", null)]
    public void Names_tell_which_way_is_better(string column, bool? lower) => Assert.Equal(lower, MetricDirection.LowerIsBetter(column));

    private string Write(string name, string text)
    {
        var path = folder.PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
