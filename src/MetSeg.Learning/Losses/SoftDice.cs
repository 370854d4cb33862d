using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>The soft Dice coefficient of probabilities.</summary>
internal static class SoftDice
{
    private const double Smooth = 1e-5;

    /// <summary>(2·I + 1e-5) / (G + P + 1e-5) for each sample and channel, or for each channel with sums over the whole batch.</summary>
    /// <param name="probabilities">[N, K, Z, Y, X].</param>
    /// <param name="reference">The same shape, 0 or 1.</param>
    /// <param name="known">[N, 1, Z, Y, X], 0 where a voxel does not count; null where all do.</param>
    /// <param name="batchDice">Whether the sums run over the batch too.</param>
    /// <returns>[N, K], or [K].</returns>
    /// <remarks>MemoryEfficientSoftDiceLoss of nnU-Net v2, without its sign.</remarks>
    public static Tensor Compute(Tensor probabilities, Tensor reference, Tensor? known, bool batchDice)
    {
        using var scope = NewDisposeScope();
        long[] axes = batchDice ? [0, 2, 3, 4] : [2, 3, 4];
        var (predicted, expected) = known is null ? (probabilities, reference) : (probabilities * known, reference * known);
        var intersection = (predicted * reference).sum(axes);
        var total = predicted.sum(axes) + expected.sum(axes);
        return (((2 * intersection) + Smooth) / (total + Smooth).clamp_min(1e-8)).MoveToOuterDisposeScope();
    }
}
