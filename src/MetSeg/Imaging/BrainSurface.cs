using System.Numerics;

namespace MetSeg.Imaging;

/// <summary>
/// A balloon that grows from inside the brain until it meets the dark layer of fluid and bone around it, and that stays smooth.
/// </summary>
/// <remarks>Smith: Fast robust automated brain extraction, Hum Brain Mapp 2002;17:143, equations 4 to 13.</remarks>
internal static class BrainSurface
{
    private const float InwardMm = 20;
    private const float BrightMm = 10;
    private const float SampleMm = 1;
    private const float SmallestRadiusMm = 3.33f;
    private const float LargestRadiusMm = 10;
    private const float HeadShare = 0.1f;
    private const float Gain = 0.05f;
    private const int CoarseSplits = 3;
    private const int CoarseIterations = 300;
    private const int FineIterations = 200;
    private const int Parts = 16;

    /// <summary>Grows a sphere until it rests.</summary>
    /// <param name="center">Center of the sphere, in mm from the first voxel along the grid's axes.</param>
    /// <param name="radius">Its radius in mm: half of the brain's.</param>
    /// <param name="shares">Intensities as shares of the brain's level; dark is 0, also where no brain can be.</param>
    /// <param name="threshold">Share of the way from dark to the local brain intensity at which the surface stops.</param>
    public static TriangleMesh Grow(Vector3 center, float radius, ImageField shares, float threshold)
    {
        var coarse = Move(TriangleMesh.Sphere(center, radius, CoarseSplits), shares, threshold, CoarseIterations);
        return Move(coarse.Split(), shares, threshold, FineIterations);
    }

    private static TriangleMesh Move(TriangleMesh mesh, ImageField shares, float threshold, int iterations)
    {
        var neighbors = mesh.Neighbors();
        for (var i = 0; i < iterations; i++)
        {
            var (vertices, normals, edge) = (mesh.Vertices, mesh.Normals(), mesh.MeanEdge());
            var moved = new Vector3[vertices.Length];
            Parallel.For(0, Parts, part =>
            {
                for (var v = part * moved.Length / Parts; v < (part + 1) * moved.Length / Parts; v++)
                {
                    var pressure = Gain * edge * Pressure(shares, vertices[v], normals[v], threshold);
                    moved[v] = vertices[v] + Smoothing(vertices, neighbors[v], v, normals[v], edge) + (pressure * normals[v]);
                }
            });
            mesh = new TriangleMesh(moved, mesh.Triangles);
        }

        return mesh;
    }

    /// <summary>Half of the way to the neighbors' mean along the surface; across it a share that grows with the curvature.</summary>
    private static Vector3 Smoothing(Vector3[] vertices, int[] neighbors, int v, Vector3 normal, float edge)
    {
        var mean = Vector3.Zero;
        foreach (var neighbor in neighbors)
        {
            mean += vertices[neighbor];
        }

        var step = (mean / neighbors.Length) - vertices[v];
        var across = Vector3.Dot(step, normal);
        var curvature = 2 * MathF.Abs(across) / (edge * edge);
        const float MiddleCurvature = ((1 / SmallestRadiusMm) + (1 / LargestRadiusMm)) / 2;
        const float Steepness = 6 / ((1 / SmallestRadiusMm) - (1 / LargestRadiusMm));
        var share = (1 + MathF.Tanh(Steepness * (curvature - MiddleCurvature))) / 2;
        return (0.5f * (step - (across * normal))) + (share * across * normal);
    }

    /// <summary>From 1, where everything inside is as bright as brain, to −1, where something dark lies inside.</summary>
    private static float Pressure(ImageField shares, Vector3 place, Vector3 normal, float threshold)
    {
        var (least, most) = (1f, HeadShare);
        for (var depth = SampleMm; depth <= InwardMm; depth += SampleMm)
        {
            var value = shares.At(place - (depth * normal));
            least = MathF.Min(least, value);
            if (depth <= BrightMm)
            {
                most = MathF.Max(most, value);
            }
        }

        most = MathF.Min(most, 1);
        return 2 * (least - (threshold * most)) / most;
    }
}
