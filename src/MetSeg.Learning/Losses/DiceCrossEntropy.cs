using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>nnU-Net's loss: cross-entropy plus soft Dice of the foreground classes, 1 : 1.</summary>
public static class DiceCrossEntropy
{
    private const double Smooth = 1e-5;

    /// <summary>
    /// Mean cross-entropy over voxels minus the mean soft Dice (2·I + 1e-5) / (G + P + 1e-5) over samples and foreground classes, or over
    /// classes alone with sums over the whole batch. Near −1 when the segmentation is right.
    /// </summary>
    /// <param name="logits">[N, K, Z, Y, X].</param>
    /// <param name="target">Labels [N, 1, Z, Y, X], 64-bit integers in 0…K−1.</param>
    /// <param name="batchDice">Whether the Dice sums run over the batch too.</param>
    /// <returns>A scalar.</returns>
    /// <remarks>Isensee et al. 2021; DC_and_CE_loss of nnU-Net v2 without ignore label.</remarks>
    public static Tensor Compute(Tensor logits, Tensor target, bool batchDice = false)
    {
        using var scope = NewDisposeScope();
        var crossEntropy = nn.functional.cross_entropy(logits, target.squeeze(1));
        return (crossEntropy - SoftDice(logits, target, batchDice)).MoveToOuterDisposeScope();
    }

    private static Tensor SoftDice(Tensor logits, Tensor target, bool batchDice)
    {
        long[] axes = batchDice ? [0, 2, 3, 4] : [2, 3, 4];
        var probabilities = nn.functional.softmax(logits, dim: 1);
        var classes = arange(logits.shape[1], device: logits.device).reshape(1, -1, 1, 1, 1);
        var reference = target.eq(classes).to(probabilities.dtype);
        var intersection = (probabilities * reference).sum(axes);
        var total = probabilities.sum(axes) + reference.sum(axes);
        var dice = ((2 * intersection) + Smooth) / (total + Smooth).clamp_min(1e-8);
        return dice.narrow(-1, 1, dice.shape[^1] - 1).mean();
    }
}
