namespace MetSeg.Evaluation;

/// <summary>A lesion of the reference, or a false positive, as lesions.csv lists it.</summary>
public sealed record ListedLesion
{
    /// <summary>The case that it is in.</summary>
    public required string Case { get; init; }

    /// <summary>The institution of the case.</summary>
    public required string Group { get; init; }

    /// <summary>The region that it is a part of.</summary>
    public required string Region { get; init; }

    /// <summary>Which of the two it is.</summary>
    public required LesionKind Kind { get; init; }

    /// <summary>Its volume in cm³, positive: of the reference's lesion, or of the predicted component for a false positive.</summary>
    public required double VolumeCm3 { get; init; }

    /// <summary>Volume in cm³ of what found it, or of a false positive itself; 0 where it was missed, NaN where the table does not say.</summary>
    public double PredictedVolumeCm3 { get; init; } = double.NaN;

    /// <summary>Whether it was found; false for a false positive.</summary>
    public bool Detected { get; init; }

    /// <summary>Dice of a found lesion; NaN otherwise.</summary>
    public double Dice { get; init; } = double.NaN;

    /// <summary>Robust Hausdorff distance of a found lesion in mm; NaN otherwise.</summary>
    public double Hd95 { get; init; } = double.NaN;

    /// <summary>Surface Dice of a found lesion; NaN otherwise.</summary>
    public double SurfaceDice { get; init; } = double.NaN;

    /// <summary>The lesions of an evaluation in memory, in the order of lesions.csv, without those that do not count.</summary>
    public static IReadOnlyList<ListedLesion> AllOf(EvaluationResult result) =>
        [.. result.Cases.SelectMany(c => c.Regions.SelectMany(region => region.LesionList.Where(lesion => lesion.Counts).Select(lesion => new ListedLesion
        {
            Case = c.Case,
            Group = c.Group,
            Region = region.Region,
            Kind = lesion.Kind,
            VolumeCm3 = lesion.VolumeCm3,
            PredictedVolumeCm3 = lesion.PredictedVolumeCm3,
            Detected = lesion.Detected,
            Dice = lesion.Dice,
            Hd95 = lesion.Hd95,
            SurfaceDice = lesion.SurfaceDice,
        })))];
}
