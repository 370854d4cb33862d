namespace MetSeg.Simulation;

/// <summary>What an <see cref="Anatomy"/> has at a point.</summary>
/// <param name="Tissue">The tissue.</param>
/// <param name="Depth">Distance below the brain's smooth surface in mm; negative outside the brain. An estimate away from the surface.</param>
/// <param name="ToJunction">Distance to the border between cortex and white matter in mm; infinite where there is no cortex.</param>
/// <param name="Clearance">A distance in mm within which there is nothing else but this tissue; 0 where none is known.</param>
public readonly record struct AnatomicalPoint(Tissue Tissue, float Depth, float ToJunction, float Clearance)
{
    /// <summary>A point with no cortex near it.</summary>
    internal static AnatomicalPoint Bare(Tissue tissue, float depth, float clearance = 0) => new(tissue, depth, float.PositiveInfinity, clearance);
}
