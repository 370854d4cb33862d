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

    /// <summary>A tube along the images of this one's points.</summary>
    public Tube Map(Func<Vector3, Vector3> function) => new([.. points.Select(function)], radii);
}
