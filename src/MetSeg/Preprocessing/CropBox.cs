using System.Runtime.InteropServices;

namespace MetSeg.Preprocessing;

/// <summary>A block of voxels of a grid.</summary>
/// <param name="X">First voxel along x.</param>
/// <param name="Y">First voxel along y.</param>
/// <param name="Z">First voxel along z.</param>
/// <param name="Size">Number of voxels along each axis.</param>
public sealed record CropBox(int X, int Y, int Z, Size Size)
{
    /// <summary>The block's own grid: its voxels stay where they are in the world.</summary>
    /// <exception cref="ArgumentException">The block reaches outside the grid.</exception>
    public Grid Crop(Grid grid)
    {
        if (X < 0 || Y < 0 || Z < 0 || !grid.Size.Contains(X + Size.X - 1, Y + Size.Y - 1, Z + Size.Z - 1))
        {
            throw new ArgumentException($"{Size} voxels from ({X}, {Y}, {Z}) reach outside {grid.Size} voxels.", nameof(grid));
        }

        return new Grid(Size, grid.ToWorld.After(new Affine(1, 0, 0, X, 0, 1, 0, Y, 0, 0, 1, Z)));
    }

    /// <summary>The block's part of a volume.</summary>
    /// <inheritdoc cref="Crop(Grid)" path="/exception"/>
    public Volume Crop(Volume volume) =>
        new(Crop(volume.Grid), Copy(ImmutableCollectionsMarshal.AsArray(volume.Voxels)!, volume.Grid.Size));

    /// <summary>The block's part of a label map.</summary>
    /// <inheritdoc cref="Crop(Grid)" path="/exception"/>
    public LabelMap Crop(LabelMap map) => new(Crop(map.Grid), Copy(ImmutableCollectionsMarshal.AsArray(map.Labels)!, map.Grid.Size));

    private T[] Copy<T>(T[] source, Size size)
    {
        var block = new T[Size.Count];
        for (var z = 0; z < Size.Z; z++)
        {
            for (var y = 0; y < Size.Y; y++)
            {
                source.AsSpan(size.Index(X, Y + y, Z + z), Size.X).CopyTo(block.AsSpan(Size.Index(0, y, z)));
            }
        }

        return block;
    }
}
