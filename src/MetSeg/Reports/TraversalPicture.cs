using System.Runtime.InteropServices;

namespace MetSeg.Reports;

/// <summary>Images along several paths: one row a path, with equal steps from its first to its last image, and the difference between these two.</summary>
/// <param name="Name">What changes along the path.</param>
/// <param name="Images">Two or more, all on one grid.</param>
public sealed record TraversalRow(string Name, IReadOnlyList<Volume> Images);

/// <summary>A picture of what a latent code's directions do to an image.</summary>
public static class TraversalPicture
{
    /// <summary>Draws axial slices through the middle of the head. All images share black and white, all differences one scale of colors.</summary>
    /// <param name="rows">One or more paths of one number of images.</param>
    /// <param name="steps">Names of the images along a path, such as "−2 SD".</param>
    /// <param name="panelHeight">Height of a slice in pixels.</param>
    /// <returns>The picture as PNG.</returns>
    /// <exception cref="ArgumentException">There is no path, or one has not an image for each step.</exception>
    public static byte[] Draw(IReadOnlyList<TraversalRow> rows, IReadOnlyList<string> steps, int panelHeight = 200)
    {
        if (rows.Count == 0 || rows.Any(row => row.Images.Count != steps.Count))
        {
            throw new ArgumentException($"Every path needs {steps.Count} images, and there must be one.", nameof(rows));
        }

        var middle = rows[0].Images[steps.Count / 2];
        var lowest = ImmutableCollectionsMarshal.AsArray(middle.Voxels)!.Min();
        Volume Raised(Volume image) => image.Map(value => value - lowest);
        var options = new SlicePictureOptions { Planes = [SlicePlane.Axial], PanelHeight = panelHeight, ZoomMm = 0 };
        var window = IntensityWindow.Between(Raised(middle), options.BlackPercentile, options.WhitePercentile);
        var panel = SlicePanels.Arrange(new SliceLayers(Raised(middle), window, null, null), options)[0];
        Volume[] differences = [.. rows.Select(row => new Volume(middle.Grid, [.. row.Images[^1].Voxels.Zip(row.Images[0].Voxels, (last, first) => last - first)]))];
        var limit = differences.Max(PictureCell.LimitOf);
        return PictureSheet.Tile(
        [
            .. rows.Select((row, i) => (IReadOnlyList<byte[]>)
            [
                .. row.Images.Select((image, step) => PictureCell.Gray(panel, Raised(image), window, $"{row.Name}: {steps[step]}")),
                PictureCell.Difference(panel, differences[i], limit, $"last − first, ±{limit:0.###}"),
            ]),
        ]);
    }
}
