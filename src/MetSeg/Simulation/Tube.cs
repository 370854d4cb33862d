using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>A round tube along a polyline in head coordinates, with a radius at each of its points (mm) that changes linearly between them.</summary>
internal sealed class Tube
{
    private readonly Vector3[] points;
    private readonly float[] radii;
    private readonly Vector3 lowest;
    private readonly Vector3 highest;

    public Tube(Vector3[] points, float[] radii)
    {
        (this.points, this.radii) = (points, radii);
        var margin = new Vector3(radii.Max());
        lowest = points.Aggregate(Vector3.Min) - margin;
        highest = points.Aggregate(Vector3.Max) + margin;
    }

    /// <summary>The tube's straight pieces.</summary>
    public IEnumerable<(Vector3 From, Vector3 To, float FromRadius, float ToRadius)> Pieces =>
        Enumerable.Range(0, points.Length - 1).Select(i => (points[i], points[i + 1], radii[i], radii[i + 1]));

    /// <summary>Whether a point lies in the tube.</summary>
    public bool Contains(Vector3 point) => Vector3.Clamp(point, lowest, highest) == point && Distance(point) < 0;

    /// <summary>Signed distance in mm to the tube, negative inside.</summary>
    public float Distance(Vector3 point)
    {
        var nearest = float.PositiveInfinity;
        for (var i = 0; i + 1 < points.Length; i++)
        {
            nearest = MathF.Min(nearest, Distance(point, points[i], points[i + 1], radii[i], radii[i + 1]));
        }

        return nearest;
    }

    /// <summary>Signed distance in mm to one straight piece with round ends, negative inside.</summary>
    public static float Distance(Vector3 point, Vector3 from, Vector3 to, float fromRadius, float toRadius)
    {
        var (along, offset) = (to - from, point - from);
        var share = Math.Clamp(Vector3.Dot(offset, along) / MathF.Max(along.LengthSquared(), 1e-6f), 0, 1);
        return (offset - (share * along)).Length() - (fromRadius + (share * (toRadius - fromRadius)));
    }

    /// <summary>The same tube on the other side of the midline.</summary>
    public Tube Mirrored() => Map(point => point * new Vector3(-1, 1, 1));

    /// <summary>
    /// A smoother tube through the same points that winds a little: each piece in four along a Catmull-Rom curve, the new points off by
    /// about 0.5 mm.
    /// </summary>
    public Tube Winding(Random random)
    {
        const int parts = 4;
        var (places, widths) = (new List<Vector3>(), new List<float>());
        for (var i = 0; i + 1 < points.Length; i++)
        {
            var (before, after) = (points[Math.Max(i - 1, 0)], points[Math.Min(i + 2, points.Length - 1)]);
            for (var part = 0; part < parts; part++)
            {
                var t = part / (float)parts;
                var (bend, start) = (after - (3 * points[i + 1]) + (3 * points[i]) - before, (2 * before) - (5 * points[i]) + (4 * points[i + 1]) - after);
                var place = points[i] + (0.5f * t * ((points[i + 1] - before) + (t * (start + (t * bend)))));
                places.Add(part == 0 ? place : place + (random.Between(0.2, 0.7) * random.Direction()));
                widths.Add(radii[i] + (t * (radii[i + 1] - radii[i])));
            }
        }

        return new Tube([.. places, points[^1]], [.. widths, radii[^1]]);
    }

    /// <summary>A tube along the images of this one's points.</summary>
    public Tube Map(Func<Vector3, Vector3> function) => new([.. points.Select(function)], radii);
}
