using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>Applies a loss at several resolutions of a decoder.</summary>
public static class DeepSupervision
{
    /// <summary>Weights of <paramref name="levels"/> resolutions, highest first: 1/2ⁱ, the lowest 0 (unless it is the only one), summing to 1.</summary>
    /// <remarks>nnU-Net v2: six stages give five levels with 0.5333, 0.2667, 0.1333, 0.0667, 0.</remarks>
    public static double[] Weights(int levels)
    {
        var weights = Enumerable.Range(0, levels).Select(i => i == levels - 1 && levels > 1 ? 0 : Math.Pow(0.5, i)).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    /// <summary>The weighted sum of <paramref name="loss"/> over all levels; the target is reduced by nearest neighbor (half-pixel centers).</summary>
    /// <param name="levels">Logits per resolution, highest first, each [N, K, z, y, x].</param>
    /// <param name="target">Labels at the highest resolution, [N, 1, Z, Y, X], 64-bit integers.</param>
    /// <param name="loss">Takes logits and target of one level.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Compute(IReadOnlyList<Tensor> levels, Tensor target, Func<Tensor, Tensor, Tensor> loss)
    {
        using var scope = NewDisposeScope();
        var weights = Weights(levels.Count);
        var total = loss(levels[0], target) * weights[0];
        for (var i = 1; i < levels.Count; i++)
        {
            if (weights[i] > 0)
            {
                total += loss(levels[i], Reduce(target, levels[i].shape)) * weights[i];
            }
        }

        return total.MoveToOuterDisposeScope();
    }

    private static Tensor Reduce(Tensor target, long[] shape)
    {
        var reduced = target;
        for (var axis = 2; axis < 5; axis++)
        {
            var factor = (double)target.shape[axis] / shape[axis];
            var indices = Enumerable.Range(0, (int)shape[axis]).Select(i => (long)Math.Floor((i + 0.5) * factor)).ToArray();
            reduced = reduced.index_select(axis, tensor(indices, device: target.device));
        }

        return reduced;
    }
}
