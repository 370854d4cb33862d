using SkiaSharp;

namespace MetSeg.Reports;

/// <summary>Text on slice pictures: white with a dark rim, readable on any gray.</summary>
internal static class PictureText
{
    /// <summary>Draws one line of text.</summary>
    /// <param name="canvas">Where to draw.</param>
    /// <param name="text">The text.</param>
    /// <param name="x">Left edge, middle or right edge of the text, by <paramref name="align"/>.</param>
    /// <param name="top">Upper edge of the capital letters.</param>
    /// <param name="size">Font size in pixels.</param>
    /// <param name="align">What <paramref name="x"/> means.</param>
    public static void Draw(SKCanvas canvas, string text, float x, float top, float size, SKTextAlign align)
    {
        using var typeface = FigureFont.Typeface();
        using var font = new SKFont(typeface, size);
        using var rim = new SKPaint
        {
            Color = SKColors.Black.WithAlpha(200), IsAntialias = true, IsStroke = true, StrokeWidth = 3, StrokeJoin = SKStrokeJoin.Round,
        };
        using var fill = new SKPaint { Color = new SKColor(0xF2, 0xF2, 0xF2), IsAntialias = true };
        var baseline = top + (0.8f * size);
        canvas.DrawText(text, x, baseline, align, font, rim);
        canvas.DrawText(text, x, baseline, align, font, fill);
    }

    /// <summary>Width of a text in pixels.</summary>
    public static float Measure(string text, float size)
    {
        using var typeface = FigureFont.Typeface();
        using var font = new SKFont(typeface, size);
        return font.MeasureText(text);
    }

    /// <summary>The text, cut and ended with "…" where it is wider than a width in pixels.</summary>
    public static string Fit(string text, float size, float width)
    {
        var shown = text;
        while (shown.Length > 0 && Measure(shown == text ? text : shown + "…", size) > width)
        {
            shown = shown[..^1].TrimEnd();
        }

        return shown == text ? text : shown + "…";
    }
}
