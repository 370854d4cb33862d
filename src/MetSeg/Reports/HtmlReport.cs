using MetSeg.Files;

namespace MetSeg.Reports;

/// <summary>
/// A report as one HTML page that needs nothing else: style and pictures are inside, there are no scripts, and its content security policy
/// forbids both scripts and requests. Every text is encoded; nothing that is passed in can become markup.
/// </summary>
/// <param name="title">The page's title.</param>
/// <param name="subtitle">A line below it; may be empty.</param>
public sealed class HtmlReport(string title, string subtitle = "")
{
    /// <summary>The line at the top of every report.</summary>
    public const string Warning = "Research use only — not for clinical use";

    private readonly List<ReportSection> sections = [];

    /// <summary>Adds a section; fill it through what this returns.</summary>
    /// <param name="heading">Its heading.</param>
    public ReportSection Section(string heading)
    {
        var section = new ReportSection(heading);
        sections.Add(section);
        return section;
    }

    /// <summary>The page.</summary>
    public string ToHtml()
    {
        var html = new HtmlText();
        html.Open("!DOCTYPE html").Open("html", ("lang", "en"));
        WriteHead(html);
        html.Open("body").Element("p", Warning, ("class", "banner"), ("role", "note"));
        html.Open("header").Element("h1", title).Element("p", subtitle, ("class", "subtitle")).Close("header");
        WriteNavigation(html);
        html.Open("main");
        for (var i = 0; i < sections.Count; i++)
        {
            sections[i].WriteTo(html, Anchor(i));
        }

        html.Close("main").Element("footer", Warning).Close("body").Close("html");
        return html.ToString();
    }

    /// <summary>All tables in Markdown, numbered as on the page.</summary>
    public string ToMarkdown() => $"# {MarkdownTable.Encode(title)}: tables\n\n{Warning}.\n"
        + string.Concat(Tables.Select((table, i) => "\n" + MarkdownTable.Write(table, i + 1)));

    /// <summary>All tables in LaTeX, numbered as on the page.</summary>
    public string ToLatex() => $"% {PlainText.Clean(title)}: tables. {Warning}.\n{LatexTable.Packages}"
        + string.Concat(Tables.Select((table, i) => "\n" + LatexTable.Write(table, i + 1)));

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.WriteText(path, ToHtml());

    /// <summary>
    /// Writes a folder: index.html, its tables as tables.md and tables.tex, and its figures as figures/figure-01.png and, charts, as .svg.
    /// Figures that an earlier, longer report left there are removed.
    /// </summary>
    /// <param name="folder">The folder; made if it is missing.</param>
    /// <exception cref="MetSegException">A file cannot be written.</exception>
    public void WriteFolder(string folder)
    {
        var pictures = Path.Combine(folder, "figures");
        foreach (var old in Directory.Exists(pictures) ? Directory.GetFiles(pictures, "figure-*") : [])
        {
            File.Delete(old);
        }

        foreach (var (i, figure) in sections.SelectMany(section => section.AllFigures).Index())
        {
            var path = Path.Combine(pictures, $"figure-{i + 1:00}");
            AtomicFile.Write(path + ".png", stream => stream.Write(figure.Png));
            if (figure.Svg is not null)
            {
                AtomicFile.WriteText(path + ".svg", figure.Svg);
            }
        }

        AtomicFile.WriteText(Path.Combine(folder, "tables.md"), ToMarkdown());
        AtomicFile.WriteText(Path.Combine(folder, "tables.tex"), ToLatex());
        Write(Path.Combine(folder, "index.html"));
    }

    private IEnumerable<ReportTable> Tables => sections.SelectMany(section => section.AllTables);

    private static string Anchor(int section) => $"section-{section + 1}";

    private void WriteHead(HtmlText html) => html.Open("head")
        .Open("meta", ("charset", "utf-8"))
        .Open("meta", ("http-equiv", "Content-Security-Policy"), ("content", ReportStyle.ContentSecurityPolicy))
        .Open("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"))
        .Open("meta", ("name", "referrer"), ("content", "no-referrer"))
        .Element("title", title)
        .Style(ReportStyle.Css)
        .Close("head");

    private void WriteNavigation(HtmlText html)
    {
        html.Open("nav", ("aria-label", "Sections")).Open("ul");
        for (var i = 0; i < sections.Count; i++)
        {
            html.Open("li").Element("a", sections[i].Heading, ("href", "#" + Anchor(i))).Close("li");
        }

        html.Close("ul").Close("nav");
    }
}
