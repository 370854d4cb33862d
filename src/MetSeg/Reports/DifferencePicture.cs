using System.Runtime.InteropServices;
using MetSeg.Imaging;

namespace MetSeg.Reports;

/// <summary>A picture of an image before and after a change: one row each for before, after and the difference, one column for each plane.</summary>
public static class DifferencePicture
{
    /// <summary>Draws the picture. Before and after share black and white; the lowest value before is black.</summary>
    /// <param name="before">The image before.</param>
    /// <param name="after">The image after, on the same grid.</param>
    /// <param name="title">What the image is; stands below the first slice.</param>
    /// <param name="options">What to show; by default, all three planes, 220 pixels high.</param>
    /// <returns>The picture as PNG. Differences beyond their 99.5th percentile have the full color: blue lower, red higher.</returns>
    /// <exception cref="GridMismatchException">The images lie on different grids.</exception>
    /// <exception cref="OptionsException">The options cannot work.</exception>
    public static byte[] Draw(Volume before, Volume after, string title, SlicePictureOptions? options = null)
    {
        options ??= new SlicePictureOptions { PanelHeight = 220, ZoomMm = 0 };
        OptionsException.ThrowIfAny("difference picture", options.Problems());
        SameGrid.ThrowIfNot(before.Grid, after.Grid, "image after the change");
        var lowest = ImmutableCollectionsMarshal.AsArray(before.Voxels)!.Min();
        var (first, second) = (before.Map(value => value - lowest), after.Map(value => value - lowest));
        var difference = Subtract(first, second);
        var limit = PictureCell.LimitOf(difference);
        var window = IntensityWindow.Between(first, options.BlackPercentile, options.WhitePercentile);
        var panels = SlicePanels.Arrange(new SliceLayers(first, window, null, null), options);
        string[] names = [$"{PlainText.Clean(title)}: before", "after", $"difference, blue −{limit:0.###}, red +{limit:0.###}; research use only"];
        return PictureSheet.Tile(
        [
            [.. panels.Select((panel, i) => PictureCell.Gray(panel, first, window, i == 0 ? names[0] : ""))],
            [.. panels.Select((panel, i) => PictureCell.Gray(panel, second, window, i == 0 ? names[1] : ""))],
            [.. panels.Select((panel, i) => PictureCell.Difference(panel, difference, limit, i == 0 ? names[2] : ""))],
        ]);
    }

    private static Volume Subtract(Volume before, Volume after)
    {
        var differences = after.Voxels.ToArray();
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] -= before.Voxels[i];
        }

        return new Volume(before.Grid, differences);
    }
}
