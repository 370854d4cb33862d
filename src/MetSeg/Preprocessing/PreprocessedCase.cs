namespace MetSeg.Preprocessing;

/// <summary>A scan as the network sees it.</summary>
/// <param name="Channels">The normalized channels, all on <see cref="CaseGeometry.Preprocessed"/>.</param>
/// <param name="Label">The reference segmentation on that grid, or null.</param>
/// <param name="Inside">
/// 1 in the nonzero region and on labels, 0 elsewhere (where nnU-Net's label is −1); null unless the plans normalize within it.
/// </param>
/// <param name="Geometry">The way back to the scan's own grid.</param>
/// <param name="ForegroundLocations">
/// For each class or region that occurs (its place among <see cref="LabelScheme.Foreground"/>, from 1), flat indices (x fastest) of its voxels,
/// ascending: all of them up to 10,000 or 1 % of them, whichever is more, beyond that a random choice; under 0 those of labelled voxels where the
/// scheme has a label "ignore". Empty without label map.
/// </param>
public sealed record PreprocessedCase(
    IReadOnlyList<Volume> Channels,
    LabelMap? Label,
    LabelMap? Inside,
    CaseGeometry Geometry,
    IReadOnlyDictionary<int, int[]> ForegroundLocations)
{
    /// <summary>The reference segmentation with a mark outside <see cref="Inside"/>; as it is where there is no such mask; null without one.</summary>
    /// <param name="mark">A label that no voxel has.</param>
    public LabelMap? MarkedLabel(byte mark)
    {
        if (Label is null || Inside is null)
        {
            return Label;
        }

        byte[] marked = [.. Label.Labels];
        for (var i = 0; i < marked.Length; i++)
        {
            marked[i] = Inside.Labels[i] == 0 && marked[i] == 0 ? mark : marked[i];
        }

        return new LabelMap(Label.Grid, marked);
    }
}
