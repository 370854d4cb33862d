using MetSeg.Files;

namespace MetSeg.Reports;

/// <summary>A drawn chart, as pixels and as vectors.</summary>
/// <param name="Png">The picture as PNG, <see cref="PixelsPerUnit"/> times as large as shown, for sharp screens and print.</param>
/// <param name="Svg">The picture as SVG.</param>
/// <param name="Width">Width as shown, in CSS pixels.</param>
/// <param name="Height">Height as shown, in CSS pixels.</param>
public sealed record Figure(byte[] Png, string Svg, int Width, int Height)
{
    /// <summary>Pixels of the PNG for each pixel as shown.</summary>
    public const int PixelsPerUnit = 2;

    /// <summary>Writes NAME.png and NAME.svg, each whole or not at all.</summary>
    /// <param name="pathWithoutEnding">The files' common path, such as "report/figures/dice".</param>
    /// <exception cref="MetSegException">A file cannot be written.</exception>
    public void Write(string pathWithoutEnding)
    {
        AtomicFile.Write(pathWithoutEnding + ".png", stream => stream.Write(Png));
        AtomicFile.WriteText(pathWithoutEnding + ".svg", Svg);
    }
}
