namespace MetSeg.Imaging;

/// <summary>
/// Areas of the surface elements between voxels: what marching cubes puts among the centers of 2×2×2 voxels when every vertex is the
/// middle of its edge. Each group of foreground corners that hang together is cut off by the closed polygon through the middles of the
/// edges that leave it; more than 4 foreground corners are taken as their complement.
/// </summary>
/// <remarks>
/// Lorensen, Cline: Marching cubes, SIGGRAPH 1987. Where a polygon is not flat the triangles are those of the classic table: three corners
/// in an L give a flat ear and a trapezoid, a chain of four gives every other vertex a flat ear. Checked for all codes against the areas
/// of google-deepmind/surface-distance.
/// </remarks>
public static class SurfelAreas
{
    /// <summary>For each code the area vectors of its triangles for unit spacing, three numbers a triangle.</summary>
    private static readonly double[][] areaVectors = [.. Enumerable.Range(0, 256).Select(AreaVectors)];

    /// <summary>The area in mm² of each of the 256 codes; bit x + 2y + 4z of a code is set where the voxel at that corner is foreground.</summary>
    public static double[] For(Spacing spacing)
    {
        var (x, y, z) = (spacing.Y * spacing.Z, spacing.X * spacing.Z, spacing.X * spacing.Y);
        var areas = new double[256];
        for (var code = 0; code < 256; code++)
        {
            var vectors = areaVectors[code];
            for (var i = 0; i < vectors.Length; i += 3)
            {
                var (a, b, c) = (vectors[i] * x, vectors[i + 1] * y, vectors[i + 2] * z);
                areas[code] += Math.Sqrt((a * a) + (b * b) + (c * c));
            }
        }

        return areas;
    }

    private static double[] AreaVectors(int code)
    {
        var corners = int.PopCount(code) > 4 ? ~code & 255 : code;
        var vectors = new List<double>();
        while (corners != 0)
        {
            var group = Group(corners, corners & -corners);
            foreach (var (a, b, c) in Triangles(Polygon(group)))
            {
                vectors.AddRange(AreaVector(a, b, c));
            }

            corners &= ~group;
        }

        return [.. vectors];
    }

    /// <summary>The corners that hang together with a seed along edges, as bits.</summary>
    private static int Group(int corners, int seed)
    {
        var group = seed;
        for (var previous = 0; previous != group;)
        {
            previous = group;
            for (var corner = 0; corner < 8; corner++)
            {
                if ((group >> corner & 1) != 0)
                {
                    group |= corners & (1 << (corner ^ 1) | 1 << (corner ^ 2) | 1 << (corner ^ 4));
                }
            }
        }

        return group;
    }

    /// <summary>The middles of the edges that leave a group, in order around it: neighbors in the list lie on one face of the cube.</summary>
    private static List<Vertex> Polygon(int group)
    {
        var loose = new List<Vertex>();
        for (var corner = 0; corner < 8; corner++)
        {
            for (var axis = 0; axis < 3 && (group >> corner & 1) != 0; axis++)
            {
                if ((group >> (corner ^ 1 << axis) & 1) == 0)
                {
                    loose.Add(new Vertex(corner, axis));
                }
            }
        }

        var polygon = new List<Vertex>();
        for (var next = loose.Count > 0 ? 0 : -1; next >= 0; next = loose.FindIndex(vertex => vertex.SharesFace(polygon[^1])))
        {
            polygon.Add(loose[next]);
            loose.RemoveAt(next);
        }

        return polygon;
    }

    private static IEnumerable<(Vertex A, Vertex B, Vertex C)> Triangles(List<Vertex> polygon)
    {
        if (polygon.Count == 6)
        {
            return [(polygon[0], polygon[1], polygon[2]), (polygon[2], polygon[3], polygon[4]), (polygon[4], polygon[5], polygon[0]),
                (polygon[0], polygon[2], polygon[4])];
        }

        // The L's ear is the one vertex on an edge of the middle corner; a fan from its neighbor cuts it off. The rest of the pentagon, like any
        // smaller polygon, is flat.
        var ear = polygon.Count == 5 ? polygon.FindIndex(vertex => polygon.Count(other => other.Corner == vertex.Corner) == 1) : 0;
        var around = polygon[ear..].Concat(polygon[..ear]).ToList();
        return Enumerable.Range(2, polygon.Count - 2).Select(i => (around[1], around[i], around[(i + 1) % polygon.Count]));
    }

    private static double[] AreaVector(Vertex a, Vertex b, Vertex c)
    {
        var (ux, uy, uz) = (b.Along(0) - a.Along(0), b.Along(1) - a.Along(1), b.Along(2) - a.Along(2));
        var (vx, vy, vz) = (c.Along(0) - a.Along(0), c.Along(1) - a.Along(1), c.Along(2) - a.Along(2));
        return [((uy * vz) - (uz * vy)) / 2, ((uz * vx) - (ux * vz)) / 2, ((ux * vy) - (uy * vx)) / 2];
    }

    /// <summary>The middle of the cube's edge that leaves a corner along an axis.</summary>
    private readonly record struct Vertex(int Corner, int Axis)
    {
        public double Along(int axis) => axis == Axis ? 0.5 : Corner >> axis & 1;

        public bool SharesFace(Vertex other)
        {
            for (var axis = 0; axis < 3; axis++)
            {
                if (axis != Axis && axis != other.Axis && Along(axis) == other.Along(axis))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
