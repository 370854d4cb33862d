namespace MetSeg.Reports;

/// <summary>What lies on top of each other in a slice picture, all on one grid.</summary>
/// <param name="Image">The image.</param>
/// <param name="Window">The intensities from black to white.</param>
/// <param name="Reference">The reference lesions, or null.</param>
/// <param name="Prediction">The predicted lesions, or null.</param>
internal sealed record SliceLayers(Volume Image, IntensityWindow Window, LabelMap? Reference, LabelMap? Prediction);
