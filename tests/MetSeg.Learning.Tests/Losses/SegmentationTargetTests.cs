using MetSeg.Learning.Losses;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Losses;

/// <summary>Losses of regions and with ignored voxels, each worked out by hand.</summary>
public class SegmentationTargetTests
{
    private static readonly SegmentationTarget regions = new() { Regions = [[1, 2], [2]] };

    [Fact]
    public void Ignored_voxels_change_neither_loss_nor_gradient()
    {
        using var scope = NewDisposeScope();
        var target = new SegmentationTarget { Ignore = 2 };
        var logits = tensor(new[] { 0f, MathF.Log(3), 7f, MathF.Log(3), 0f, -5f }, [1, 2, 1, 1, 3], requires_grad: true);

        var loss = target.Loss(logits, Labels(1, 0, 2), batchDice: false);
        loss.backward();

        // The two voxels that count are those of the loss without ignored voxels: CE = −ln 0.75, soft Dice 0.75.
        Assert.Equal(-Math.Log(0.75) - 0.75, loss.item<float>(), tolerance: 1e-4);
        Assert.Equal([0, 0], Each(logits.grad!.narrow(4, 2, 1)));
        Assert.NotEqual(0, Each(logits.grad)[0]);
    }

    [Fact]
    public void Where_nothing_is_labelled_the_cross_entropy_is_zero()
    {
        using var scope = NewDisposeScope();

        // Dice of nothing in nothing is 1.
        Assert.Equal(-1, new SegmentationTarget { Ignore = 2 }.Loss(randn([1, 2, 1, 1, 2]), Labels(2, 2), batchDice: true).item<float>(), tolerance: 1e-5);
    }

    [Fact]
    public void Regions_by_hand()
    {
        using var scope = NewDisposeScope();

        // Probabilities of the whole: 3/4, 1/2; of the core: 1/4, 1/2. Reference: whole 1 1, core 0 1.
        var logits = tensor(new[] { MathF.Log(3), 0f, -MathF.Log(3), 0f }, [1, 2, 1, 1, 2]);
        var crossEntropy = -(Math.Log(0.75) + Math.Log(0.5) + Math.Log(0.75) + Math.Log(0.5)) / 4;
        var dice = ((2 * 1.25 / (2 + 1.25)) + (2 * 0.5 / (1 + 0.75))) / 2;

        Assert.Equal(crossEntropy - dice, regions.Loss(logits, Labels(1, 2), batchDice: false).item<float>(), tolerance: 1e-4);
    }

    [Fact]
    public void Ignored_voxels_sum_the_regions_cross_entropies_as_nnUNet_does()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { MathF.Log(3), 9f, -MathF.Log(3), 9f }, [1, 2, 1, 1, 2]);

        // One voxel counts: its two regions' cross-entropies are summed. Dice: 2·0.75/1.75, and nothing of nothing but P = 0.25.
        var expected = (-2 * Math.Log(0.75)) - (((1.5 / 1.75) + (1e-5 / (0.25 + 1e-5))) / 2);

        Assert.Equal(expected, (regions with { Ignore = 3 }).Loss(logits, Labels(1, 3), batchDice: false).item<float>(), tolerance: 1e-4);
    }

    [Fact]
    public void Overlap_counts_classes_by_the_largest_logit_and_regions_by_their_sign()
    {
        using var scope = NewDisposeScope();
        var classes = tensor(new[] { 0f, 9f, 0f, 1f, 2f, 3f, 2f, 0f, 4f }, [1, 3, 1, 1, 3]);         // predicted 2, 0, 2
        var signs = tensor(new[] { 1f, -1f, 1f, -1f, 1f, 1f }, [1, 2, 1, 1, 3]);                     // whole 1 0 1, core 0 1 1

        var (common, sum) = new SegmentationTarget().Overlap(classes, Labels(2, 1, 2));
        var (regionCommon, regionSum) = regions.Overlap(signs, Labels(1, 2, 0));
        var (ignoredCommon, ignoredSum) = new SegmentationTarget { Ignore = 3 }.Overlap(classes, Labels(2, 1, 3));

        Assert.Equal([0, 4], common.data<long>().ToArray());
        Assert.Equal([1, 4], sum.data<long>().ToArray());
        Assert.Equal([2, 2], regionCommon.data<long>().ToArray());
        Assert.Equal([4, 3], regionSum.data<long>().ToArray());
        Assert.Equal([0, 2], ignoredCommon.data<long>().ToArray());
        Assert.Equal([1, 2], ignoredSum.data<long>().ToArray());
    }

    [Fact]
    public void A_schemes_target_has_its_regions_and_its_ignored_value()
    {
        var scheme = new LabelScheme([new("background", [0]), new("whole", [1, 2]), new("core", [2]), new("ignore", [3])], [1, 2]);

        var target = SegmentationTarget.Of(scheme);

        Assert.Equal([[1, 2], [2]], target.Regions!);
        Assert.Equal(3, target.Ignore);
        Assert.Null(SegmentationTarget.Of(LabelScheme.Plain([new("background", 0), new("lesion", 1)])).Regions);
    }

    private static Tensor Labels(params long[] values) => tensor(values, [1, 1, 1, 1, values.Length]);

    private static float[] Each(Tensor values) => values.contiguous().data<float>().ToArray();
}
