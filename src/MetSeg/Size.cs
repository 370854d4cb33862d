namespace MetSeg;

/// <summary>Number of voxels along x, y and z.</summary>
public sealed record Size
{
    /// <summary>Creates a size from three voxel counts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is not positive, or the product exceeds the largest array.</exception>
    public Size(int x, int y, int z)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(y);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(z);
        (X, Y, Z) = (x, y, z);
        if ((Int128)x * y * z > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(z), $"{x}×{y}×{z} voxels are more than one volume can hold ({Array.MaxLength}).");
        }
    }

    /// <summary>Voxels along the first axis.</summary>
    public int X { get; }

    /// <summary>Voxels along the second axis.</summary>
    public int Y { get; }

    /// <summary>Voxels along the third axis.</summary>
    public int Z { get; }

    /// <summary>Number of voxels in all.</summary>
    public int Count => X * Y * Z;

    /// <summary>Place of voxel (x, y, z) in a flat array with x fastest.</summary>
    public int Index(int x, int y, int z) => x + (X * (y + (Y * z)));

    /// <summary>Whether (x, y, z) lies inside.</summary>
    public bool Contains(int x, int y, int z) => (uint)x < (uint)X && (uint)y < (uint)Y && (uint)z < (uint)Z;

    /// <summary>The three counts, x first.</summary>
    public int[] ToArray() => [X, Y, Z];

    /// <inheritdoc/>
    public override string ToString() => $"{X}×{Y}×{Z}";
}
