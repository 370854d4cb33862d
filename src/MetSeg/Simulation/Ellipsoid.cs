using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>An axis-aligned ellipsoid in head coordinates (mm).</summary>
/// <param name="Center">Its center.</param>
/// <param name="Radii">Its three half axes.</param>
internal readonly record struct Ellipsoid(Vector3 Center, Vector3 Radii)
{
    /// <summary>
    /// Signed distance to the surface in mm, negative inside: the implicit function divided by the length of its gradient, exact on the
    /// surface and for spheres, an estimate elsewhere.
    /// </summary>
    public float Distance(Vector3 point)
    {
        var scaled = (point - Center) / Radii;
        var radius = scaled.Length();
        return radius < 1e-3f ? -MathF.Min(Radii.X, MathF.Min(Radii.Y, Radii.Z)) : radius * (radius - 1) / (scaled / Radii).Length();
    }

    /// <summary>The point of the surface on the ray from the center through a point.</summary>
    public Vector3 Project(Vector3 point)
    {
        var scaled = (point - Center) / Radii;
        return Center + (Radii * (scaled / MathF.Max(scaled.Length(), 1e-3f)));
    }

    /// <summary>The same ellipsoid on the other side of the midline.</summary>
    public Ellipsoid Mirrored() => this with { Center = Center * new Vector3(-1, 1, 1) };

    /// <summary>Union of two shapes given by signed distances, with a fillet about <paramref name="blend"/> mm wide.</summary>
    /// <remarks>The quadratic polynomial smooth minimum.</remarks>
    public static float SmoothUnion(float first, float second, float blend)
    {
        var overlap = MathF.Max(blend - MathF.Abs(first - second), 0) / blend;
        return MathF.Min(first, second) - (overlap * overlap * blend / 4);
    }
}
