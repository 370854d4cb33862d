using MetSeg.Imaging;

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

    /// <summary>Neighbors through which voxels join to a lesion: 6, 18 or 26. The default is 26.</summary>
    public int Connectivity { get; init; } = 26;

    /// <summary>How surfaces are taken. The default is surfels.</summary>
    public SurfaceKind Surface { get; init; } = SurfaceKind.Surfel;

    /// <summary>Percentile of the robust Hausdorff distance, taken in each direction; the larger counts. The default is 95.</summary>
    public double Percentile { get; init; } = 95;

    /// <summary>Largest distance that counts as agreement in surface Dice, in mm. The default is 1.</summary>
    public double ToleranceMm { get; init; } = 1;

    /// <summary>Whether references without a prediction are left out, and listed, instead of being an error. The default is false.</summary>
    public bool AllowMissing { get; init; }

    /// <summary>Resamples of the bootstrap over cases behind the 95 % confidence intervals. The default is 1000.</summary>
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

        if (Connectivity is not (6 or 18 or 26))
        {
            yield return $"connectivity must be 6, 18 or 26, not {Connectivity}.";
        }

        if (!(Percentile is > 0 and <= 100))
        {
            yield return $"percentile must be above 0 and at most 100, not {Percentile}.";
        }

        if (!(ToleranceMm >= 0 && double.IsFinite(ToleranceMm)))
        {
            yield return $"toleranceMm must be 0 or more, not {ToleranceMm}.";
        }

        if (BootstrapResamples < 1)
        {
            yield return $"bootstrapResamples must be positive, not {BootstrapResamples}.";
        }
    }
}
