using SkiaSharp;

namespace MetSeg.Reports;

/// <summary>
/// A picture of slices through an image with the outlines of lesions: reference green, prediction red. Where both coincide the red line
/// runs within the green one. Slices have their true proportions and one common scale, in radiological convention (the patient's right on
/// the left of axial and coronal slices).
/// </summary>
public static class SlicePicture
{
    /// <summary>Color of the reference's outline: "#00C853".</summary>
    public static SKColor ReferenceColor { get; } = new(0x00, 0xC8, 0x53);

    /// <summary>Color of the prediction's outline: "#FF1744".</summary>
    public static SKColor PredictionColor { get; } = new(0xFF, 0x17, 0x44);

    /// <summary>Height of the line above the slices, in pixels, where there is a title.</summary>
    internal const int TitleHeight = 26;

    /// <summary>Height of the line below the slices, in pixels.</summary>
    internal const int FooterHeight = 24;

    private const string Warning = "research use only";
    private const int Gap = 4;
    private const float TitleSize = 14;

    /// <summary>Draws the picture.</summary>
    /// <param name="image">The image, in any orientation.</param>
    /// <param name="reference">The reference lesions on the image's grid; null for none.</param>
    /// <param name="prediction">The predicted lesions on the image's grid; null for none.</param>
    /// <param name="options">What to show.</param>
    /// <returns>The picture as PNG.</returns>
    /// <exception cref="GridMismatchException">A label map is on another grid than the image.</exception>
    /// <exception cref="OptionsException">The options cannot work, or their point lies outside the image.</exception>
    public static byte[] Draw(Volume image, LabelMap? reference, LabelMap? prediction, SlicePictureOptions options)
    {
        OptionsException.ThrowIfAny("slice picture", options.Problems().Concat(PointProblems(image.Grid.Size, options.Point)));
        ThrowUnlessSameGrid(image.Grid, reference, nameof(reference));
        ThrowUnlessSameGrid(image.Grid, prediction, nameof(prediction));
        var layers = new SliceLayers(
            image, IntensityWindow.Between(image, options.BlackPercentile, options.WhitePercentile), reference, prediction);
        var panels = SlicePanels.Arrange(layers, options);
        var title = PlainText.Clean(options.Title ?? "").Trim();
        var top = title.Length > 0 ? TitleHeight : 0;
        var (width, height) = (panels.Sum(panel => panel.Width + Gap) - Gap, panels.Max(panel => panel.Height));
        using var surface = SKSurface.Create(new SKImageInfo(width, top + height + FooterHeight, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.Black);
        PictureText.Draw(canvas, PictureText.Fit(title, TitleSize, width - 12), 6, 6, TitleSize, SKTextAlign.Left);
        canvas.Translate(0, top);
        PaintFooter(canvas, layers, (width, height));
        foreach (var panel in panels)
        {
            canvas.Save();
            canvas.Translate(0, (height - panel.Height) / 2);
            canvas.ClipRect(new SKRect(0, 0, panel.Width, panel.Height));
            PaintPanel(canvas, panel, layers);
            canvas.Restore();
            canvas.Translate(panel.Width + Gap, 0);
        }

        using var snapshot = surface.Snapshot();
        using var png = snapshot.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static void PaintPanel(SKCanvas canvas, SlicePanel panel, SliceLayers layers)
    {
        panel.PaintImage(canvas, layers.Image, layers.Window);
        if (layers.Reference is not null)
        {
            panel.PaintOutline(canvas, layers.Reference, ReferenceColor, halfWidth: layers.Prediction is null ? 0 : 1);
        }

        if (layers.Prediction is not null)
        {
            panel.PaintOutline(canvas, layers.Prediction, PredictionColor, halfWidth: 0);
        }

        if (panel.Framed is not null)
        {
            panel.PaintFrame(canvas, panel.Framed.Value);
        }

        panel.PaintText(canvas);
    }

    private static void PaintFooter(SKCanvas canvas, SliceLayers layers, (int Width, int Height) panels)
    {
        var x = 6f;
        (LabelMap?, string, SKColor)[] outlines =
            [(layers.Reference, "reference", ReferenceColor), (layers.Prediction, "prediction", PredictionColor)];
        foreach (var (map, name, color) in outlines)
        {
            if (map is not null)
            {
                using var paint = new SKPaint { Color = color };
                canvas.DrawRect(x, panels.Height + 11, 14, 3, paint);
                PictureText.Draw(canvas, name, x + 19, panels.Height + 7, 12, SKTextAlign.Left);
                x += 19 + PictureText.Measure(name, 12) + 14;
            }
        }

        PictureText.Draw(canvas, Warning, panels.Width - 6, panels.Height + 8, 11, SKTextAlign.Right);
    }

    private static IEnumerable<string> PointProblems(Size size, SlicePoint? point)
    {
        if (point is not null && !size.Contains(point.X, point.Y, point.Z))
        {
            yield return $"point ({point.X}, {point.Y}, {point.Z}) lies outside the {size} voxels of the image.";
        }
    }

    private static void ThrowUnlessSameGrid(Grid grid, LabelMap? map, string name)
    {
        if (map is not null && !grid.IsSameAs(map.Grid))
        {
            throw new GridMismatchException($"The image is on {grid} but the {name} is on {map.Grid}. Resample one onto the other first.");
        }
    }
}
