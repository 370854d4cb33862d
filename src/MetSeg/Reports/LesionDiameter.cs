using System.Numerics;
using MetSeg.Imaging;

namespace MetSeg.Reports;

/// <summary>The longest diameter of a lesion: the largest distance between the centers of any two of its voxels, in mm.</summary>
/// <remarks>
/// Exact but for rounding to float32. Only the ends of rows of voxels can be the two ends of the longest diameter (they hold all corners of
/// the convex hull). They are taken from the farthest from the centroid inward; a pair cannot be longer than the sum of its distances to
/// the centroid, so the search ends early. One voxel has the diameter 0.
/// </remarks>
internal static class LesionDiameter
{
    /// <summary>The longest diameter in mm of each component, by place in <see cref="Components.Items"/>.</summary>
    public static double[] Measure(Components components, Grid grid)
    {
        var ends = components.Items.Select(_ => new List<Vector3>()).ToArray();
        var centroids = components.Items.Select(item => item.CentroidMm(grid)).ToArray();
        foreach (var run in components.Runs)
        {
            var (z, y) = Math.DivRem(run.Row, grid.Size.Y);
            AddEnd(run.X, y, z, run.Component - 1);
            AddEnd(run.X + run.Length - 1, y, z, run.Component - 1);
        }

        return [.. ends.AsParallel().AsOrdered().Select(Longest)];

        void AddEnd(int x, int y, int z, int component)
        {
            var (mmX, mmY, mmZ) = grid.ToWorld.Apply(x, y, z);
            var center = centroids[component];
            ends[component].Add(new Vector3((float)(mmX - center.X), (float)(mmY - center.Y), (float)(mmZ - center.Z)));
        }
    }

    private static double Longest(List<Vector3> fromCentroid)
    {
        var points = fromCentroid.ToArray();
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
