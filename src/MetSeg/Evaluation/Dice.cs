namespace MetSeg.Evaluation;

/// <summary>Dice similarity coefficient 2|A∩B| / (|A| + |B|) of reference A and prediction B; of voxels it is the same as F1.</summary>
public static class Dice
{
    /// <summary>Dice of everything that is not background.</summary>
    /// <returns>A value in [0, 1]; NaN where both masks are empty, 0 where only one is.</returns>
    /// <exception cref="GridMismatchException">The masks lie on different grids.</exception>
    public static double Compute(LabelMap reference, LabelMap prediction) => Compute(VoxelCounts.Of(MaskPair.Of(reference, prediction)));

    /// <summary>Dice from voxel counts.</summary>
    /// <returns>A value in [0, 1]; NaN where both masks are empty, 0 where only one is.</returns>
    public static double Compute(VoxelCounts counts) =>
        2.0 * counts.TruePositives / ((2.0 * counts.TruePositives) + counts.FalsePositives + counts.FalseNegatives);
}
