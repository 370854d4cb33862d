using MetSeg.Evaluation;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Evaluation;

/// <summary>What must hold of every metric whatever the masks: forty random pairs each.</summary>
public sealed class EvaluationPropertyTests
{
    private static readonly Grid grid = Grid.Axial(new Size(20, 17, 14), new Spacing(0.7, 1, 2.5));
    private static readonly EvaluationOptions options = new();

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 40).ToArray());

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_mask_agrees_wholly_with_itself(int seed)
    {
        var mask = Draw(new Random(seed), (0, 0, 0));
        var region = Evaluate(mask, mask);

        Assert.Equal((1.0, 0.0, 0.0, 1.0, 0.0), (region.Dice, region.Hd95, region.MeanSurfaceDistance, region.SurfaceDice, region.RelativeVolumeError));
        Assert.Equal((0, 0), (region.Lesions.FalseNegatives, region.Lesions.FalsePositives));
        Assert.Equal((1, 0), (region.Brats!.Dice, region.Brats.Hd95));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Exchanging_the_masks_exchanges_what_is_directed_and_leaves_the_rest(int seed)
    {
        var random = new Random(seed);
        var (a, b) = (Draw(random, (0, 0, 0)), Draw(random, (0, 0, 0)));

        foreach (var kind in Enum.GetValues<SurfaceKind>())
        {
            foreach (var directions in Enum.GetValues<SurfaceDirections>())
            {
                var chosen = options with { Surface = new SurfaceOptions { Kind = kind, Directions = directions } };
                var (forth, back) = (Evaluate(a, b, chosen), Evaluate(b, a, chosen));

                Near((forth.Dice, forth.Hd, forth.Hd95), (back.Dice, back.Hd, back.Hd95));
                Near((forth.MeanSurfaceDistance, forth.SurfaceDice, forth.Sensitivity), (back.MeanSurfaceDistance, back.SurfaceDice, back.Precision));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Moving_both_masks_changes_nothing(int seed)
    {
        var (a, b) = (Draw(new Random(seed), (0, 0, 0)), Draw(new Random(seed + 1000), (0, 0, 0)));
        var (movedA, movedB) = (Draw(new Random(seed), (3, 2, 1)), Draw(new Random(seed + 1000), (3, 2, 1)));

        foreach (var criterion in Enum.GetValues<LesionCriterion>())
        {
            var chosen = options with { Lesions = new LesionOptions { Criterion = criterion, MinIou = 0.1 } };
            var (before, after) = (Evaluate(a, b, chosen), Evaluate(movedA, movedB, chosen));

            Near((before.Dice, before.Hd95, before.SurfaceDice), (after.Dice, after.Hd95, after.SurfaceDice));
            Assert.Equal(before.Lesions, after.Lesions);
            Near((before.Brats!.Dice, before.Brats.Hd95, before.MeanOverFound(l => l.LongestAxialDiameterMm)), (after.Brats!.Dice, after.Brats.Hd95, after.MeanOverFound(l => l.LongestAxialDiameterMm)));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void More_tolerance_higher_percentiles_and_stricter_matching_go_one_way(int seed)
    {
        var random = new Random(seed);
        var (a, b) = (Draw(random, (0, 0, 0)), Draw(random, (0, 0, 0)));
        var distances = SurfaceDistances.Compute(a, b);

        var byTolerance = Enumerable.Range(0, 12).Select(i => SurfaceDice.Compute(distances, i / 2.0)).ToList();
        var byPercentile = Enumerable.Range(1, 20).Select(i => HausdorffDistance.Compute(distances, options.Surface, 5 * i)).ToList();
        var byIou = Enumerable.Range(0, 11).Select(i =>
            LesionMatching.Match(a, b, new LesionOptions { Criterion = LesionCriterion.Hungarian, MinIou = i / 10.0 }).Scores.TruePositives).ToList();

        Assert.Equal(byTolerance.Order(), byTolerance);
        Assert.Equal(byPercentile.Order(), byPercentile);
        Assert.Equal(byIou.OrderDescending(), byIou);
        Assert.InRange(SurfaceDice.Compute(distances, 100), 1 - 1e-12, 1 + 1e-12);
    }

    [Theory]
    [InlineData(EmptyPolicy.Null, double.NaN, double.NaN, double.NaN, 0, double.NaN)]
    [InlineData(EmptyPolicy.Brats, 1, 0, 1, 0, 374)]
    [InlineData(EmptyPolicy.Reloaded, 1, 0, 1, 0, double.NaN)]
    [InlineData(EmptyPolicy.Seed000, 0, double.NaN, 1, 0, double.NaN)]
    public void Empty_masks_score_as_the_policy_says(EmptyPolicy policy, double diceBoth, double hd95Both, double surfaceBoth, double diceOne, double hd95One)
    {
        var chosen = options with { EmptyPolicy = policy };

        var both = Evaluate(Masks.Of(), Masks.Of(), chosen);
        Assert.Equal((diceBoth, hd95Both, surfaceBoth), (both.Dice, both.Hd95, both.SurfaceDice));
        foreach (var one in new[] { Evaluate(Masks.Of((1, 1, 1)), Masks.Of(), chosen), Evaluate(Masks.Of(), Masks.Of((1, 1, 1)), chosen) })
        {
            Assert.Equal((diceOne, hd95One, 0.0), (one.Dice, one.Hd95, one.SurfaceDice));
        }
    }

    [Fact]
    public void A_lesion_at_the_face_of_the_grid_or_of_one_voxel_is_measured()
    {
        var corner = Evaluate(Masks.Of((0, 0, 0), (11, 7, 5)), Masks.Of((0, 0, 0), (10, 7, 5)));

        Assert.Equal(new LesionScores(1, 1, 1) { DetectingComponents = 1 }, corner.Lesions);
        Assert.Equal([2.0, 2, 2], corner.LesionList.Select(lesion => lesion.LongestAxialDiameterMm));
        Assert.Equal((2, 1), (corner.Brats!.Lesions.TruePositives + corner.Brats.Lesions.FalseNegatives, corner.LesionList.Count(lesion => lesion.Detected)));
    }

    [Fact]
    public void The_axial_diameter_is_taken_across_head_to_foot_whichever_way_slices_lie()
    {
        // Sagittal storage: voxel axes run front-back, up-down, left-right. A bar along the up-down axis has an axial diameter of one voxel.
        var sagittal = new Grid(new Size(8, 8, 8), new Affine(0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0));
        var labels = new byte[512];
        for (var y = 0; y < 6; y++)
        {
            labels[sagittal.Size.Index(2, y, 3)] = 1;
        }

        var bar = new LabelMap(sagittal, labels);

        Assert.Equal(1, Evaluate(bar, bar).LesionList[0].LongestAxialDiameterMm, tolerance: 1e-6);
        var axial = new LabelMap(Grid.Axial(new Size(8, 8, 8), new Spacing(1, 1, 1)), labels);
        Assert.Equal(6, Evaluate(axial, axial).LesionList[0].LongestAxialDiameterMm, tolerance: 1e-6);
    }

    private static RegionEvaluation Evaluate(LabelMap reference, LabelMap prediction, EvaluationOptions? with = null) =>
        Evaluator.EvaluateCase("x", reference, prediction, (with ?? options) with { Label = 1 }).Regions[0];

    /// <summary>One to four boxes of one to five voxels a side, moved by an offset that never reaches the grid's faces.</summary>
    private static LabelMap Draw(Random random, (int X, int Y, int Z) offset)
    {
        var labels = new byte[grid.Size.Count];
        for (var box = random.Next(1, 5); box > 0; box--)
        {
            var (x0, y0, z0) = (random.Next(3, 11), random.Next(3, 8), random.Next(3, 6));
            var (nx, ny, nz) = (random.Next(1, 6), random.Next(1, 6), random.Next(1, 6));
            for (var i = 0; i < nx * ny * nz; i++)
            {
                labels[grid.Size.Index(x0 + (i % nx) + offset.X, y0 + (i / nx % ny) + offset.Y, z0 + (i / nx / ny) + offset.Z)] = 1;
            }
        }

        return new LabelMap(grid, labels);
    }

    private static void Near((double A, double B, double C) expected, (double A, double B, double C) actual)
    {
        Assert.Equal(expected.A, actual.A, tolerance: 1e-6);
        Assert.Equal(expected.B, actual.B, tolerance: 1e-6);
        Assert.Equal(expected.C, actual.C, tolerance: 1e-6);
    }
}
