using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class LesionMatchingTests
{
    private static readonly LesionOptions options = new();

    [Fact]
    public void One_prediction_over_two_lesions_finds_both()
    {
        var matching = LesionMatching.Match(Masks.Of((1, 1, 1), (5, 1, 1)), Masks.Of((1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 1, 1), (5, 1, 1)), options);

        Assert.Equal(new LesionScores(2, 0, 0) { DetectingComponents = 1 }, matching.Scores);
    }

    [Fact]
    public void Two_predictions_of_one_lesion_count_once_and_none_is_false()
    {
        var matching = LesionMatching.Match(Masks.Of((1, 1, 1), (2, 1, 1), (3, 1, 1)), Masks.Of((1, 1, 1), (3, 1, 1)), options);

        Assert.Equal(new LesionScores(1, 0, 0) { DetectingComponents = 2 }, matching.Scores);
        Assert.Equal([1, 2], matching.Lesions[0].Prediction);
    }

    [Fact]
    public void A_prediction_beside_a_lesion_is_false_and_the_lesion_missed()
    {
        var matching = LesionMatching.Match(Masks.Of((1, 1, 1)), Masks.Of((2, 2, 2)), options);

        Assert.Equal(new LesionScores(0, 1, 1), matching.Scores);
        Assert.Equal(1, Assert.Single(matching.FalsePositives).Voxels);
    }

    [Theory]
    [InlineData(26, 1)]
    [InlineData(6, 2)]
    public void Connectivity_decides_what_one_lesion_is(int connectivity, int lesions) =>
        Assert.Equal(lesions, LesionMatching.Match(Masks.Of((1, 1, 1), (2, 2, 2)), Masks.Of(), options with { Connectivity = connectivity }).Scores.FalseNegatives);

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

    [Fact]
    public void One_to_one_pairs_by_the_sum_of_IoUs_or_greedily()
    {
        // Lesion a is 6 voxels, b 4. Component 1 covers 3 of a and 3 of b, component 2 the other 2 of a.
        var reference = Masks.Of((0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0), (5, 0, 0), (3, 2, 0), (4, 2, 0), (5, 2, 0), (6, 2, 0));
        var prediction = Masks.Of((0, 0, 0), (1, 0, 0), (3, 0, 0), (4, 0, 0), (5, 0, 0), (4, 1, 0), (3, 2, 0), (4, 2, 0), (5, 2, 0));
        var oneToOne = options with { MinIou = 0.1 };

        var greedy = LesionMatching.Match(reference, prediction, oneToOne with { Criterion = LesionCriterion.Greedy });
        var hungarian = LesionMatching.Match(reference, prediction, oneToOne with { Criterion = LesionCriterion.Hungarian });
        var strict = LesionMatching.Match(reference, prediction, oneToOne with { Criterion = LesionCriterion.Hungarian, MinIou = 0.35 });

        Assert.Equal((2, 0, 0), (hungarian.Scores.TruePositives, hungarian.Scores.FalseNegatives, hungarian.Scores.FalsePositives));
        Assert.Equal([[1], [2]], hungarian.Lesions.Select(lesion => lesion.Prediction.ToArray()));
        Assert.Equal(hungarian.Scores, greedy.Scores);
        Assert.Equal((1, 1, 1), (strict.Scores.TruePositives, strict.Scores.FalseNegatives, strict.Scores.FalsePositives));
    }

    [Fact]
    public void The_largest_sum_may_need_a_pair_that_greed_passes_over()
    {
        // IoUs: a-1 3/7, a-2 2/8 = 1/4, b-1 3/8: greed takes a-1 alone (b-2 do not overlap), the sum is largest with a-2 and b-1.
        OneToOneMatching.Pair[] pairs = [new(1, 1, 3 / 7.0), new(1, 2, 0.25), new(2, 1, 0.375)];

        Assert.Equal([pairs[0]], OneToOneMatching.Greedy(pairs));
        Assert.Equal([pairs[1], pairs[2]], OneToOneMatching.Hungarian(pairs));
    }

    [Fact]
    public void The_best_pairs_are_those_of_trying_all()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var pairs = Enumerable.Range(0, 16).Where(_ => random.Next(2) == 0)
                .Select(i => new OneToOneMatching.Pair((i / 4) + 1, (i % 4) + 1, random.NextDouble())).ToList();

            var found = OneToOneMatching.Hungarian(pairs);

            Assert.Equal(Best(pairs, 1, 0), found.Sum(pair => pair.Iou), tolerance: 1e-12);
            Assert.Equal(found.Count, found.Select(pair => pair.Prediction).Distinct().Count());
            Assert.Equal(found.Count, found.Select(pair => pair.Reference).Distinct().Count());
        }

        static double Best(List<OneToOneMatching.Pair> pairs, int lesion, int taken) => lesion > 4 ? 0 : pairs
            .Where(pair => pair.Reference == lesion && (taken & (1 << pair.Prediction)) == 0)
            .Select(pair => pair.Iou + Best(pairs, lesion + 1, taken | (1 << pair.Prediction))).Append(Best(pairs, lesion + 1, taken)).Max();
    }

    [Fact]
    public void Small_lesions_neither_count_nor_make_what_touches_them_false()
    {
        var reference = Masks.Of((1, 1, 1), (5, 1, 1), (6, 1, 1));
        var prediction = Masks.Of((1, 1, 1), (9, 5, 1), (10, 5, 1));

        var matching = LesionMatching.Match(reference, prediction, options with { MinReferenceMm3 = 7 });
        var oneToOne = LesionMatching.Match(reference, prediction, options with { MinReferenceMm3 = 7, Criterion = LesionCriterion.Greedy });
        var largeOnly = LesionMatching.Match(reference, prediction, options with { MinPredictionMm3 = 7 });

        Assert.Equal(new LesionScores(0, 1, 1), matching.Scores);
        Assert.Equal(new LesionScores(0, 1, 1), oneToOne.Scores);
        Assert.Equal((false, true), (matching.Lesions[0].Counts, matching.Lesions[1].Counts));
        Assert.Equal(new LesionScores(0, 2, 1), largeOnly.Scores);
    }

    [Fact]
    public void BraTS_joins_near_lesions_and_finds_them_by_what_lies_beside()
    {
        // Two voxels with one between join by one dilation; the prediction beside them touches their zone. 3 voxels of 6 mm³ lie above the 2 mm³.
        var brats = options with { Criterion = LesionCriterion.Brats };

        var matching = LesionMatching.Match(Masks.Of((1, 1, 1), (3, 1, 1), (9, 6, 4)), Masks.Of((2, 2, 1), (6, 6, 1)), brats);

        Assert.Equal(new LesionScores(1, 1, 1) { DetectingComponents = 1 }, matching.Scores);
        Assert.Equal([1, 2], matching.Lesions[0].Reference);
        Assert.Empty(LesionMatching.Match(Masks.Of((1, 1, 1)), Masks.Of((2, 1, 1)), brats with { Challenge = "gli" }).FalsePositives);
        Assert.False(LesionMatching.Match(Masks.Of((1, 1, 1)), Masks.Of((2, 1, 1)), brats with { Challenge = "gli" }).Lesions[0].Counts);
    }

    [Fact]
    public void Options_are_checked()
    {
        var bad = options with { Connectivity = 7, MinIou = 2, MinReferenceMm3 = -1, Challenge = "moon" };

        Assert.Equal(4, bad.Problems().Count());
        Assert.Throws<OptionsException>(() => LesionMatching.Match(Masks.Of(), Masks.Of(), bad));
    }
}
