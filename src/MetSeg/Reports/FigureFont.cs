using SkiaSharp;

namespace MetSeg.Reports;

/// <summary>
/// The typeface of charts and slice pictures: a sans-serif that is installed, because the platform's own default is a serif on bare Linux.
/// </summary>
internal static class FigureFont
{
    private static readonly string[] preferred =
        ["DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica Neue", "Helvetica", "Segoe UI", "Verdana"];

    /// <summary>
    /// The first of a fixed list that the system has, so that one machine always draws the same; else any font with "Sans" in its name, else
    /// the platform's default. Where no font at all is installed, figures have no text.
    /// </summary>
    public static string Family { get; } = Choose();

    /// <summary>The family's regular or bold face.</summary>
    public static SKTypeface Typeface(bool bold = false) =>
        SKTypeface.FromFamilyName(Family, bold ? SKFontStyle.Bold : SKFontStyle.Normal) ?? SKTypeface.Default;

    private static string Choose()
    {
        var installed = SKFontManager.Default.FontFamilies.ToList();
        return preferred.FirstOrDefault(installed.Contains)
            ?? installed.Find(family => family.Contains("Sans", StringComparison.Ordinal) && !family.Contains("Mono", StringComparison.Ordinal))
            ?? SKTypeface.Default.FamilyName;
    }
}
