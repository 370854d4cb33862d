using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>Options that follow a paper or a challenge, all at once.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">What it follows, and what the source leaves open.</param>
/// <param name="Options">The options.</param>
/// <remarks>docs/evaluation.md tells what each paper says and what its code does.</remarks>
public sealed record EvaluationPreset(string Name, string Source, EvaluationOptions Options)
{
    private static readonly LesionOptions withoutBrats = new() { BratsBeside = null };

    /// <summary>All presets, ours first.</summary>
    public static IReadOnlyList<EvaluationPreset> All { get; } =
    [
        new("metseg", "surfels, any overlap at 26 neighbors, undefined is null, BraTS-MET beside", new EvaluationOptions()),
        new("p1-text", "P1's text: border voxels by erosion, lesion-wise scores", new EvaluationOptions
        {
            Surface = new SurfaceOptions { Kind = SurfaceKind.Erosion6 }, Lesions = withoutBrats,
        }),
        new("p1-code", "P1's evaluator: the same surfaces, two empty masks score 0 and surface Dice 1 (its F1 is voxel Dice)", new EvaluationOptions
        {
            Surface = new SurfaceOptions { Kind = SurfaceKind.Erosion6 }, EmptyPolicy = EmptyPolicy.Seed000, Lesions = withoutBrats,
        }),
        new("p2", "P2: pooled any-overlap scores, contours of found lesions by surfels; connectivity is not stated", new EvaluationOptions { Lesions = withoutBrats }),
        new("p3", "P3: per lesion as P2; overlap rule and connectivity are not stated", new EvaluationOptions { Lesions = withoutBrats }),
        new("p4", "P4: ET, TC, WT; its Hausdorff distance is HD95 by surfels", new EvaluationOptions { Regions = EvaluationRegion.Brats, Lesions = withoutBrats }),
        new("p5", "P5: ET, TC, WT with BraTS penalties for empty masks, again without ET below 60 voxels", new EvaluationOptions
        {
            Regions = EvaluationRegion.Brats,
            EmptyPolicy = EmptyPolicy.Brats,
            WithoutSmall = new SmallRegion("ET", 60),
            Lesions = new LesionOptions { BratsBeside = "ped" },
        }),
        new("brats-met", "BraTS-METS: ET, TC, WT, lesions by the challenge's rules, its penalties", new EvaluationOptions
        {
            Regions = EvaluationRegion.Brats,
            EmptyPolicy = EmptyPolicy.Brats,
            Lesions = new LesionOptions { Criterion = LesionCriterion.Brats },
        }),
    ];
}
