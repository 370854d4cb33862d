namespace MetSeg.Reports;

/// <summary>An anatomical plane through the head.</summary>
public enum SlicePlane
{
    /// <summary>Seen from the feet: front above, the patient's right on the left.</summary>
    Axial,

    /// <summary>Seen from the front: top above, the patient's right on the left.</summary>
    Coronal,

    /// <summary>Seen from the patient's left: top above, front on the left.</summary>
    Sagittal,
}

/// <summary>A voxel of a volume, by its indices.</summary>
public sealed record SlicePoint(int X, int Y, int Z);

/// <summary>What a slice picture shows.</summary>
public sealed record SlicePictureOptions
{
    /// <summary>The planes, left to right. The default is all three.</summary>
    public IReadOnlyList<SlicePlane> Planes { get; init; } = [SlicePlane.Axial, SlicePlane.Coronal, SlicePlane.Sagittal];

    /// <summary>
    /// The voxel that all slices pass through. The default (null) is the middle of the largest lesion of the reference, else of the
    /// prediction, else of the head.
    /// </summary>
    public SlicePoint? Point { get; init; }

    /// <summary>Text above the picture; null or empty for none (the default).</summary>
    public string? Title { get; init; }

    /// <summary>Height of the tallest panel in pixels. The default is 360.</summary>
    public int PanelHeight { get; init; } = 360;

    /// <summary>
    /// Side of the square around the lesion or <see cref="Point"/> that a last panel shows enlarged, in the first plane, in mm; more where
    /// the lesion is larger; 0 for no such panel. The default is 40. Without a lesion or a point there is no such panel.
    /// </summary>
    public double ZoomMm { get; init; } = 40;

    /// <summary>Whether to leave out the empty space around the head. The default is true.</summary>
    public bool CropToHead { get; init; } = true;

    /// <summary>Percentile of the voxels other than 0 that is shown black. The default is 0.5.</summary>
    public double BlackPercentile { get; init; } = 0.5;

    /// <summary>Percentile of the voxels other than 0 that is shown white. The default is 99.5.</summary>
    public double WhitePercentile { get; init; } = 99.5;

    /// <summary>What is wrong with these options, a sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Planes.Count == 0)
        {
            yield return "planes must name at least one plane.";
        }

        if (PanelHeight is < 32 or > 4096)
        {
            yield return $"panelHeight must be from 32 to 4096 pixels, not {PanelHeight}.";
        }

        if (!(ZoomMm is >= 0 and <= 1000))
        {
            yield return $"zoomMm must be from 0 to 1000 mm, not {ZoomMm}.";
        }

        if (!(BlackPercentile >= 0 && BlackPercentile < WhitePercentile && WhitePercentile <= 100))
        {
            yield return $"blackPercentile and whitePercentile must rise within 0 to 100, not {BlackPercentile} and {WhitePercentile}.";
        }
    }
}
