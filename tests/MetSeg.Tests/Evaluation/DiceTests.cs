using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class DiceTests
{
    [Fact]
    public void Two_of_three_voxels_against_two_of_two_is_four_fifths() =>
        Assert.Equal(0.8, Dice.Compute(Masks.Of((1, 1, 1), (2, 1, 1), (3, 1, 1)), Masks.Of((1, 1, 1), (2, 1, 1))));

    [Fact]
    public void One_empty_mask_gives_zero_and_two_give_nothing()
    {
        Assert.Equal(0, Dice.Compute(Masks.Of((1, 1, 1)), Masks.Of()));
        Assert.Equal(0, Dice.Compute(Masks.Of(), Masks.Of((1, 1, 1))));
        Assert.Equal(double.NaN, Dice.Compute(Masks.Of(), Masks.Of()));
    }

    [Fact]
    public void Masks_far_apart_do_not_overlap() =>
        Assert.Equal(0, Dice.Compute(Masks.Of((0, 0, 0)), Masks.Of((11, 7, 5))));

    [Fact]
    public void Voxel_counts_cover_the_whole_grid()
    {
        var counts = VoxelCounts.Of(MaskPair.Of(Masks.Of((1, 1, 1), (2, 1, 1)), Masks.Of((2, 1, 1), (9, 1, 1), (9, 2, 1))));

        Assert.Equal(new VoxelCounts(1, 2, 1, Masks.Grid.Size.Count - 4), counts);
        Assert.Equal(0.5, counts.Sensitivity);
        Assert.Equal((counts.TrueNegatives, counts.TrueNegatives + 2.0), (counts.TrueNegatives, counts.TrueNegatives / counts.Specificity));
    }

    [Fact]
    public void Different_grids_are_refused_and_both_named()
    {
        var other = Grid.Axial(new Size(2, 2, 2), new Spacing(1, 1, 1));

        var refusal = Assert.Throws<GridMismatchException>(() => Dice.Compute(Masks.Of(), new LabelMap(other, new byte[8])));

        Assert.Contains("12×8×6", refusal.Message);
        Assert.Contains("2×2×2", refusal.Message);
    }
}
