using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace MetSeg;

/// <summary>A 3-D scalar image: one float per voxel of a grid, x fastest, as NIfTI stores it.</summary>
public sealed class Volume
{
    /// <summary>Creates a volume and takes ownership of the array: it must not be written to afterwards.</summary>
    /// <param name="grid">Where the voxels lie.</param>
    /// <param name="voxels">One value per voxel, x fastest.</param>
    /// <exception cref="ArgumentException">The number of values is not the grid's number of voxels.</exception>
    public Volume(Grid grid, float[] voxels)
    {
        if (voxels.Length != grid.Size.Count)
        {
            throw new ArgumentException($"{grid.Size} voxels need {grid.Size.Count} values, not {voxels.Length}.", nameof(voxels));
        }

        Grid = grid;
        Voxels = ImmutableCollectionsMarshal.AsImmutableArray(voxels);
    }

    /// <summary>Where the voxels lie.</summary>
    public Grid Grid { get; }

    /// <summary>The values, x fastest.</summary>
    public ImmutableArray<float> Voxels { get; }

    /// <summary>The value of voxel (x, y, z).</summary>
    public float this[int x, int y, int z] => Voxels[Grid.Size.Index(x, y, z)];

    /// <summary>A volume on the same grid whose every value is a function of this one's.</summary>
    public Volume Map(Func<float, float> function)
    {
        var mapped = new float[Voxels.Length];
        for (var i = 0; i < mapped.Length; i++)
        {
            mapped[i] = function(Voxels[i]);
        }

        return new Volume(Grid, mapped);
    }
}
