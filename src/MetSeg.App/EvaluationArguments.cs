using System.CommandLine;
using MetSeg.Evaluation;
using MetSeg.Imaging;

namespace MetSeg.App;

/// <summary>The options that say how predictions are compared with references.</summary>
internal sealed class EvaluationArguments
{
    private static readonly EvaluationOptions defaults = new();

    private readonly Option<int?> label = new("--label") { Description = "Evaluate this label alone; otherwise each label there is.", HelpName = "N" };
    private readonly Option<string?> regions = new Option<string?>("--regions") { Description = "Evaluate joined labels. brats: ET 3, TC 1+3, WT 1+2+3." }
        .OneOf("brats");

    private readonly Option<string> surface = new Option<string>("--surface") { Description = "How surfaces are taken.", DefaultValueFactory = _ => "surfel" }
        .OneOf("surfel", "erosion6");

    private readonly Option<int> connectivity = new("--connectivity")
    {
        Description = "Neighbors through which voxels join to a lesion: 6, 18 or 26.",
        DefaultValueFactory = _ => defaults.Connectivity,
        HelpName = "6|18|26",
    };

    private readonly Option<double> percentile = new("--percentile")
    {
        Description = "Percentile of the robust Hausdorff distance.",
        DefaultValueFactory = _ => defaults.Percentile,
        HelpName = "X",
    };

    private readonly Option<double> tolerance = new("--tolerance")
    {
        Description = "Largest distance in mm that counts as agreement in surface Dice.",
        DefaultValueFactory = _ => defaults.ToleranceMm,
        HelpName = "MM",
    };

    private readonly Option<bool> allowMissing = new("--allow-missing")
    {
        Description = "Leave out, and list, references without a prediction instead of refusing.",
    };

    /// <summary>Adds the options to a command.</summary>
    public EvaluationArguments(Command command)
    {
        foreach (var option in new Option[] { label, regions, surface, connectivity, percentile, tolerance, allowMissing })
        {
            command.Add(option);
        }
    }

    /// <summary>What the user chose.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    public EvaluationOptions From(ParseResult parse, long seed) => new()
    {
        Label = parse.GetValue(label),
        Regions = parse.GetValue(regions) is null ? [] : EvaluationRegion.Brats,
        Surface = parse.GetValue(surface) == "surfel" ? SurfaceKind.Surfel : SurfaceKind.Erosion6,
        Connectivity = parse.GetValue(connectivity),
        Percentile = parse.GetValue(percentile),
        ToleranceMm = parse.GetValue(tolerance),
        AllowMissing = parse.GetValue(allowMissing),
        Seed = seed,
    };
}
