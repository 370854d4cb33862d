using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>
/// A band between two polylines with rounded edges, in head coordinates (mm): what a ventricle is. Its cross-section at a place along it is the
/// segment between both lines, thickened by a radius.
/// </summary>
internal sealed class Ribbon
{
    private readonly Vector3[] first;
    private readonly Vector3[] second;
    private readonly float[] radii;
    private readonly Vector3 lowest;
    private readonly Vector3 highest;

    /// <summary>Creates a band; all three arrays are equally long.</summary>
    public Ribbon(Vector3[] first, Vector3[] second, float[] radii)
    {
        (this.first, this.second, this.radii) = (first, second, radii);
        var margin = new Vector3(radii.Max());
        lowest = first.Concat(second).Aggregate(Vector3.Min) - margin;
        highest = first.Concat(second).Aggregate(Vector3.Max) + margin;
    }

    /// <summary>Distance in mm, negative inside; where the box around the band is farther than <paramref name="limit"/>, the distance to that.</summary>
    public float Distance(Vector3 point, float limit)
    {
        var toBox = (point - Vector3.Clamp(point, lowest, highest)).Length();
        if (toBox > limit)
        {
            return toBox;
        }

        var nearest = float.PositiveInfinity;
        for (var i = 0; i + 1 < first.Length; i++)
        {
            var from = (first[i] + second[i]) / 2;
            var along = ((first[i + 1] + second[i + 1]) / 2) - from;
            var share = Math.Clamp(Vector3.Dot(point - from, along) / along.LengthSquared(), 0, 1);
            var radius = radii[i] + (share * (radii[i + 1] - radii[i]));
            nearest = MathF.Min(nearest, Tube.Distance(
                point, Vector3.Lerp(first[i], first[i + 1], share), Vector3.Lerp(second[i], second[i + 1], share), radius, radius));
        }

        return nearest;
    }

    /// <summary>The same band on the other side of the midline.</summary>
    public Ribbon Mirrored()
    {
        var mirror = new Vector3(-1, 1, 1);
        return new Ribbon([.. first.Select(point => point * mirror)], [.. second.Select(point => point * mirror)], radii);
    }
}
