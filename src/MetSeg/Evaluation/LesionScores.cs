namespace MetSeg.Evaluation;

/// <summary>Detection counts of lesions and what follows from them. A score without a denominator is NaN, never 0 or 1.</summary>
/// <param name="TruePositives">Reference lesions that were found.</param>
/// <param name="FalseNegatives">Reference lesions that were missed.</param>
/// <param name="FalsePositives">Predicted components that touch no reference voxel.</param>
public sealed record LesionScores(int TruePositives, int FalseNegatives, int FalsePositives)
{
    /// <summary>Predicted components that found a lesion; two that found the same one are two.</summary>
    public int DetectingComponents { get; init; }

    /// <summary>Share of reference lesions that were found; NaN where there are none.</summary>
    public double Sensitivity => (double)TruePositives / (TruePositives + FalseNegatives);

    /// <summary>
    /// Found reference lesions over found ones and false positives; NaN where nothing was found. One lesion found by two components
    /// counts once.
    /// </summary>
    public double Precision => (double)TruePositives / (TruePositives + FalsePositives);

    /// <summary>Share of predicted components that found a lesion; NaN where nothing was predicted. One lesion found by two counts twice.</summary>
    public double ComponentPrecision => (double)DetectingComponents / (DetectingComponents + FalsePositives);

    /// <summary>Harmonic mean of sensitivity and precision; NaN where reference and prediction are empty.</summary>
    public double F1 => FBeta(1);

    /// <summary>F with sensitivity twice as important as precision; NaN where reference and prediction are empty.</summary>
    public double F2 => FBeta(2);

    /// <summary>Counts of several cases pooled.</summary>
    public static LesionScores operator +(LesionScores a, LesionScores b) => Add(a, b);

    /// <summary>Counts of several cases pooled.</summary>
    public static LesionScores Add(LesionScores a, LesionScores b) => new(
        a.TruePositives + b.TruePositives, a.FalseNegatives + b.FalseNegatives, a.FalsePositives + b.FalsePositives)
    {
        DetectingComponents = a.DetectingComponents + b.DetectingComponents,
    };

    /// <summary>(1 + β²) TP / ((1 + β²) TP + β² FN + FP).</summary>
    /// <param name="beta">How many times as important sensitivity is as precision.</param>
    public double FBeta(double beta)
    {
        var square = beta * beta;
        return (1 + square) * TruePositives / (((1 + square) * TruePositives) + (square * FalseNegatives) + FalsePositives);
    }
}
