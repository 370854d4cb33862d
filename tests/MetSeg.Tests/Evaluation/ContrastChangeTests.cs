using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class ContrastChangeTests
{
    /// <summary>Small: 2 → 1 and 4 → 4 (−50 %, 0 %); middle: undefined after; large: 10 → 11 and a dark one.</summary>
    [Fact]
    public void Hand_calculation_by_volume()
    {
        var bins = ContrastChange.Compare(
            [Lesion(1, 0.05, 2), Lesion(2, 0.1, 4), Lesion(1, 0.3, 5), Lesion(2, 2, 10), Lesion(3, 0.41, -1)],
            [Lesion(1, 0.05, 1), Lesion(2, 0.1, 4), Lesion(1, 0.3, double.NaN), Lesion(2, 2, 11), Lesion(3, 0.41, 1)]);

        Assert.Equal(["all", "≤ 0.1 cm³", "0.1–0.4 cm³", "> 0.4 cm³"], bins.Select(bin => bin.Name));
        Assert.Equal([(3, 2), (2, 0), (0, 1), (1, 1)], bins.Select(bin => (bin.N, bin.LeftOut)));
        Assert.Equal((3, 2.5, -0.25), (bins[1].ContrastToNoise.Before, bins[1].ContrastToNoise.After, bins[1].ContrastToNoise.MeanRelativeChange));
        Assert.Equal((2.5 / 3) - 1, bins[1].ContrastToNoise.ChangeOfMean, tolerance: 1e-12);
        Assert.True(double.IsNaN(bins[2].ContrastToNoise.MeanRelativeChange) && double.IsNaN(bins[2].Peak.ChangeOfMean));
        Assert.Equal(0.1, bins[3].ContrastToNoise.MeanRelativeChange, tolerance: 1e-12);
        Assert.Equal((-0.5 + 0 + 0.1) / 3, bins[0].ContrastToNoise.MeanRelativeChange, tolerance: 1e-12);
    }

    [Fact]
    public void Peaks_have_their_own_change()
    {
        var bins = ContrastChange.Compare(
            [new(1, 0.05, 9, 2, 8, null), new(2, 0.06, 9, 2, 10, null)], [new(1, 0.05, 9, 2, 6, null), new(2, 0.06, 9, 2, 10, null)]);

        Assert.Equal(0, bins[1].ContrastToNoise.MeanRelativeChange);
        Assert.Equal((9, 8, -0.125), (bins[1].Peak.Before, bins[1].Peak.After, bins[1].Peak.MeanRelativeChange));
    }

    [Fact]
    public void No_lesion_gives_empty_bins_and_own_limits_are_kept()
    {
        Assert.All(ContrastChange.Compare([], []), bin => Assert.Equal((0, 0), (bin.N, bin.LeftOut)));
        Assert.Equal(["all", "≤ 1 cm³", "> 1 cm³"], ContrastChange.Compare([], [], [1]).Select(bin => bin.Name));
    }

    [Fact]
    public void Other_lesions_and_unordered_limits_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ContrastChange.Compare([Lesion(1, 0.05, 2)], []));
        Assert.Throws<ArgumentException>(() => ContrastChange.Compare([Lesion(1, 0.05, 2)], [Lesion(1, 0.06, 2)]));
        Assert.Throws<ArgumentException>(() => ContrastChange.Compare([], [], [0.4, 0.1]));
    }

    private static LesionContrastValue Lesion(int number, double volumeCm3, double contrast) =>
        new(number, volumeCm3, 9, contrast, 2 * contrast, double.IsNaN(contrast) ? "the shell around it is empty" : null);
}
