using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace MetSeg.Reports;

/// <summary>
/// Writes HTML from elements, attributes and text. Everything that is not an element's or attribute's name goes through the encoder, so no
/// text, wherever it comes from, can become markup.
/// </summary>
internal sealed class HtmlText
{
    private static readonly HtmlEncoder encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder markup = new();

    /// <summary>Text with the characters that mean something in HTML encoded and invisible ones replaced.</summary>
    public static string Encode(string text) => encoder.Encode(PlainText.Clean(text));

    /// <summary>An element with text in it, closed.</summary>
    public HtmlText Element(string name, string text, params (string Name, string Value)[] attributes) =>
        Open(name, attributes).Text(text).Close(name);

    /// <summary>The start of an element, also of one that has no end such as img.</summary>
    public HtmlText Open(string name, params (string Name, string Value)[] attributes)
    {
        markup.Append('<').Append(name);
        foreach (var attribute in attributes)
        {
            markup.Append(CultureInfo.InvariantCulture, $" {attribute.Name}=\"{Encode(attribute.Value)}\"");
        }

        markup.Append('>');
        return this;
    }

    /// <summary>The end of an element.</summary>
    public HtmlText Close(string name)
    {
        markup.Append("</").Append(name).Append(">\n");
        return this;
    }

    /// <summary>Text, on one line.</summary>
    public HtmlText Text(string text)
    {
        markup.Append(Encode(text));
        return this;
    }

    /// <summary>Text whose line breaks stay.</summary>
    public HtmlText Lines(string text)
    {
        markup.AppendJoin('\n', text.ReplaceLineEndings("\n").Split('\n').Select(Encode));
        return this;
    }

    /// <summary>A PNG inside an img element; base64 holds no character that HTML would read.</summary>
    public HtmlText Picture(byte[] png, string alternativeText, int width, int height)
    {
        markup.Append(CultureInfo.InvariantCulture, $"<img width=\"{width}\" height=\"{height}\" alt=\"{Encode(alternativeText)}\" ")
            .Append("src=\"data:image/png;base64,").Append(Convert.ToBase64String(png)).Append("\">\n");
        return this;
    }

    /// <summary>The project's own style sheet, byte for byte, so that its hash is the one in the policy.</summary>
    public HtmlText Style(string css)
    {
        markup.Append("<style>").Append(css).Append("</style>\n");
        return this;
    }

    /// <summary>What another writer wrote.</summary>
    public HtmlText Append(HtmlText other)
    {
        markup.Append(other.markup);
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => markup.ToString();
}
