using SkiaSharp;
using Xunit;

namespace MetSeg.Tests.Reports;

/// <summary>Reads pictures back.</summary>
internal static class Pixels
{
    public static SKBitmap Decode(byte[] png)
    {
        var bitmap = SKBitmap.Decode(png);
        Assert.NotNull(bitmap);
        return bitmap;
    }

    public static int Count(SKBitmap bitmap, string color)
    {
        var wanted = SKColor.Parse(color);
        return bitmap.Pixels.Count(pixel => pixel == wanted);
    }

    public static int DistinctColors(SKBitmap bitmap) => bitmap.Pixels.Distinct().Count();
}
