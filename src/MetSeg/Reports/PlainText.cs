using System.Globalization;

namespace MetSeg.Reports;

/// <summary>Text of foreign origin (headers, file names, options) made safe to print: one line, nothing invisible that could mislead.</summary>
internal static class PlainText
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// The text with line breaks and tabs as spaces, and with control characters, invisible format characters (such as the overrides of
    /// writing direction), private-use characters and lone surrogates as U+FFFD.
    /// </summary>
    public static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune => Rune(rune)));

    private static string Rune(System.Text.Rune rune) => System.Text.Rune.GetUnicodeCategory(rune) switch
    {
        _ when rune.Value is '\n' or '\r' or '\t' => " ",
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Replacement.ToString(),
        _ => rune.ToString(),
    };
}
