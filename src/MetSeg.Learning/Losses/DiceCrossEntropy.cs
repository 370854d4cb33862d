using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>nnU-Net's loss: cross-entropy plus soft Dice, 1 : 1, of classes that exclude each other or of regions that may overlap.</summary>
/// <remarks>Isensee et al. 2021; DC_and_CE_loss and DC_and_BCE_loss of nnU-Net v2.</remarks>
public static class DiceCrossEntropy
{
    private const long NoLabel = -100;

    /// <summary>
    /// Mean cross-entropy over voxels minus the mean soft Dice (2·I + 1e-5) / (G + P + 1e-5) over samples and foreground classes, or over
    /// classes alone with sums over the whole batch. Near −1 when the segmentation is right.
    /// </summary>
    /// <param name="logits">[N, K, Z, Y, X].</param>
    /// <param name="target">Labels [N, 1, Z, Y, X], 64-bit integers in 0…K−1, or <paramref name="ignore"/>.</param>
    /// <param name="batchDice">Whether the Dice sums run over the batch too.</param>
    /// <param name="ignore">The label of voxels that do not count; null where all do. Where no voxel counts the cross-entropy is 0.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Compute(Tensor logits, Tensor target, bool batchDice = false, int? ignore = null)
    {
        using var scope = NewDisposeScope();
        var known = ignore is { } label ? target.ne(label) : null;
        var crossEntropy = known is null
            ? nn.functional.cross_entropy(logits, target.squeeze(1))
            : nn.functional.cross_entropy(logits, target.squeeze(1), ignore_index: ignore ?? NoLabel, reduction: nn.Reduction.Sum) / known.sum().clamp_min(1);
        var classes = arange(logits.shape[1], device: logits.device).reshape(1, -1, 1, 1, 1);
        var probabilities = nn.functional.softmax(logits, dim: 1);
        var dice = SoftDice.Compute(probabilities, target.eq(classes).to(probabilities.dtype), known?.to(probabilities.dtype), batchDice);
        return (crossEntropy - dice.narrow(-1, 1, dice.shape[^1] - 1).mean()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Binary cross-entropy minus the mean soft Dice over all regions. Without ignored voxels the cross-entropy is the mean over voxels and regions;
    /// with them, as in nnU-Net, its sum over the regions, averaged over the voxels that count.
    /// </summary>
    /// <param name="logits">[N, R, Z, Y, X], one channel a region.</param>
    /// <param name="reference">The same shape: 1 inside the region, 0 outside.</param>
    /// <param name="known">[N, 1, Z, Y, X], 0 where a voxel does not count; null where all do.</param>
    /// <param name="batchDice">Whether the Dice sums run over the batch too.</param>
    /// <returns>A scalar.</returns>
    public static Tensor ComputeRegions(Tensor logits, Tensor reference, Tensor? known = null, bool batchDice = false)
    {
        using var scope = NewDisposeScope();
        var crossEntropy = known is null
            ? nn.functional.binary_cross_entropy_with_logits(logits, reference)
            : (nn.functional.binary_cross_entropy_with_logits(logits, reference, reduction: nn.Reduction.None) * known).sum() / known.sum().clamp_min(1e-8);
        var dice = SoftDice.Compute(logits.sigmoid(), reference, known, batchDice);
        return (crossEntropy - dice.mean()).MoveToOuterDisposeScope();
    }
}
