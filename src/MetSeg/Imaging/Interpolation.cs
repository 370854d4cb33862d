namespace MetSeg.Imaging;

/// <summary>How a value between voxel centers is found.</summary>
public enum Interpolation
{
    /// <summary>The value of the nearest voxel; halfway, of the one with the higher index.</summary>
    Nearest,

    /// <summary>The average of the eight voxels around, weighted by nearness along each axis (trilinear).</summary>
    Linear,

    /// <summary>
    /// The cubic B-spline that passes through every voxel (order 3 with prefilter), of an image whose outermost voxels go on for ever; the
    /// result is clipped to the source's range, which a spline oversteps beside sharp edges. A voxel that is not finite spoils its rows,
    /// columns and slices. Same as skimage's resize with order 3 and mode "edge", nnU-Net's way.
    /// </summary>
    Cubic,
}
