using System.Numerics;

namespace MetSeg.Imaging;

/// <summary>A closed surface of triangles; positions are in mm from the grid's first voxel along the grid's axes.</summary>
/// <param name="vertices">The corners.</param>
/// <param name="triangles">Three vertex numbers each, counterclockwise seen from outside.</param>
internal sealed class TriangleMesh(Vector3[] vertices, (int A, int B, int C)[] triangles)
{
    /// <summary>The corners, in mm.</summary>
    public Vector3[] Vertices { get; } = vertices;

    /// <summary>Three vertex numbers each, counterclockwise seen from outside.</summary>
    public (int A, int B, int C)[] Triangles { get; } = triangles;

    /// <summary>A sphere: an icosahedron whose triangles are split in four again and again.</summary>
    public static TriangleMesh Sphere(Vector3 center, float radius, int splits)
    {
        var g = (1 + MathF.Sqrt(5)) / 2;
        Vector3[] corners =
        [
            new(-1, g, 0), new(1, g, 0), new(-1, -g, 0), new(1, -g, 0), new(0, -1, g), new(0, 1, g),
            new(0, -1, -g), new(0, 1, -g), new(g, 0, -1), new(g, 0, 1), new(-g, 0, -1), new(-g, 0, 1),
        ];
        (int, int, int)[] faces =
        [
            (0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4), (11, 10, 2), (10, 7, 6), (7, 1, 8),
            (3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9), (4, 9, 5), (2, 4, 11), (6, 2, 10), (8, 6, 7), (9, 8, 1),
        ];
        var mesh = new TriangleMesh(corners, faces);
        for (var split = 0; split < splits; split++)
        {
            mesh = mesh.Split();
        }

        return new TriangleMesh([.. mesh.Vertices.Select(vertex => center + (radius * Vector3.Normalize(vertex)))], mesh.Triangles);
    }

    /// <summary>Every triangle becomes four: new vertices halve the edges and follow the old ones.</summary>
    public TriangleMesh Split()
    {
        var vertices = Vertices.ToList();
        var triangles = new List<(int, int, int)>(4 * Triangles.Length);
        var middles = new Dictionary<(int, int), int>();
        int Middle(int a, int b)
        {
            var edge = (Math.Min(a, b), Math.Max(a, b));
            if (!middles.TryGetValue(edge, out var middle))
            {
                middle = vertices.Count;
                middles.Add(edge, middle);
                vertices.Add((Vertices[a] + Vertices[b]) / 2);
            }

            return middle;
        }

        foreach (var (a, b, c) in Triangles)
        {
            var (ab, bc, ca) = (Middle(a, b), Middle(b, c), Middle(c, a));
            triangles.AddRange([(a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca)]);
        }

        return new TriangleMesh([.. vertices], [.. triangles]);
    }

    /// <summary>For each vertex those that share an edge with it, ascending.</summary>
    public int[][] Neighbors()
    {
        var neighbors = Vertices.Select(_ => new SortedSet<int>()).ToArray();
        foreach (var (a, b, c) in Triangles)
        {
            neighbors[a].UnionWith([b, c]);
            neighbors[b].UnionWith([a, c]);
            neighbors[c].UnionWith([a, b]);
        }

        return [.. neighbors.Select(set => set.ToArray())];
    }

    /// <summary>For each vertex the outward unit normal: the mean of its triangles' normals, weighted by area.</summary>
    public Vector3[] Normals()
    {
        var normals = new Vector3[Vertices.Length];
        foreach (var (a, b, c) in Triangles)
        {
            var normal = Vector3.Cross(Vertices[b] - Vertices[a], Vertices[c] - Vertices[a]);
            normals[a] += normal;
            normals[b] += normal;
            normals[c] += normal;
        }

        for (var i = 0; i < normals.Length; i++)
        {
            normals[i] = normals[i] == Vector3.Zero ? Vector3.UnitZ : Vector3.Normalize(normals[i]);
        }

        return normals;
    }

    /// <summary>Mean length of the edges, in mm.</summary>
    public float MeanEdge()
    {
        var sum = 0.0;
        foreach (var (a, b, c) in Triangles)
        {
            sum += Vector3.Distance(Vertices[a], Vertices[b]) + Vector3.Distance(Vertices[b], Vertices[c]) + Vector3.Distance(Vertices[c], Vertices[a]);
        }

        return (float)(sum / (3 * Triangles.Length));
    }

    /// <summary>The voxels whose centers lie inside: those that columns along z enter more often than they leave, or less.</summary>
    public LabelMap Fill(Grid grid)
    {
        var (size, spacing) = (grid.Size, grid.Spacing);
        var crossings = new List<(int Column, float Z, int Turn)>();
        var scale = new Vector3((float)(1 / spacing.X), (float)(1 / spacing.Y), (float)(1 / spacing.Z));
        foreach (var (a, b, c) in Triangles)
        {
            AddCrossings(Vertices[a] * scale, Vertices[b] * scale, Vertices[c] * scale, size, crossings);
        }

        crossings.Sort();
        var labels = new byte[size.Count];
        for (var i = 0; i + 1 < crossings.Count; i++)
        {
            var (column, z, turn) = crossings[i];
            var winding = turn;
            for (; winding != 0 && i + 1 < crossings.Count && crossings[i + 1].Column == column; i++)
            {
                var from = Math.Max((int)MathF.Ceiling(crossings[i].Z), 0);
                var to = Math.Min((int)MathF.Floor(crossings[i + 1].Z), size.Z - 1);
                for (var k = from; k <= to; k++)
                {
                    labels[column + (size.X * size.Y * k)] = 1;
                }

                winding += crossings[i + 1].Turn;
            }
        }

        return new LabelMap(grid, labels);
    }

    /// <summary>Where the columns of voxel centers meet a triangle; the columns stand a hair beside the centers, so that none meets an edge.</summary>
    private static void AddCrossings(Vector3 a, Vector3 b, Vector3 c, Size size, List<(int Column, float Z, int Turn)> crossings)
    {
        const double HairX = 1.23e-4, HairY = 3.57e-5;
        double Cross(Vector3 p, Vector3 q, double x, double y) => ((q.X - p.X) * (y - p.Y)) - ((q.Y - p.Y) * (x - p.X));
        var area = Cross(a, b, c.X, c.Y);
        if (area == 0)
        {
            return;
        }

        var (minX, maxX) = (MathF.Min(a.X, MathF.Min(b.X, c.X)), MathF.Max(a.X, MathF.Max(b.X, c.X)));
        var (minY, maxY) = (MathF.Min(a.Y, MathF.Min(b.Y, c.Y)), MathF.Max(a.Y, MathF.Max(b.Y, c.Y)));
        for (var j = Math.Max((int)minY, 0); j <= Math.Min((int)maxY + 1, size.Y - 1); j++)
        {
            for (var i = Math.Max((int)minX, 0); i <= Math.Min((int)maxX + 1, size.X - 1); i++)
            {
                var (x, y) = (i + HairX, j + HairY);
                var (wa, wb, wc) = (Cross(b, c, x, y) / area, Cross(c, a, x, y) / area, Cross(a, b, x, y) / area);
                if (wa >= 0 && wb >= 0 && wc >= 0)
                {
                    crossings.Add((i + (size.X * j), (float)((wa * a.Z) + (wb * b.Z) + (wc * c.Z)), area > 0 ? 1 : -1));
                }
            }
        }
    }
}
