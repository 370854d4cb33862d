using SkiaSharp;

namespace MetSeg.Reports;

/// <summary>One slice as a picture of its own, to be put together by <see cref="PictureSheet"/>.</summary>
internal static class PictureCell
{
    private const float TextSize = 12;
    private static readonly SKColor lower = new(0x40, 0x96, 0xFF);
    private static readonly SKColor higher = new(0xFF, 0x5A, 0x36);

    /// <summary>A slice in shades of gray.</summary>
    /// <param name="panel">Which slice.</param>
    /// <param name="image">On the panel's grid.</param>
    /// <param name="window">The intensities from black to white.</param>
    /// <param name="label">Text below.</param>
    public static byte[] Gray(SlicePanel panel, Volume image, IntensityWindow window, string label) =>
        Draw(panel, canvas => panel.PaintImage(canvas, image, window), label);

    /// <summary>A slice of a difference: black where there is none, blue where it is negative, red where it is positive.</summary>
    /// <param name="panel">Which slice.</param>
    /// <param name="difference">On the panel's grid.</param>
    /// <param name="limit">The difference that has the full color, as all beyond it; positive.</param>
    /// <param name="label">Text below.</param>
    public static byte[] Difference(SlicePanel panel, Volume difference, float limit, string label) =>
        Draw(panel, canvas => panel.PaintColors(canvas, difference, value => Color(value / limit)), label);

    /// <summary>The full color of differences between images: the 99.5th percentile of their sizes; 1 where there is none.</summary>
    public static float LimitOf(Volume difference) => IntensityWindow.Between(difference.Map(Math.Abs), 0, 99.5).White;

    private static SKColor Color(float share)
    {
        var (full, strength) = (share < 0 ? lower : higher, float.IsNaN(share) ? 0 : Math.Min(1, Math.Abs(share)));
        return new SKColor((byte)(strength * full.Red), (byte)(strength * full.Green), (byte)(strength * full.Blue));
    }

    private static byte[] Draw(SlicePanel panel, Action<SKCanvas> paint, string label)
    {
        using var surface = SKSurface.Create(new SKImageInfo(panel.Width, panel.Height + SlicePicture.FooterHeight, SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Clear(SKColors.Black);
        paint(surface.Canvas);
        panel.PaintText(surface.Canvas);
        PictureText.Draw(surface.Canvas, PictureText.Fit(label, TextSize, panel.Width - 12), 6, panel.Height + 7, TextSize, SKTextAlign.Left);
        using var snapshot = surface.Snapshot();
        using var png = snapshot.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
