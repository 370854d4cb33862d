namespace MetSeg.Imaging;

/// <summary>One connected component of a mask.</summary>
/// <param name="Id">Its number, from 1, in the order in which the components' first voxels come (x fastest).</param>
/// <param name="Voxels">Number of voxels.</param>
/// <param name="Box">The smallest box around it.</param>
/// <param name="CentroidX">Mean voxel index along x.</param>
/// <param name="CentroidY">Mean voxel index along y.</param>
/// <param name="CentroidZ">Mean voxel index along z.</param>
public sealed record Component(int Id, int Voxels, VoxelBox Box, double CentroidX, double CentroidY, double CentroidZ)
{
    /// <summary>The centroid in world millimeters (RAS+).</summary>
    /// <param name="grid">The grid on which the component was found.</param>
    public (double X, double Y, double Z) CentroidMm(Grid grid) => grid.ToWorld.Apply(CentroidX, CentroidY, CentroidZ);

    /// <summary>The volume in cm³ on a grid with this spacing.</summary>
    public double VolumeCm3(Spacing spacing) => Voxels * spacing.VoxelMm3 / 1000;

    /// <summary>Several components as one, with the id of the first.</summary>
    internal static Component Join(IReadOnlyList<Component> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var voxels = parts.Sum(part => part.Voxels);
        double Mean(Func<Component, double> of) => parts.Sum(part => part.Voxels * of(part)) / voxels;
        return new Component(
            parts[0].Id, voxels, parts.Aggregate(VoxelBox.Empty, (box, part) => box.Around(part.Box)),
            Mean(part => part.CentroidX), Mean(part => part.CentroidY), Mean(part => part.CentroidZ));
    }

    /// <summary>The same component, its voxels counted from another origin.</summary>
    internal Component Shift(int x, int y, int z) =>
        this with { Box = Box.Shift(x, y, z), CentroidX = CentroidX + x, CentroidY = CentroidY + y, CentroidZ = CentroidZ + z };
}
