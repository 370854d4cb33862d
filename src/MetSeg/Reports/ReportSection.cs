using System.Text.Json;
using MetSeg.Files;

namespace MetSeg.Reports;

/// <summary>A section of a report: what is added appears in this order. All text is plain text, never markup.</summary>
public sealed class ReportSection
{
    private readonly HtmlText content = new();
    private readonly List<ReportTable> tables = [];
    private readonly List<ReportFigure> figures = [];

    internal ReportSection(string heading)
    {
        Heading = heading;
    }

    /// <summary>The heading, also in the page's navigation.</summary>
    public string Heading { get; }

    /// <summary>A heading within the section.</summary>
    public ReportSection Subheading(string text) => Added(html => html.Element("h3", text));

    /// <summary>A paragraph.</summary>
    public ReportSection Paragraph(string text) => Added(html => html.Element("p", text));

    /// <summary>A list of points.</summary>
    public ReportSection List(IEnumerable<string> points) => Added(html => WriteList(html, points));

    /// <summary>A framed list of points that no reader should pass over.</summary>
    public ReportSection Box(IEnumerable<string> points) => Added(html =>
    {
        html.Open("div", ("class", "box"), ("role", "note"));
        WriteList(html, points);
        html.Close("div");
    });

    /// <summary>Names and their values, such as what ran.</summary>
    public ReportSection KeyValues(IEnumerable<(string Name, string Value)> pairs) => Added(html =>
    {
        html.Open("dl");
        foreach (var (name, value) in pairs)
        {
            html.Open("div").Element("dt", name).Element("dd", value).Close("div");
        }

        html.Close("dl");
    });

    /// <summary>What ran, where and how long.</summary>
    public ReportSection Provenance(Provenance provenance) => KeyValues(provenance.Describe());

    /// <summary>A table, which scrolls sideways where the page is too narrow.</summary>
    /// <exception cref="ArgumentException">A row has more or fewer cells than the header.</exception>
    public ReportSection Table(ReportTable table)
    {
        table.ThrowUnlessRectangular();
        tables.Add(table);
        return Added(table.WriteTo);
    }

    /// <summary>A figure in the width of the page.</summary>
    public ReportSection Figure(ReportFigure figure)
    {
        figures.Add(figure);
        return Added(figure.WriteTo);
    }

    /// <summary>Figures side by side, as many in a row as fit.</summary>
    public ReportSection Figures(IEnumerable<ReportFigure> beside) => Added(html =>
    {
        html.Open("div", ("class", "grid"));
        foreach (var figure in beside)
        {
            figures.Add(figure);
            figure.WriteTo(html);
        }

        html.Close("div");
    });

    /// <summary>A block that the reader can unfold, with a value as JSON: the options of a run, for example.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="summary">What is shown while folded.</param>
    /// <param name="value">The value.</param>
    public ReportSection Json<T>(string summary, T value) => Added(html => html
        .Open("details").Element("summary", summary)
        .Open("pre", ("tabindex", "0")).Lines(JsonSerializer.Serialize(value, JsonFile.OwnStyle)).Close("pre").Close("details"));

    /// <summary>The tables added so far, in their order.</summary>
    internal IReadOnlyList<ReportTable> AllTables => tables;

    /// <summary>The figures added so far, in their order.</summary>
    internal IReadOnlyList<ReportFigure> AllFigures => figures;

    internal void WriteTo(HtmlText html, string anchor) =>
        html.Open("section", ("id", anchor)).Element("h2", Heading).Append(content).Close("section");

    private static void WriteList(HtmlText html, IEnumerable<string> points)
    {
        html.Open("ul");
        foreach (var point in points)
        {
            html.Element("li", point);
        }

        html.Close("ul");
    }

    private ReportSection Added(Action<HtmlText> write)
    {
        var added = new HtmlText();
        write(added);
        content.Append(added);
        return this;
    }
}
