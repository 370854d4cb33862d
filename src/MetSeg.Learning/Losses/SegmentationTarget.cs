using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>What the logits of a segmentation network stand for, and how they are compared with a label map.</summary>
public sealed record SegmentationTarget
{
    /// <summary>For each logit the values of its region; null (default) where logits are classes 0, 1, … that exclude each other.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<int>>? Regions { get; init; }

    /// <summary>The label of voxels that do not count; null (default) where all do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Ignore { get; init; }

    /// <summary>The target of a label scheme.</summary>
    public static SegmentationTarget Of(LabelScheme scheme) => new()
    {
        Regions = scheme.HasRegions ? [.. scheme.Foreground.Select(entry => entry.Values)] : null,
        Ignore = scheme.Ignore,
    };

    /// <summary>nnU-Net's loss of logits: see <see cref="DiceCrossEntropy"/>.</summary>
    /// <param name="logits">[N, K, Z, Y, X].</param>
    /// <param name="label">Values of the label map, [N, 1, Z, Y, X], 64-bit integers.</param>
    /// <param name="batchDice">Whether the Dice sums run over the batch too.</param>
    /// <returns>A scalar.</returns>
    public Tensor Loss(Tensor logits, Tensor label, bool batchDice)
    {
        if (Regions is null)
        {
            return DiceCrossEntropy.Compute(logits, label, batchDice, Ignore);
        }

        using var scope = NewDisposeScope();
        return DiceCrossEntropy.ComputeRegions(logits, Inside(label, Regions).to(logits.dtype), Known(label)?.to(logits.dtype), batchDice).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Voxels of each foreground class or region: twice those that prediction (largest logit, or logit above 0) and reference have in common, and
    /// the sum of both; 2TP and 2TP + FP + FN.
    /// </summary>
    /// <inheritdoc cref="Loss" path="/param"/>
    /// <returns>Two tensors [classes] of 64-bit integers.</returns>
    public (Tensor Common, Tensor Sum) Overlap(Tensor logits, Tensor label)
    {
        using var scope = NewDisposeScope();
        var reference = Regions is null ? Classes(label, logits.shape[1]) : Inside(label, Regions);
        var predicted = Regions is null ? Classes(logits.argmax(1, keepdim: true), logits.shape[1]) : logits.gt(0);
        if (Known(label) is { } known)
        {
            (reference, predicted) = (reference.logical_and(known), predicted.logical_and(known));
        }

        long[] axes = [0, 2, 3, 4];
        return ((2 * predicted.logical_and(reference).sum(axes)).MoveToOuterDisposeScope(), (predicted.sum(axes) + reference.sum(axes)).MoveToOuterDisposeScope());
    }

    private static Tensor Classes(Tensor label, long count) => label.eq(arange(1, count, device: label.device).reshape(1, -1, 1, 1, 1));

    private static Tensor Inside(Tensor label, IReadOnlyList<IReadOnlyList<int>> regions) =>
        cat([.. regions.Select(region => region.Select(value => label.eq(value)).Aggregate((joined, one) => joined.logical_or(one)))], 1);

    private Tensor? Known(Tensor label) => Ignore is { } ignore ? label.ne(ignore) : null;
}
