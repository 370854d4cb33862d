using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>
/// The cerebellum: two hemispheres and the vermis. Its cortex is folded into leaves that fan out from the fourth ventricle, with white matter that
/// branches between them like a tree.
/// </summary>
internal static class Cerebellum
{
    private const float LobuleDegrees = 24;
    private const float LeavesPerLobule = 4;
    private static readonly Ellipsoid hemisphere = new(new(23, -46, -35), new(29, 33, 24));
    private static readonly Ellipsoid vermis = new(new(0, -43, -31), new(14, 27, 23));
    private static readonly Vector2 root = new(-33, -33);

    /// <summary>Distance to its smooth surface in mm, negative inside; infinite where it surely is far.</summary>
    public static float Distance(Vector3 folded) => folded.Z > 8 || folded.Y > 6 ? float.PositiveInfinity : Ellipsoid.SmoothUnion(hemisphere.Distance(folded), vermis.Distance(folded), 6);

    /// <summary>What is at a point of it.</summary>
    /// <param name="folded">A place, with the left side turned over to the right.</param>
    /// <param name="depth">Distance below the surface in mm.</param>
    /// <param name="wave">A smooth random number around 0 that bends the leaves.</param>
    public static AnatomicalPoint Look(Vector3 folded, float depth, float wave)
    {
        var arm = new Vector2(folded.Y, folded.Z) - root;
        var angle = (float.RadiansToDegrees(MathF.Atan2(arm.Y, -arm.X)) + (0.35f * folded.X) + (9 * wave)) / LobuleDegrees;
        var fromFissure = MathF.Abs(angle - MathF.Round(angle));
        var leaf = angle * LeavesPerLobule;
        var fromGroove = MathF.Abs(leaf - MathF.Round(leaf));
        var width = float.DegreesToRadians(LobuleDegrees) * MathF.Max(arm.Length(), 8);
        var toFissure = (depth < 12 ? fromFissure * width : float.PositiveInfinity) - 0.45f;
        var toGroove = (depth < 4.5f ? fromGroove * width / LeavesPerLobule : float.PositiveInfinity) - 0.25f;
        var toFluid = MathF.Min(depth, MathF.Min(toFissure, toGroove));
        var thickness = depth < 12 ? MathF.Min(1.6f + (0.12f * depth), 2.8f) : 0;
        var tissue = toFluid < 0 ? Tissue.CerebrospinalFluid
            : MathF.Min(depth - 1, MathF.Min(toFissure, toGroove + 0.6f)) < thickness ? Tissue.GrayMatter : Tissue.WhiteMatter;
        return new AnatomicalPoint(tissue, depth, MathF.Abs(MathF.Min(depth, toFissure) - thickness), depth > 13 ? depth - 13 : 0);
    }
}
