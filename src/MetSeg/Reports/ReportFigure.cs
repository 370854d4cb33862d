using System.Buffers.Binary;

namespace MetSeg.Reports;

/// <summary>A picture of a report.</summary>
public sealed record ReportFigure
{
    private static readonly byte[] signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private const int WidthOffset = 16;
    private const int HeightOffset = 20;
    private const int WideFrom = 800;

    /// <summary>Takes a picture, shown one pixel to one CSS pixel, or smaller where the page is narrower.</summary>
    /// <param name="png">The picture as PNG.</param>
    /// <param name="caption">Text below it.</param>
    /// <param name="alternativeText">What it shows, for those who cannot see it.</param>
    /// <exception cref="ArgumentException">The bytes are not a PNG.</exception>
    public ReportFigure(byte[] png, string caption, string alternativeText)
    {
        if (png.Length < HeightOffset + 4 || !png.AsSpan(0, signature.Length).SequenceEqual(signature))
        {
            throw new ArgumentException("A figure's picture must be a PNG.", nameof(png));
        }

        (Png, Caption, AlternativeText) = (png, caption, alternativeText);
        Width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(WidthOffset));
        Height = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(HeightOffset));
    }

    /// <summary>Takes a chart, shown in the size for which it was drawn.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="caption">Text below it.</param>
    /// <param name="alternativeText">What it shows, for those who cannot see it.</param>
    public ReportFigure(Figure chart, string caption, string alternativeText)
        : this(chart.Png, caption, alternativeText)
    {
        (Width, Height, Svg) = (chart.Width, chart.Height, chart.Svg);
    }

    /// <summary>Text below the picture.</summary>
    public string Caption { get; }

    /// <summary>What the picture shows, in words.</summary>
    public string AlternativeText { get; }

    /// <summary>Width as shown, in CSS pixels.</summary>
    public int Width { get; }

    /// <summary>Height as shown, in CSS pixels.</summary>
    public int Height { get; }

    /// <summary>The chart as vectors; null for a picture.</summary>
    internal string? Svg { get; }

    /// <summary>The picture as PNG.</summary>
    internal byte[] Png { get; }

    internal void WriteTo(HtmlText html) => html
        .Open("figure", ("class", Width > WideFrom ? "picture wide" : "picture"))
        .Open("div", ("class", "scroll")).Picture(Png, AlternativeText, Width, Height).Close("div")
        .Element("figcaption", Caption).Close("figure");
}
