namespace MetSeg.Evaluation;

/// <summary>What Dice, distances and surface Dice are where a mask is empty. The tools disagree; see docs/evaluation.md.</summary>
public enum EmptyPolicy
{
    /// <summary>What has no value has none: null in files, left out of means, and counted.</summary>
    Null,

    /// <summary>BraTS: both empty is perfect (1 and 0 mm), one empty the worst (0 and 374 mm).</summary>
    Brats,

    /// <summary>MetricsReloaded: both empty is perfect (1 and 0 mm); of one empty mask distances have no value.</summary>
    Reloaded,

    /// <summary>The code of paper P1: both empty gives 0 for voxel scores and 1 for surface Dice; distances have no value.</summary>
    Seed000,
}

/// <summary>Applies the policy to a region's scores.</summary>
internal static class EmptyMasks
{
    /// <summary>The evaluation with what the policy says of empty masks.</summary>
    /// <param name="region">The evaluation, undefined where a mask is empty.</param>
    /// <param name="policy">The policy.</param>
    public static RegionEvaluation Apply(RegionEvaluation region, EmptyPolicy policy)
    {
        var (reference, prediction) = (region.TrueVolume == 0, region.PredictedVolume == 0);
        if (policy == EmptyPolicy.Null || !(reference || prediction))
        {
            return region;
        }

        var both = reference && prediction;
        if (policy == EmptyPolicy.Seed000)
        {
            return both
                ? region with { Dice = 0, Sensitivity = 0, Precision = 0, SurfaceDice = 1 }
                : region with { Sensitivity = 0, Precision = 0 };
        }

        var distance = both ? 0 : policy == EmptyPolicy.Brats ? BratsChallenge.PenaltyMm : double.NaN;
        return region with
        {
            Dice = both ? 1 : 0,
            SurfaceDice = both ? 1 : 0,
            Hd95 = distance,
            Hd = distance,
            MeanSurfaceDistance = distance,
            Sensitivity = policy == EmptyPolicy.Brats && reference ? (both ? 1 : 0) : region.Sensitivity,
        };
    }
}
