namespace MetSeg.Preprocessing;

/// <summary>The way of a scan from its file to the network, as far as space goes: what is needed to bring a prediction back.</summary>
/// <param name="Original">The grid of the scan's file.</param>
/// <param name="Reoriented">The same voxels with axes in the plans' order.</param>
/// <param name="Crop">The block of the reoriented grid that was kept.</param>
/// <param name="Preprocessed">The grid of the resampled block: what the network sees.</param>
public sealed record CaseGeometry(Grid Original, Grid Reoriented, CropBox Crop, Grid Preprocessed);
