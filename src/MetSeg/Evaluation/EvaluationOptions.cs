namespace MetSeg.Evaluation;

/// <summary>How predictions are compared with references. A number in a table means nothing without these.</summary>
public sealed record EvaluationOptions
{
    /// <summary>
    /// The one label that is evaluated. The default is null: one mask of everything that is not background where neither the references nor
    /// the predictions hold more than one label, else every label by itself.
    /// </summary>
    public int? Label { get; init; }

    /// <summary>Regions joined from labels, each evaluated by itself; see <see cref="EvaluationRegion.Brats"/>. The default is none.</summary>
    public IReadOnlyList<EvaluationRegion> Regions { get; init; } = [];

    /// <summary>How surfaces are compared.</summary>
    public SurfaceOptions Surface { get; init; } = new();

    /// <summary>What a lesion is and when it counts as found.</summary>
    public LesionOptions Lesions { get; init; } = new();

    /// <summary>What Dice and distances are where a mask is empty. The default is nothing.</summary>
    public EmptyPolicy EmptyPolicy { get; init; } = EmptyPolicy.Null;

    /// <summary>Groups are given again without cases that have little of a region; null for not. The default is null.</summary>
    public SmallRegion? WithoutSmall { get; init; }

    /// <summary>Whether probability maps are evaluated, too; set by the evaluation where a folder of them is given. The default is false.</summary>
    public bool Probabilities { get; init; }

    /// <summary>Whether references without a prediction are left out, and listed, instead of being an error. The default is false.</summary>
    public bool AllowMissing { get; init; }

    /// <summary>Resamples of the bootstrap over patients behind the 95 % confidence intervals. The default is 1000.</summary>
    public int BootstrapResamples { get; init; } = 1000;

    /// <summary>Seed of the bootstrap. The default is 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Everything that is wrong, one sentence a fault.</summary>
    public IEnumerable<string> Problems()
    {
        if (Label is < 1 or > 255)
        {
            yield return $"label must be from 1 to 255, not {Label}.";
        }

        if (Label is not null && Regions.Count > 0)
        {
            yield return "label and regions exclude each other; give one.";
        }

        foreach (var region in Regions.Where(region => region.Labels.Count == 0 || region.Labels.Any(label => label is < 1 or > 255)))
        {
            yield return $"regions: '{region.Name}' must join labels from 1 to 255.";
        }

        if (Regions.Select(region => region.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() < Regions.Count)
        {
            yield return "regions: names must differ.";
        }

        foreach (var problem in Surface.Problems().Concat(Lesions.Problems()))
        {
            yield return problem;
        }

        if (WithoutSmall is { Voxels: < 1 })
        {
            yield return $"withoutSmall: the number of voxels must be positive, not {WithoutSmall.Voxels}.";
        }

        if (BootstrapResamples < 1)
        {
            yield return $"bootstrapResamples must be positive, not {BootstrapResamples}.";
        }
    }
}
