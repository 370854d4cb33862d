using System.Numerics;
using System.Runtime.InteropServices;

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

    /// <summary>Share of the predicted voxels that the reference holds; NaN where nothing was predicted.</summary>
    public double Precision => (double)TruePositives / (TruePositives + FalsePositives);

    /// <summary>Counts the voxels of a pair of masks, eight at a time: they are zeros and ones.</summary>
    internal static VoxelCounts Of(MaskPair pair)
    {
        var (both, reference, prediction) = (0L, 0L, 0L);
        var a = MemoryMarshal.Cast<byte, ulong>(pair.Reference);
        var b = MemoryMarshal.Cast<byte, ulong>(pair.Prediction);
        for (var i = 0; i < a.Length; i++)
        {
            both += BitOperations.PopCount(a[i] & b[i]);
            reference += BitOperations.PopCount(a[i]);
            prediction += BitOperations.PopCount(b[i]);
        }

        for (var i = a.Length * sizeof(ulong); i < pair.Reference.Length; i++)
        {
            both += pair.Reference[i] & pair.Prediction[i];
            reference += pair.Reference[i];
            prediction += pair.Prediction[i];
        }

        return new VoxelCounts(both, prediction - both, reference - both, pair.Grid.Size.Count - reference - prediction + both);
    }
}
