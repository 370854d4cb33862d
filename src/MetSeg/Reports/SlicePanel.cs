using SkiaSharp;

namespace MetSeg.Reports;

/// <summary>One slice of a picture: what part of which view is shown, how large, and how it is painted.</summary>
/// <param name="View">The view of the grid.</param>
/// <param name="Point">A voxel of the slice.</param>
/// <param name="Source">The part of the slice that is shown, in columns and rows.</param>
/// <param name="PixelsPerMm">Scale.</param>
/// <param name="Caption">Text in the corner.</param>
internal sealed record SlicePanel(SliceView View, SlicePoint Point, SKRect Source, double PixelsPerMm, string Caption)
{
    private const float TextSize = 12;

    /// <summary>The part of the slice that a frame marks, in columns and rows; null for no frame.</summary>
    public SKRect? Framed { get; init; }

    public int Width => Math.Max(1, (int)Math.Round(Source.Width * View.ColumnMm * PixelsPerMm));

    public int Height => Math.Max(1, (int)Math.Round(Source.Height * View.RowMm * PixelsPerMm));

    /// <summary>Paints the image, smoothly enlarged, with its top left corner at the canvas' origin.</summary>
    public void PaintImage(SKCanvas canvas, Volume image, IntensityWindow window)
    {
        var gray = Array.ConvertAll(View.Slice(image.Voxels.AsSpan(), Point), window.Gray);
        using var picture = SKImage.FromPixelCopy(new SKImageInfo(View.Columns, View.Rows, SKColorType.Gray8), gray);
        canvas.DrawImage(picture, Source, new SKRect(0, 0, Width, Height), new SKSamplingOptions(SKCubicResampler.Mitchell));
    }

    /// <summary>Paints every voxel in a color of its own, as <see cref="PaintImage"/>.</summary>
    public void PaintColors(SKCanvas canvas, Volume image, Func<float, SKColor> color)
    {
        var pixels = View.Slice(image.Voxels.AsSpan(), Point).SelectMany(value => Rgba(color(value))).ToArray();
        using var picture = SKImage.FromPixelCopy(new SKImageInfo(View.Columns, View.Rows, SKColorType.Rgba8888, SKAlphaType.Opaque), pixels);
        canvas.DrawImage(picture, Source, new SKRect(0, 0, Width, Height), new SKSamplingOptions(SKCubicResampler.Mitchell));
    }

    /// <summary>Paints the outline of every label: lines of whole pixels along the edges between voxels of different labels.</summary>
    /// <param name="canvas">Where to paint.</param>
    /// <param name="map">The labels.</param>
    /// <param name="color">Color of the lines.</param>
    /// <param name="halfWidth">Pixels on either side of the middle pixel of a line: 0 for a line one pixel wide, 1 for three.</param>
    public void PaintOutline(SKCanvas canvas, LabelMap map, SKColor color, int halfWidth)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = false };
        var labels = View.Slice(map.Labels.AsSpan(), Point);
        for (var row = 0; row <= View.Rows; row++)
        {
            for (var column = 0; column <= View.Columns; column++)
            {
                var label = LabelAt(labels, column, row);
                if (row < View.Rows && label != LabelAt(labels, column - 1, row))
                {
                    DrawLine(canvas, (column, row, column, row + 1), halfWidth, paint);
                }

                if (column < View.Columns && label != LabelAt(labels, column, row - 1))
                {
                    DrawLine(canvas, (column, row, column + 1, row), halfWidth, paint);
                }
            }
        }
    }

    /// <summary>Paints a thin frame around a part of the slice.</summary>
    /// <param name="canvas">Where to paint.</param>
    /// <param name="part">The part, in columns and rows.</param>
    public void PaintFrame(SKCanvas canvas, SKRect part)
    {
        using var paint = new SKPaint { Color = SKColors.White.WithAlpha(170), IsStroke = true, StrokeWidth = 1 };
        canvas.DrawRect(new SKRect(X(part.Left) + 0.5f, Y(part.Top) + 0.5f, X(part.Right) - 0.5f, Y(part.Bottom) - 0.5f), paint);
    }

    /// <summary>Paints the caption and the letters of the anatomical directions.</summary>
    public void PaintText(SKCanvas canvas)
    {
        var (left, right, top, bottom) = View.Letters;
        PictureText.Draw(canvas, Caption, 6, 4, TextSize, SKTextAlign.Left);
        PictureText.Draw(canvas, left.ToString(), 5, (Height - TextSize) / 2, TextSize, SKTextAlign.Left);
        PictureText.Draw(canvas, right.ToString(), Width - 5, (Height - TextSize) / 2, TextSize, SKTextAlign.Right);
        PictureText.Draw(canvas, top.ToString(), Width / 2f, 4 + CaptionRoom, TextSize, SKTextAlign.Center);
        PictureText.Draw(canvas, bottom.ToString(), Width / 2f, Height - TextSize - 6, TextSize, SKTextAlign.Center);
    }

    private float CaptionRoom => PictureText.Measure(Caption, TextSize) + 22 > Width / 2f ? TextSize + 4 : 0;

    private static byte[] Rgba(SKColor color) => [color.Red, color.Green, color.Blue, byte.MaxValue];

    private byte LabelAt(byte[] labels, int column, int row) =>
        column >= 0 && row >= 0 && column < View.Columns && row < View.Rows ? labels[(row * View.Columns) + column] : (byte)0;

    private void DrawLine(SKCanvas canvas, (int Left, int Top, int Right, int Bottom) line, int halfWidth, SKPaint paint) =>
        canvas.DrawRect(
            new SKRect(X(line.Left) - halfWidth, Y(line.Top) - halfWidth, X(line.Right) + halfWidth + 1, Y(line.Bottom) + halfWidth + 1), paint);

    private int X(float column) => (int)Math.Round((column - Source.Left) * View.ColumnMm * PixelsPerMm);

    private int Y(float row) => (int)Math.Round((row - Source.Top) * View.RowMm * PixelsPerMm);
}
