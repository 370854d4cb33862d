namespace MetSeg.Imaging;

/// <summary>Where the voxels of one image lie in another.</summary>
/// <param name="Source">Size of the image that is looked into.</param>
/// <param name="Target">Size of the image whose voxels are looked for.</param>
/// <param name="ToSource">From the target's voxel indices to the source's.</param>
internal sealed record GridMap(Size Source, Size Target, Affine ToSource)
{
    /// <summary>Largest drift in voxels across the image at which two grids still count as parallel.</summary>
    private const double ParallelTolerance = 1e-5;

    /// <summary>Whether each axis is only scaled and shifted.</summary>
    public bool IsParallel => Enumerable.Range(0, 9).All(i => i / 3 == i % 3 ||
        Math.Abs(ToSource[i / 3, i % 3]) * Target.ToArray()[i % 3] <= ParallelTolerance);

    /// <summary>The map between two grids through the world.</summary>
    public static GridMap Between(Grid source, Grid target) => new(source.Size, target.Size, source.ToWorld.Inverse().After(target.ToWorld));

    /// <summary>Where the indices along each axis lie, for parallel grids.</summary>
    public (AxisPosition[] X, AxisPosition[] Y, AxisPosition[] Z) Axes() => (
        AxisPosition.Along(ToSource[0, 3], ToSource[0, 0], Target.X, Source.X),
        AxisPosition.Along(ToSource[1, 3], ToSource[1, 1], Target.Y, Source.Y),
        AxisPosition.Along(ToSource[2, 3], ToSource[2, 2], Target.Z, Source.Z));

    /// <summary>Where a voxel of the target lies.</summary>
    public (AxisPosition X, AxisPosition Y, AxisPosition Z) Locate(int x, int y, int z)
    {
        var (i, j, k) = ToSource.Apply(x, y, z);
        return (AxisPosition.At(i, Source.X), AxisPosition.At(j, Source.Y), AxisPosition.At(k, Source.Z));
    }
}
