using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class LesionMatchingTests
{
    [Fact]
    public void One_prediction_over_two_lesions_finds_both()
    {
        var matching = LesionMatching.Match(Masks.Of((1, 1, 1), (5, 1, 1)), Masks.Of((1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 1, 1), (5, 1, 1)));

        Assert.Equal(new LesionScores(2, 0, 0), matching.Scores);
    }

    [Fact]
    public void Two_predictions_of_one_lesion_count_once_and_none_is_false()
    {
        var matching = LesionMatching.Match(Masks.Of((1, 1, 1), (2, 1, 1), (3, 1, 1)), Masks.Of((1, 1, 1), (3, 1, 1)));

        Assert.Equal(new LesionScores(1, 0, 0), matching.Scores);
        Assert.Equal([1, 2], matching.Touching[0]);
    }

    [Fact]
    public void A_prediction_beside_a_lesion_is_false_and_the_lesion_missed()
    {
        var matching = LesionMatching.Match(Masks.Of((1, 1, 1)), Masks.Of((2, 2, 2)));

        Assert.Equal(new LesionScores(0, 1, 1), matching.Scores);
        Assert.Equal(1, Assert.Single(matching.FalsePositives).Voxels);
    }

    [Theory]
    [InlineData(26, 1)]
    [InlineData(6, 2)]
    public void Connectivity_decides_what_one_lesion_is(int connectivity, int lesions) =>
        Assert.Equal(lesions, LesionMatching.Match(Masks.Of((1, 1, 1), (2, 2, 2)), Masks.Of(), connectivity).Scores.FalseNegatives);

    [Fact]
    public void Scores_follow_from_counts()
    {
        var scores = new LesionScores(6, 2, 4);

        Assert.Equal(0.75, scores.Sensitivity);
        Assert.Equal(0.6, scores.Precision);
        Assert.Equal(12 / 18.0, scores.F1, tolerance: 1e-12);
        Assert.Equal(30 / 42.0, scores.F2, tolerance: 1e-12);
        Assert.Equal(new LesionScores(7, 4, 7), scores + new LesionScores(1, 2, 3));
    }

    [Fact]
    public void Scores_without_a_denominator_are_undefined()
    {
        Assert.Equal(double.NaN, new LesionScores(0, 0, 3).Sensitivity);
        Assert.Equal(0, new LesionScores(0, 0, 3).F1);
        Assert.Equal(double.NaN, new LesionScores(0, 2, 0).Precision);
        Assert.Equal(double.NaN, new LesionScores(0, 0, 0).F2);
    }
}
