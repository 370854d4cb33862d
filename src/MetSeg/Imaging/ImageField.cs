using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>An image as a function of a place in mm from its first voxel along its axes: linear between voxel centers, a constant beyond them.</summary>
internal sealed class ImageField(Volume volume, float outside)
{
    private readonly float[] voxels = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
    private readonly Size size = volume.Grid.Size;
    private readonly Vector3 scale = new((float)(1 / volume.Grid.Spacing.X), (float)(1 / volume.Grid.Spacing.Y), (float)(1 / volume.Grid.Spacing.Z));

    /// <summary>The value at a place.</summary>
    public float At(Vector3 place)
    {
        var index = place * scale;
        var (x, y, z) = ((int)MathF.Floor(index.X), (int)MathF.Floor(index.Y), (int)MathF.Floor(index.Z));
        if (x < 0 || y < 0 || z < 0 || x >= size.X - 1 || y >= size.Y - 1 || z >= size.Z - 1)
        {
            return outside;
        }

        var (u, v, w) = (index.X - x, index.Y - y, index.Z - z);
        var corner = size.Index(x, y, z);
        var slice = size.X * size.Y;
        return Between(
            Between(AlongX(corner, u), AlongX(corner + size.X, u), v),
            Between(AlongX(corner + slice, u), AlongX(corner + slice + size.X, u), v),
            w);
    }

    private float AlongX(int corner, float weight) => Between(voxels[corner], voxels[corner + 1], weight);

    private static float Between(float lower, float upper, float weight) => lower + (weight * (upper - lower));
}
