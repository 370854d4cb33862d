using System.Numerics;
using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>Diameters of lesions in mm.</summary>
/// <remarks>
/// Exact but for rounding to float32. Only the ends of rows of voxels can be the two ends of a longest diameter (they hold all corners of
/// the convex hull). They are taken from the farthest from their center inward; a pair cannot be longer than the sum of its distances to
/// the center, so the search ends early.
/// </remarks>
internal static class LesionDiameter
{
    /// <summary>The largest distance between the centers of any two voxels of each component, by place in <see cref="Components.Items"/>; 0 for one voxel.</summary>
    public static double[] Longest(Components components, Grid grid)
    {
        var ends = components.Items.Select(_ => new List<Vector3>()).ToArray();
        foreach (var run in components.Runs)
        {
            var (z, y) = Math.DivRem(run.Row, components.Size.Y);
            ends[run.Component - 1].Add(Millimeters(grid, run.X, y, z));
            ends[run.Component - 1].Add(Millimeters(grid, run.X + run.Length - 1, y, z));
        }

        return [.. ends.AsParallel().AsOrdered().Select(points => (double)Longest(points))];
    }

    /// <summary>
    /// The longest diameter of each component within one axial slice, from outer face to outer face of its voxels: one voxel has the diameter
    /// of its longer side.
    /// </summary>
    /// <remarks>
    /// RANO-BM measures target lesions by it (Lin et al., Lancet Oncol 2015;16:e270). Axial is the plane across the voxel axis that is closest to
    /// head-foot, whichever way the scan was acquired; ends are middles of faces, as of PyRadiomics' meshes.
    /// </remarks>
    /// <param name="components">Components, on the grid's voxels or a box of them.</param>
    /// <param name="grid">The grid; where the box starts does not matter.</param>
    public static double[] LongestAxial(Components components, Grid grid)
    {
        var across = Array.IndexOf(grid.WorldAxes(), 2);
        var slices = components.Items.Select(_ => new Dictionary<int, List<Vector3>>()).ToArray();
        foreach (var run in components.Runs)
        {
            var (z, y) = Math.DivRem(run.Row, components.Size.Y);
            for (var x = run.X; x < run.X + run.Length; x = across == 0 || x == run.X + run.Length - 1 ? x + 1 : run.X + run.Length - 1)
            {
                int[] voxel = [x, y, z];
                var ofSlices = slices[run.Component - 1];
                if (!ofSlices.TryGetValue(voxel[across], out var points))
                {
                    ofSlices[voxel[across]] = points = [];
                }

                AddFaces(points, grid, voxel, across);
            }
        }

        return [.. slices.AsParallel().AsOrdered().Select(ofSlices => (double)ofSlices.Values.Max(Longest))];
    }

    private static void AddFaces(List<Vector3> points, Grid grid, int[] voxel, int across)
    {
        for (var axis = 0; axis < 3; axis++)
        {
            for (var side = -0.5; side <= 0.5 && axis != across; side++)
            {
                double[] at = [voxel[0], voxel[1], voxel[2]];
                at[axis] += side;
                points.Add(Millimeters(grid, at[0], at[1], at[2]));
            }
        }
    }

    private static Vector3 Millimeters(Grid grid, double x, double y, double z)
    {
        var (mmX, mmY, mmZ) = grid.ToWorld.Apply(x, y, z);
        return new Vector3((float)mmX, (float)mmY, (float)mmZ);
    }

    private static float Longest(List<Vector3> ends)
    {
        var center = Vector3.Zero;
        foreach (var end in ends)
        {
            center += end / ends.Count;
        }

        var points = ends.Select(end => end - center).ToArray();
        var radii = Array.ConvertAll(points, point => -point.Length());
        Array.Sort(radii, points);
        var longest = 0f;
        for (var i = 0; i < points.Length && -2 * radii[i] > longest; i++)
        {
            for (var j = i + 1; j < points.Length && -(radii[i] + radii[j]) > longest; j++)
            {
                longest = Math.Max(longest, Vector3.Distance(points[i], points[j]));
            }
        }

        return longest;
    }
}
