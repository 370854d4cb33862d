using MetSeg.Imaging;
using SkiaSharp;

namespace MetSeg.Reports;

/// <summary>Arranges a slice picture: one panel per plane through one point, all at one scale, then that point enlarged.</summary>
internal static class SlicePanels
{
    private const int WidestPanel = 4;
    private const double ZoomRoom = 1.4;

    /// <summary>The panels from left to right.</summary>
    public static IReadOnlyList<SlicePanel> Arrange(SliceLayers layers, SlicePictureOptions options)
    {
        var grid = layers.Image.Grid;
        var head = options.CropToHead ? SliceFocus.Head(layers.Image, layers.Window) : new VoxelBox(0, 0, 0, grid.Size.X, grid.Size.Y, grid.Size.Z);
        var focus = options.Point is not null
            ? new SliceFocus(options.Point, SliceFocus.BoxOf(options.Point))
            : SliceFocus.OnLargestLesion(layers.Reference) ?? SliceFocus.OnLargestLesion(layers.Prediction);
        var point = focus?.Point ?? SliceFocus.MiddleOf(head);
        var shown = head.Around(focus?.Box ?? head);
        var views = options.Planes.Select(plane => new SliceView(grid, plane)).ToList();
        var scale = Scale(views, shown, options.PanelHeight);
        var panels = views.Select(view => new SlicePanel(view, point, Rect(view.Place(shown)), scale, view.Caption(point))).ToList();
        if (focus is not null && options.ZoomMm > 0)
        {
            var zoom = Zoom(views[0], focus, options);
            panels[0] = panels[0] with { Framed = zoom.Source };
            panels.Add(zoom);
        }

        return panels;
    }

    /// <summary>Pixels per mm at which the tallest panel has the wanted height and none is wider than four times that.</summary>
    private static double Scale(List<SliceView> views, VoxelBox shown, int panelHeight)
    {
        var places = views.Select(view => (View: view, Source: Rect(view.Place(shown)))).ToList();
        var tallestMm = places.Max(place => place.Source.Height * place.View.RowMm);
        var widestMm = places.Max(place => place.Source.Width * place.View.ColumnMm);
        return Math.Min(panelHeight / tallestMm, WidestPanel * panelHeight / widestMm);
    }

    /// <summary>A square around the lesion: as wide as asked for, or wider where the lesion needs it.</summary>
    private static SlicePanel Zoom(SliceView view, SliceFocus focus, SlicePictureOptions options)
    {
        var place = Rect(view.Place(focus.Box));
        var sideMm = Math.Max(options.ZoomMm, Math.Ceiling(ZoomRoom * Math.Max(place.Width * view.ColumnMm, place.Height * view.RowMm)));
        var (halfWidth, halfHeight) = ((float)(sideMm / 2 / view.ColumnMm), (float)(sideMm / 2 / view.RowMm));
        var source = new SKRect(place.MidX - halfWidth, place.MidY - halfHeight, place.MidX + halfWidth, place.MidY + halfHeight);
        return new SlicePanel(view, focus.Point, source, options.PanelHeight / sideMm, $"enlarged, {sideMm:0.#} mm wide");
    }

    private static SKRect Rect((double Left, double Top, double Right, double Bottom) place) =>
        new((float)place.Left, (float)place.Top, (float)place.Right, (float)place.Bottom);
}
