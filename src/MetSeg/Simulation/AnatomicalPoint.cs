namespace MetSeg.Simulation;

/// <summary>What an <see cref="Anatomy"/> has at a point.</summary>
/// <param name="Tissue">The tissue.</param>
/// <param name="Depth">Distance below the brain's smooth surface in mm; negative outside the brain. An estimate away from the surface.</param>
/// <param name="ToJunction">Distance to the border between cortex and white matter in mm; infinite where there is no cortex.</param>
public readonly record struct AnatomicalPoint(Tissue Tissue, float Depth, float ToJunction);
