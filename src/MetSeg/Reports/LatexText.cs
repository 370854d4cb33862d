namespace MetSeg.Reports;

/// <summary>Text for LaTeX in which nothing is a command.</summary>
internal static class LatexText
{
    private static readonly Dictionary<char, string> spellings = new()
    {
        ['\\'] = "\\textbackslash{}",
        ['{'] = "\\{",
        ['}'] = "\\}",
        ['&'] = "\\&",
        ['%'] = "\\%",
        ['$'] = "\\$",
        ['#'] = "\\#",
        ['_'] = "\\_",
        ['~'] = "\\textasciitilde{}",
        ['^'] = "\\textasciicircum{}",
        ['<'] = "\\textless{}",
        ['>'] = "\\textgreater{}",
        ['|'] = "\\textbar{}",
        ['"'] = "''",
        ['–'] = "--",
        ['—'] = "---",
        ['…'] = "\\ldots{}",
        ['’'] = "'",
        ['“'] = "``",
        ['”'] = "''",
        ['\u00A0'] = "~",
        ['≤'] = "$\\leq$",
        ['≥'] = "$\\geq$",
        ['≈'] = "$\\approx$",
        ['≠'] = "$\\neq$",
        ['−'] = "$-$",
        ['±'] = "$\\pm$",
        ['×'] = "$\\times$",
        ['·'] = "$\\cdot$",
        ['∞'] = "$\\infty$",
        ['→'] = "$\\rightarrow$",
        ['Σ'] = "$\\Sigma$",
        ['Δ'] = "$\\Delta$",
        ['α'] = "$\\alpha$",
        ['β'] = "$\\beta$",
        ['χ'] = "$\\chi$",
        ['δ'] = "$\\delta$",
        ['µ'] = "$\\mu$",
        ['μ'] = "$\\mu$",
        ['σ'] = "$\\sigma$",
        ['τ'] = "$\\tau$",
        ['°'] = "$^{\\circ}$",
        ['²'] = "$^{2}$",
        ['³'] = "$^{3}$",
        ['₁'] = "$_{1}$",
        ['₀'] = "$_{0}$",
        ['\uFFFD'] = "?",
    };

    /// <summary>The text on one line. Signs that LaTeX's text fonts lack are spelled in math; letters of other scripts stay as they are.</summary>
    public static string Encode(string text) =>
        string.Concat(PlainText.Clean(text).Select(character => spellings.GetValueOrDefault(character) ?? $"{character}"));
}
