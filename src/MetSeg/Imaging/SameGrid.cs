namespace MetSeg.Imaging;

/// <summary>Refuses to work on two images voxel by voxel when they do not lie on one grid.</summary>
internal static class SameGrid
{
    /// <summary>Throws when there is another image and it lies elsewhere.</summary>
    /// <param name="grid">The image's grid.</param>
    /// <param name="other">The other's grid, or null where there is none.</param>
    /// <param name="name">What the other is, such as "mask".</param>
    /// <exception cref="GridMismatchException">The grids differ.</exception>
    public static void ThrowIfNot(Grid grid, Grid? other, string name)
    {
        if (other is not null && !grid.IsSameAs(other))
        {
            throw new GridMismatchException($"The image is on {grid} but the {name} is on {other}. Resample one onto the other first.");
        }
    }
}
