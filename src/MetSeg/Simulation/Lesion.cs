using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>One simulated metastasis: a dented ellipsoid in head coordinates (mm).</summary>
/// <param name="Center">Its center.</param>
/// <param name="VolumeMm3">Its volume, enhancing part and core together, in mm³.</param>
/// <param name="Axes">Lengths of its axes relative to the ball of the same volume; their product is 1.</param>
/// <param name="Rotation">How the axes lie.</param>
/// <param name="Dents">Waves on its surface: a wave vector and a phase each.</param>
/// <param name="Uptake">Brightness of the enhancing part relative to the scanner's usual; 1 is usual.</param>
/// <param name="RimMm">Thickness of the enhancing rim around a necrotic core in mm; infinite where all of it enhances.</param>
/// <param name="EdemaMm">How far edema reaches into the white matter around it in mm; 0 for none.</param>
public sealed record Lesion(
    Vector3 Center,
    double VolumeMm3,
    Vector3 Axes,
    Quaternion Rotation,
    IReadOnlyList<Vector4> Dents,
    double Uptake,
    double RimMm,
    double EdemaMm)
{
    private const float DentDepth = 0.09f;

    /// <summary>What the core consists of where there is one. The default is necrosis.</summary>
    public Tissue Core { get; init; } = Tissue.Necrosis;

    /// <summary>Corrects the radius so that dents neither add nor take volume. The default is 1.</summary>
    internal float DentCorrection { get; init; } = 1;

    /// <summary>Radius in mm of the ball of the same volume.</summary>
    public float RadiusMm => (float)Math.Cbrt(3 * VolumeMm3 / (4 * Math.PI));

    /// <summary>Distance in mm from the center beyond which there is neither metastasis nor edema.</summary>
    public float ReachMm =>
        ((RadiusMm * (1 + (DentDepth * Dents.Count))) + (1.5f * (float)EdemaMm)) * MathF.Max(Axes.X, MathF.Max(Axes.Y, Axes.Z));

    /// <summary>How deep a point lies below the metastasis' surface in mm, along the ray from the center; negative outside.</summary>
    public float Depth(Vector3 point)
    {
        var local = Vector3.Transform(point - Center, Quaternion.Conjugate(Rotation)) / Axes;
        var distance = local.Length();
        var direction = local / MathF.Max(distance, 1e-3f);
        return (RadiusMm * DentCorrection * Surface(direction)) - distance;
    }

    /// <summary>The same metastasis with the dents' volume corrected, by the mean of the cubed radius over 200 even directions.</summary>
    internal Lesion Normalized()
    {
        var golden = MathF.PI * (3 - MathF.Sqrt(5));
        var cubes = Enumerable.Range(0, 200).Average(i =>
        {
            var z = 1 - ((i + 0.5f) / 100);
            var (sine, cosine) = MathF.SinCos(golden * i);
            return MathF.Pow(Surface(new Vector3(MathF.Sqrt(1 - (z * z)) * new Vector2(cosine, sine), z)), 3);
        });
        return this with { DentCorrection = (float)(1 / Math.Cbrt(cubes)) };
    }

    private float Surface(Vector3 direction)
    {
        var surface = 1f;
        foreach (var dent in Dents)
        {
            surface += DentDepth * MathF.Sin(Vector3.Dot(dent.AsVector3(), direction) + dent.W);
        }

        return surface;
    }
}
