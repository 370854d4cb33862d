namespace MetSeg.Evaluation;

/// <summary>The lesion-wise scores of a BraTS challenge of one region of one case.</summary>
/// <param name="Lesions">Lesions found and missed, of those that count, and false components.</param>
/// <param name="Dice">Σ Dice / (lesions + false components), a missed lesion counting 0; 1 where there is neither.</param>
/// <param name="Hd95">
/// (Σ HD95 + 374 · false components) / (lesions + false components) in mm by surfels, a missed lesion counting 374; 0 where there is neither.
/// </param>
/// <remarks>
/// rachitsaluja/BraTS-2023-Metrics 43c9052 (Saluja et al. 2023). Of these rules follows: a component that lies beside a lesion finds it with Dice 0, one
/// that bridges two counts in full against each, and dilation can join the satellites of a tumor to one lesion.
/// </remarks>
public sealed record BratsScores(LesionScores Lesions, double Dice, double Hd95)
{
    /// <summary>Scores everything that is not background; take a region with <see cref="LabelMap.Select"/>.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="prediction">The prediction, on the same grid.</param>
    /// <param name="challenge">A name of <see cref="BratsChallenge.Known"/>.</param>
    /// <exception cref="GridMismatchException">The masks lie on different grids.</exception>
    /// <exception cref="KeyNotFoundException">There is no such challenge.</exception>
    public static BratsScores Compute(LabelMap reference, LabelMap prediction, string challenge = "met") => Of(MaskPair.Of(reference, prediction), challenge);

    /// <summary>Scores a pair of masks.</summary>
    internal static BratsScores Of(MaskPair tight, string challenge)
    {
        var options = new EvaluationOptions { Lesions = new LesionOptions { Criterion = LesionCriterion.Brats, Challenge = challenge } };
        var pair = tight.Widen(options.Lesions.MarginVoxels);
        var matching = LesionMatching.Match(pair, options.Lesions);
        var (lesions, dice, distance) = (0, 0.0, 0.0);
        foreach (var lesion in LesionEvaluation.All(pair, matching, options).Where(lesion => lesion.Kind == LesionKind.Reference && lesion.Counts))
        {
            lesions++;
            dice += lesion.Detected ? lesion.Dice : 0;
            distance += lesion.Detected ? lesion.Hd95 : BratsChallenge.PenaltyMm;
        }

        var falsePositives = matching.Scores.FalsePositives;
        var all = lesions + falsePositives;
        return all == 0
            ? new BratsScores(matching.Scores, 1, 0)
            : new BratsScores(matching.Scores, dice / all, (distance + (BratsChallenge.PenaltyMm * falsePositives)) / all);
    }
}
