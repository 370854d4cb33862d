using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MetSeg.Reports;
using Xunit;

namespace MetSeg.Tests.Reports;

public class HtmlReportTests
{
    private const string Hostile = "\"'><script>alert('x')</script><img src=x onerror=alert(1)>&amp;";
    private static readonly byte[] picture = new ScatterChart { Groups = [new PointGroup("A", [(0, 0)])] }.Draw().Png;

    [Fact]
    public void A_number_competes_as_it_is_shown_whatever_its_minus_sign()
    {
        Assert.Equal((-91.6, "−91.6"), (ReportCell.Number(-91.64, "+0.0;−0.0;0.0").Value, ReportCell.Number(-91.64, "+0.0;−0.0;0.0").Text));
        Assert.Equal(2.5, ReportCell.Number(2.46, "+0.0;−0.0;0.0").Value);
        Assert.Null(ReportCell.Number(double.NaN).Value);
    }

    [Fact]
    public void Text_never_becomes_markup()
    {
        var html = ReportOf(Hostile).ToHtml();

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, Regex.Count(html, "<img "));
        // title, h1, subtitle, nav, h2, h3, p, li, dt, dd, table's caption, th, td, note, alt, figure's caption, summary, JSON value
        Assert.Equal(18, Regex.Count(html, Regex.Escape(
            "&quot;&#x27;&gt;&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp;")));
    }

    [Fact]
    public void Hostile_text_leaves_the_same_elements_as_plain_text() =>
        Assert.Equal(Elements(ReportOf("plain").ToHtml()), Elements(ReportOf(Hostile).ToHtml()));

    [Fact]
    public void Invisible_characters_are_shown_as_replaced()
    {
        var report = new HtmlReport("title");
        report.Section("s").Paragraph("a\u0007b\u001B[31mc\u202Ed\nf");

        Assert.Contains("a\uFFFDb\uFFFD[31mc\uFFFDd f", report.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_fetched_from_elsewhere()
    {
        var html = ReportOf("plain").ToHtml();

        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        var addresses = Regex.Matches(html, " (src|href)=\"([^\"]*)\"").Select(match => match.Groups[2].Value).ToList();
        Assert.Equal(3, addresses.Count);
        Assert.All(addresses, address => Assert.Matches("^(data:image/png;base64,|#section-1$)", address));
    }

    [Fact]
    public void The_policy_forbids_scripts_and_requests_and_allows_exactly_its_style()
    {
        var html = new HtmlReport("title").ToHtml();

        var style = Regex.Match(html, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        var policy = System.Net.WebUtility.HtmlDecode(Regex.Match(html, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value);
        Assert.Equal($"default-src 'none'; img-src data:; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'", policy);
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_report_says_that_it_is_for_research()
    {
        var html = new HtmlReport("title").ToHtml();

        Assert.Contains("<p class=\"banner\" role=\"note\">Research use only — not for clinical use</p>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Navigation_leads_to_every_section()
    {
        var report = new HtmlReport("title");
        report.Section("First").Paragraph("a");
        report.Section("Second").Paragraph("b");

        var html = report.ToHtml();

        Assert.Contains("<a href=\"#section-2\">Second</a>", html, StringComparison.Ordinal);
        Assert.Contains("<section id=\"section-2\"><h2>Second</h2>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_are_inside_the_page_in_the_size_of_the_chart()
    {
        var chart = new ScatterChart { Groups = [new PointGroup("A", [(0, 0)])] }.Draw();
        var report = new HtmlReport("title");
        report.Section("s").Figure(new ReportFigure(chart, "caption", "points"));

        Assert.Contains(
            $"<img width=\"520\" height=\"440\" alt=\"points\" src=\"data:image/png;base64,{Convert.ToBase64String(chart.Png)}\">",
            report.ToHtml(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ReportFigure("<svg onload=alert(1)></svg> and more"u8.ToArray(), "c", "a"));
    }

    [Theory]
    [InlineData(BestValue.None, "")]
    [InlineData(BestValue.Highest, "0.750")]
    [InlineData(BestValue.Lowest, "0.500")]
    public void The_best_number_of_a_row_is_emphasized(BestValue best, string expected)
    {
        ReportCell[] cells = ["Dice", ReportCell.NumberText("16"), ReportCell.Number(0.75), ReportCell.Number(double.NaN), ReportCell.Number(0.5)];
        var report = new HtmlReport("title");
        report.Section("s").Table(new ReportTable("t", ["metric", "n", "a", "b", "c"], [new ReportRow(cells, best)]));

        var html = report.ToHtml();

        Assert.Equal(expected, string.Join(' ', Regex.Matches(html, "<strong>(.*?)</strong>").Select(match => match.Groups[1].Value)));
        Assert.Contains("<td class=\"text\">Dice", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number\">16", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number\">n/a", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Intervals_are_spelled_with_their_estimate()
    {
        Assert.Equal("0.620 [0.551, 0.684]", ReportCell.Interval(0.62, 0.5512, 0.6839).Text);
        Assert.Equal("0.620", ReportCell.Interval(0.62, double.NaN, 1).Text);
        Assert.Equal("n/a", ReportCell.Interval(double.NaN, 0, 1).Text);
    }

    [Fact]
    public void Rows_must_fit_the_header() => Assert.Throws<ArgumentException>(() =>
        new HtmlReport("title").Section("s").Table(new ReportTable("t", ["a", "b"], [new ReportRow(["1"])])));

    [Fact]
    public void Is_written_whole_and_leaves_nothing_else()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var report = ReportOf("plain");
            report.Write(Path.Combine(folder.FullName, "report", "index.html"));

            Assert.Equal(report.ToHtml(), File.ReadAllText(Path.Combine(folder.FullName, "report", "index.html")));
            Assert.Single(Directory.GetFiles(Path.Combine(folder.FullName, "report")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static HtmlReport ReportOf(string text)
    {
        var report = new HtmlReport(text, text);
        var section = report.Section(text);
        section.Subheading(text).Paragraph(text).List([text]).KeyValues([(text, text)]);
        section.Table(new ReportTable(text, [text], [new ReportRow([text])]) { Notes = [text] });
        section.Figure(new ReportFigure(picture, text, text)).Figures([new ReportFigure(picture, "c", "a")]);
        section.Json(text, new { value = text }).Json("plain", new { value = 1.5 });
        return report;
    }

    private static IEnumerable<string> Elements(string html) => Regex.Matches(html, "</?[a-zA-Z!][a-zA-Z0-9]*").Select(match => match.Value);
}
