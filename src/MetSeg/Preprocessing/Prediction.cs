namespace MetSeg.Preprocessing;

/// <summary>What a model found in one scan, on the scan's own grid.</summary>
/// <param name="Labels">The segmentation.</param>
/// <param name="Probability">Probability that a voxel is not background, in [0, 1]; 0 outside the part that the network saw.</param>
public sealed record Prediction(LabelMap Labels, Volume Probability);
