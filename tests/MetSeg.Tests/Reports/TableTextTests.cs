using MetSeg.Reports;
using Xunit;

namespace MetSeg.Tests.Reports;

public class TableTextTests
{
    private static readonly ReportTable table = new(
        "Scores_of 100 %", ["Case", "a", "b"],
        [
            new ReportRow(["x_1 | y", ReportCell.Interval(0.5, 0.4, 0.6), ReportCell.Number(0.75)], BestValue.Highest),
            new ReportRow(["[z]", ReportCell.Number(0.1231), ReportCell.Number(0.1229)], BestValue.Lowest) { BeginsGroup = true },
        ])
    {
        Notes = ["Volume in cm³ ≤ 0.4"],
    };

    [Fact]
    public void Markdown_has_caption_alignment_bold_best_values_and_notes()
    {
        string[] lines = MarkdownTable.Write(table, 2).Split('\n');

        Assert.Equal(@"**Table 2.** Scores\_of 100 %", lines[0]);
        Assert.Equal("| Case | a | b |", lines[2]);
        Assert.Equal("| :-- | --: | --: |", lines[3]);
        Assert.Equal(@"| x\_1 \| y | 0.500 \[0.400, 0.600\] | **0.750** |", lines[4]);
        Assert.Equal(@"| \[z\] | 0.123 | 0.123 |", lines[5]);      // alike as shown: none is best
        Assert.Equal("- Volume in cm³ ≤ 0.4", lines[7]);
    }

    [Fact]
    public void Latex_has_the_rules_of_booktabs_and_a_label()
    {
        string[] lines = LatexTable.Write(table, 2).Split('\n');

        Assert.Equal(@"\begin{table}[htbp]", lines[0]);
        Assert.Contains(@"\caption{Scores\_of 100 \%}\label{tab:metseg-2}", lines);
        Assert.Contains(@"\begin{tabular}{lrr}", lines);
        Assert.Equal(2, lines.Count(line => line == @"\midrule"));
        Assert.Contains(@"{}x\_1 \textbar{} y & 0.500 [0.400, 0.600] & \textbf{0.750} \\", lines);
        Assert.Contains(@"{}[z] & 0.123 & 0.123 \\", lines);
        Assert.Contains(@"Volume in cm$^{3}$ $\leq$ 0.4", lines);
        Assert.Equal(@"\end{table}", lines[^2]);
    }

    [Fact]
    public void Long_tables_go_on_over_pages_and_sentences_break()
    {
        var rows = Enumerable.Range(0, 40).Select(i => new ReportRow([ReportCell.NumberText($"{i}"), "topic", "a sentence"])).ToList();
        var text = LatexTable.Write(new ReportTable("t", ["Item", "Topic", "This run"], rows) { HasSentences = true }, 1);

        Assert.Contains(@"\begin{longtable}{r>{\raggedright\arraybackslash}p{0.2\linewidth}>{\raggedright\arraybackslash}p{0.62\linewidth}}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("tabular", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"\input{/etc/passwd}", @"\textbackslash{}input\{/etc/passwd\}")]
    [InlineData("a_b^c~d#e$f&g%", @"a\_b\textasciicircum{}c\textasciitilde{}d\#e\$f\&g\%")]
    [InlineData("−0.1 [−0.2, 0.3] < 1", "$-$0.1 [$-$0.2, 0.3] \\textless{} 1")]
    [InlineData("Cliff’s δ — “τ” \u202E", "Cliff's $\\delta$ --- ``$\\tau$'' ?")]
    [InlineData("Kraków\nline", "Kraków line")]
    public void Nothing_is_a_command_in_latex(string text, string expected) => Assert.Equal(expected, LatexText.Encode(text));

    [Theory]
    [InlineData("<script>|`x`", @"\<script\>\|\`x\`")]
    [InlineData("a\n# b", @"a \# b")]
    [InlineData("![x](y)&amp;", @"!\[x\](y)\&amp;")]
    public void Nothing_is_markup_in_markdown(string text, string expected) => Assert.Equal(expected, MarkdownTable.Encode(text));

    [Fact]
    public void A_report_writes_its_page_tables_and_figures()
    {
        using var folder = new TemporaryFolder();
        var report = new HtmlReport("title");
        var chart = new ScatterChart { Groups = [new PointGroup("A", [(0, 0)])] }.Draw();
        report.Section("s").Table(table).Figure(new ReportFigure(chart, "c", "a")).Table(table with { Caption = "other" });
        report.Section("t").Figures([new ReportFigure(chart.Png, "c", "a")]);
        Directory.CreateDirectory(folder.PathOf("figures"));
        File.WriteAllText(folder.PathOf("figures/figure-09.png"), "of a longer report");

        report.WriteFolder(folder.Path);

        Assert.Equal(["figure-01.png", "figure-01.svg", "figure-02.png"], Directory.GetFiles(folder.PathOf("figures")).Select(Path.GetFileName).Order());
        Assert.Equal(report.ToHtml(), File.ReadAllText(folder.PathOf("index.html")));
        Assert.Contains("**Table 2.** other", File.ReadAllText(folder.PathOf("tables.md")), StringComparison.Ordinal);
        Assert.Contains(@"\label{tab:metseg-2}", File.ReadAllText(folder.PathOf("tables.tex")), StringComparison.Ordinal);
        Assert.Contains("<tr class=\"group\">", report.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_box_is_a_framed_list()
    {
        var report = new HtmlReport("title");
        report.Section("s").Box(["a <b>"]);

        Assert.Contains("<div class=\"box\" role=\"note\"><ul><li>a &lt;b&gt;</li>", report.ToHtml(), StringComparison.Ordinal);
    }
}
