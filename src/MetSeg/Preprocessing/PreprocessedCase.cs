namespace MetSeg.Preprocessing;

/// <summary>A scan as the network sees it.</summary>
/// <param name="Channels">The normalized channels, all on <see cref="CaseGeometry.Preprocessed"/>.</param>
/// <param name="Label">The reference segmentation on that grid, or null.</param>
/// <param name="Inside">
/// 1 in the nonzero region and on labels, 0 elsewhere (where nnU-Net's label is −1); null unless the plans normalize within it.
/// </param>
/// <param name="Geometry">The way back to the scan's own grid.</param>
/// <param name="ForegroundLocations">
/// For each foreground label that occurs, flat indices (x fastest) of voxels with it, ascending: all of them up to 10,000 or 1 % of them, whichever
/// is more, beyond that a random choice. Empty without label map.
/// </param>
public sealed record PreprocessedCase(
    IReadOnlyList<Volume> Channels,
    LabelMap? Label,
    LabelMap? Inside,
    CaseGeometry Geometry,
    IReadOnlyDictionary<int, int[]> ForegroundLocations);
