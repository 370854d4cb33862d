using SkiaSharp;

namespace MetSeg.Reports;

/// <summary>Pictures in rows and columns on one black sheet.</summary>
internal static class PictureSheet
{
    private const int Gap = 8;

    /// <summary>Puts pictures together; columns are as wide as their widest picture, rows as high as their highest.</summary>
    /// <param name="rows">Rows of pictures as PNG, at least one, all with as many.</param>
    /// <returns>The sheet as PNG.</returns>
    public static byte[] Tile(IReadOnlyList<IReadOnlyList<byte[]>> rows)
    {
        SKBitmap[][] pictures = [.. rows.Select(row => row.Select(png => SKBitmap.Decode(png)).ToArray())];
        int[] widths = [.. Enumerable.Range(0, pictures[0].Length).Select(column => pictures.Max(row => row[column].Width))];
        int[] heights = [.. pictures.Select(row => row.Max(picture => picture.Height))];
        using var surface = SKSurface.Create(new SKImageInfo(widths.Sum() + (Gap * (widths.Length - 1)), heights.Sum() + (Gap * (heights.Length - 1))));
        surface.Canvas.Clear(SKColors.Black);
        var y = 0;
        for (var row = 0; row < pictures.Length; row++)
        {
            var x = 0;
            for (var column = 0; column < widths.Length; column++)
            {
                using var picture = pictures[row][column];
                surface.Canvas.DrawBitmap(picture, x, y);
                x += widths[column] + Gap;
            }

            y += heights[row] + Gap;
        }

        using var snapshot = surface.Snapshot();
        using var png = snapshot.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
