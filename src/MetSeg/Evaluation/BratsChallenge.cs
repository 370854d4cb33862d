namespace MetSeg.Evaluation;

/// <summary>What the lesion-wise rules of the BraTS challenges differ in.</summary>
/// <param name="Dilations">How often lesions grow by their 18 neighbors before those that join count as one.</param>
/// <param name="IgnoredMm3">Lesions of at most this volume in mm³ do not count.</param>
/// <remarks>rachitsaluja/BraTS-2023-Metrics 43c9052.</remarks>
public sealed record BratsChallenge(int Dilations, double IgnoredMm3)
{
    /// <summary>The distance in mm that a missed or an invented lesion costs.</summary>
    public const double PenaltyMm = 374;

    /// <summary>The challenges by name: metastases, meningioma, glioma, pediatric tumors, sub-Saharan glioma.</summary>
    public static IReadOnlyDictionary<string, BratsChallenge> Known { get; } = new SortedDictionary<string, BratsChallenge>(StringComparer.Ordinal)
    {
        ["met"] = new(1, 2),
        ["men"] = new(1, 50),
        ["gli"] = new(3, 50),
        ["ped"] = new(3, 50),
        ["ssa"] = new(3, 50),
    };
}
