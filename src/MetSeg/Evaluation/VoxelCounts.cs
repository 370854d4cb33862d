namespace MetSeg.Evaluation;

/// <summary>How many voxels two masks agree and disagree on.</summary>
/// <param name="TruePositives">Foreground in both.</param>
/// <param name="FalsePositives">Foreground in the prediction alone.</param>
/// <param name="FalseNegatives">Foreground in the reference alone.</param>
/// <param name="TrueNegatives">Background in both, over the whole grid.</param>
public sealed record VoxelCounts(long TruePositives, long FalsePositives, long FalseNegatives, long TrueNegatives)
{
    /// <summary>Share of the reference's voxels that the prediction holds; NaN where the reference is empty.</summary>
    public double Sensitivity => (double)TruePositives / (TruePositives + FalseNegatives);

    /// <summary>
    /// Share of the background that the prediction leaves alone; NaN where the reference fills the grid. For small lesions in a head it is
    /// 0.999 or more always: never rank by it.
    /// </summary>
    public double Specificity => (double)TrueNegatives / (TrueNegatives + FalsePositives);

    /// <summary>Counts the voxels of a pair of masks.</summary>
    internal static VoxelCounts Of(MaskPair pair)
    {
        long both = 0, reference = 0, prediction = 0;
        var (a, b) = (pair.Reference, pair.Prediction);
        for (var i = 0; i < a.Length; i++)
        {
            both += a[i] & b[i];
            reference += a[i];
            prediction += b[i];
        }

        return new VoxelCounts(both, prediction - both, reference - both, pair.Grid.Size.Count - reference - prediction + both);
    }
}
