using MetSeg.Learning.Losses;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Losses;

public class DiceCrossEntropyTests
{
    [Fact]
    public void Two_voxels_by_hand()
    {
        using var scope = NewDisposeScope();

        // Foreground probabilities 3/4 and 1/4, reference 1 and 0: CE = −ln 0.75; I = 0.75, P = G = 1, soft Dice 0.75.
        var logits = tensor(new[] { 0f, MathF.Log(3), MathF.Log(3), 0f }, [1, 2, 1, 1, 2]);
        var target = tensor(new long[] { 1, 0 }, [1, 1, 1, 1, 2]);

        var value = DiceCrossEntropy.Compute(logits, target).item<float>();

        Assert.Equal(-Math.Log(0.75) - 0.75, value, tolerance: 1e-4);
    }

    [Fact]
    public void An_empty_reference_and_no_prediction_cost_nothing()
    {
        using var scope = NewDisposeScope();
        var logits = cat([full([1, 1, 2, 2, 2], 60f), full([1, 1, 2, 2, 2], -60f)], 1);

        var value = DiceCrossEntropy.Compute(logits, zeros([1, 1, 2, 2, 2], ScalarType.Int64)).item<float>();

        Assert.Equal(-1, value, tolerance: 1e-4);
    }

    [Fact]
    public void Batch_dice_pools_the_samples()
    {
        using var scope = NewDisposeScope();

        // Sample 0 is right (Dice 1), sample 1 finds nothing of one voxel (Dice 0): mean 0.5, pooled 2·1 / (2 + 1) = 2/3.
        var logits = tensor(new[] { -60f, 60f, 60f, -60f }, [2, 2, 1, 1, 1]);
        var target = ones([2, 1, 1, 1, 1], ScalarType.Int64);

        var difference = DiceCrossEntropy.Compute(logits, target, batchDice: false).item<float>()
            - DiceCrossEntropy.Compute(logits, target, batchDice: true).item<float>();

        Assert.Equal((2.0 / 3) - 0.5, difference, tolerance: 1e-4);
    }
}

public class DeepSupervisionTests
{
    [Fact]
    public void Five_levels_weigh_as_nnUNet_does()
    {
        double[] expected = [0.5333, 0.2667, 0.1333, 0.0667, 0];

        Assert.All(DeepSupervision.Weights(5).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, tolerance: 1e-4));
        Assert.Equal([1.0], DeepSupervision.Weights(1));
    }

    [Fact]
    public void The_target_is_reduced_to_each_level()
    {
        using var scope = NewDisposeScope();
        var target = arange(0, 8, ScalarType.Int64).reshape(1, 1, 1, 1, 8);
        var seen = new List<long[]>();

        DeepSupervision.Compute([zeros([1, 1, 1, 1, 8]), zeros([1, 1, 1, 1, 4]), zeros([1, 1, 1, 1, 2])], target, (_, label) =>
        {
            seen.Add(label.data<long>().ToArray());
            return zeros(1);
        });

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], seen[0]);
        Assert.Equal([1, 3, 5, 7], seen[1]);
        Assert.Equal(2, seen.Count);
    }
}

public class ReconstructionTests
{
    [Fact]
    public void A_constant_error_by_hand()
    {
        using var scope = NewDisposeScope();

        // Zero image against 0.1: 300·0.01 + 150·0.1 + 50·(1 − C1 / (0.01 + C1)) with C1 = 0.0004.
        var value = Reconstruction.Compute(zeros([1, 1, 12, 12, 12]), full([1, 1, 12, 12, 12], 0.1f)).item<float>();

        Assert.Equal(3 + 15 + (50 * (1 - (0.0004 / 0.0104))), value, tolerance: 1e-3);
    }

    [Fact]
    public void The_prior_itself_diverges_by_nothing_and_a_shift_by_half_its_square()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, Reconstruction.LatentDivergence(zeros(2, 3), zeros(2, 3)).item<float>());
        Assert.Equal(3 * 0.5 * 4, Reconstruction.LatentDivergence(full(2, 3, 2f), zeros(2, 3)).item<float>(), tolerance: 1e-5);
    }
}
