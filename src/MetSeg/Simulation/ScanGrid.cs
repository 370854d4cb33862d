namespace MetSeg.Simulation;

/// <summary>On which voxels images are stored.</summary>
public enum ScanGrid
{
    /// <summary>RAS; the same voxel within slices everywhere, by the size asked for; slices as thick as the institution's, where that is more.</summary>
    Common,

    /// <summary>240 × 240 × 155 voxels of 1 mm, LPS, as BraTS and Huang et al. 2024 store them.</summary>
    Brats,

    /// <summary>Voxels, slices and axis order of the institution.</summary>
    Native,
}
