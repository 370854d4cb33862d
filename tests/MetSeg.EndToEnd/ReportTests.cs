using System.Text.Json;
using System.Text.RegularExpressions;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.EndToEnd;

public sealed class ReportTests : IDisposable
{
    private const int Cases = 4;
    private readonly WorkFolder work = new();
    private readonly string dataset;

    public ReportTests()
    {
        dataset = work.Dataset("tumors", Cases);
        Evaluate("all", _ => true);
        Evaluate("half", i => i < 2);
    }

    private string References => Path.Combine(dataset, "labelsTr");

    public void Dispose() => work.Dispose();

    [Fact]
    public void Writes_a_page_that_needs_nothing_else_and_tables_for_a_paper()
    {
        var run = BuiltProgram.Run(
            "report", $"all={work.PathOf("all")}", $"half={work.PathOf("half")}", "--scans", Path.Combine(dataset, "imagesTr"), "-r", References,
            "-p", $"all={work.PathOf("pAll")}", "-p", $"half={work.PathOf("pHalf")}", "-o", work.PathOf("out"));

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^half +0\.500 +0\.500 +1\.000 +0\.667$", run.Output);
        var page = File.ReadAllText(work.PathOf("out/index.html"));
        Assert.All(
            ["Limitations", "Scores per hospital", "Paired by case", "By lesion volume", "Best, median and worst case", "Provenance", "CLAIM checklist"],
            heading => Assert.Contains($">{heading}</h2>", page));
        Assert.Contains("4 cases of 4 patients at 2 hospitals", page);
        Assert.DoesNotContain(work.PathOf(""), page);
        Assert.All(Regex.Matches(page, " (src|href)=\"([^\"]*)\"").Select(match => match.Groups[2].Value), address => Assert.Matches("^(data:image/png;base64,|#section-)", address));
        Assert.DoesNotContain("<script", page);
        Assert.Contains("| all | Dice, mean | 4 cases | **1.000", File.ReadAllText(work.PathOf("out/tables.md")));
        Assert.Contains(@"\begin{longtable}", File.ReadAllText(work.PathOf("out/tables.tex")));
        Assert.True(File.Exists(work.PathOf("out/figures/figure-01.svg")));
    }

    [Fact]
    public void The_same_seed_gives_the_same_tables_and_figures()
    {
        string[] names = ["tables.md", "figures/figure-09.svg"];
        BuiltProgram.Run("report", $"all={work.PathOf("all")}", $"half={work.PathOf("half")}", "-o", work.PathOf("one"));
        BuiltProgram.Run("report", $"all={work.PathOf("all")}", $"half={work.PathOf("half")}", "-o", work.PathOf("two"));

        Assert.All(names, name => Assert.Equal(File.ReadAllText(work.PathOf($"one/{name}")), File.ReadAllText(work.PathOf($"two/{name}"))));
    }

    [Fact]
    public void With_json_it_prints_where_everything_is()
    {
        var run = BuiltProgram.Run("report", work.PathOf("half"), "-o", work.PathOf("out"), "--json", "--quiet");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var result = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(work.PathOf("out/index.html"), result.GetProperty("report").GetString());
        Assert.Equal(("half", 0.5), (result.GetProperty("methods")[0].GetProperty("name").GetString(), result.GetProperty("methods")[0].GetProperty("dice").GetDouble()));
    }

    [Fact]
    public void Bad_input_is_refused_in_one_line_and_nothing_is_written()
    {
        work.IsRefused(["report", $"all={work.PathOf("none")}", "-o", work.PathOf("out")], "There is no folder");
        work.IsRefused(["report", $"all={References}", "-o", work.PathOf("out")], "has no metrics.json");
        work.IsRefused(["report", $"all={work.PathOf("all")}", "-o", work.PathOf("out"), "--scans", dataset], "'--scans' needs --references and --predictions");
        work.IsRefused(["report", $"all={work.PathOf("all")}", "-o", work.PathOf("out"), "-p", "all=x"], "'--predictions' needs --scans and --references");
        work.IsRefused(["report", $"all={work.PathOf("all")}", "-o", work.PathOf("out"), "--run", dataset], "is no run");
        work.IsRefused(["report", $"all={work.PathOf("all")}", "-o", work.PathOf("out"), "--bins", "0.4,0.1"], "the edges must be positive and rise");
        work.IsRefused(["report", $"all={work.PathOf("all")}", "-o", work.PathOf("out"), "--bandwidth", "0"], "bandwidth must be above 0");
        work.IsRefused(["report", $"all={work.PathOf("all")}", $"all={work.PathOf("half")}", "-o", work.PathOf("out")], "Two evaluations are named 'all'");
    }

    [Fact]
    public void Evaluations_of_different_cases_or_without_a_column_are_refused()
    {
        File.Delete(work.PathOf("pHalf/c3.nii.gz"));
        BuiltProgram.Run("evaluate", "-p", work.PathOf("pHalf"), "-r", References, "--allow-missing", "-o", work.PathOf("half"));
        work.IsRefused(["report", $"all={work.PathOf("all")}", $"half={work.PathOf("half")}", "-o", work.PathOf("out")], "lacks case 'c3'");

        File.WriteAllText(work.PathOf("all/lesions.csv"), "case,kind\nc0,reference\n");
        work.IsRefused(["report", $"all={work.PathOf("all")}", "-o", work.PathOf("out")], "lesions.csv' has no column \"group\"");
    }

    private void Evaluate(string name, Func<int, bool> isFound)
    {
        var predictions = work.PathOf($"p{char.ToUpperInvariant(name[0])}{name[1..]}");
        for (var i = 0; i < Cases; i++)
        {
            NiftiWriter.Write(Path.Combine(predictions, $"c{i}.nii.gz"), WorkFolder.Lesion((byte)(isFound(i) ? 1 : 0)));
        }

        Assert.Equal(0, BuiltProgram.Run("evaluate", "-p", predictions, "-r", References, "-o", work.PathOf(name), "--quiet").ExitCode);
    }
}
