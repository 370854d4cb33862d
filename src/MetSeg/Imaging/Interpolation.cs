namespace MetSeg.Imaging;

/// <summary>How a value between voxel centers is found.</summary>
public enum Interpolation
{
    /// <summary>The value of the nearest voxel; halfway, of the one with the higher index.</summary>
    Nearest,

    /// <summary>The average of the eight voxels around, weighted by nearness along each axis (trilinear).</summary>
    Linear,
}
