using System.CommandLine;
using MetSeg.Evaluation;
using MetSeg.Imaging;

namespace MetSeg.App;

/// <summary>The options that say how predictions are compared with references. What is not given is the preset's.</summary>
internal sealed class EvaluationArguments
{
    private readonly Option<string> preset = new Option<string>("--preset")
    {
        Description = "All of the options below as a paper or challenge has them: "
            + string.Join("; ", EvaluationPreset.All.Select(preset => $"{preset.Name} ({preset.Source})")) + ".",
        DefaultValueFactory = _ => EvaluationPreset.All[0].Name,
    }.OneOf([.. EvaluationPreset.All.Select(preset => preset.Name)]);

    private readonly Option<int?> label = new("--label") { Description = "Evaluate this label alone; otherwise each label there is.", HelpName = "N" };
    private readonly Option<IReadOnlyList<EvaluationRegion>?> regions = new("--regions")
    {
        Description = "Evaluate joined labels. brats: ET 3, TC 1+3, WT 1+2+3; brats2021: ET 4, TC 1+3+4, WT 1+2+3+4; or your own.",
        HelpName = "brats|brats2021|NAME=1+2,…",
        CustomParser = result => EvaluationSpelling.Regions(result.Tokens[0].Value, result.AddError),
    };

    private readonly Option<string?> surface = new Option<string?>("--surface") { Description = "How surfaces are taken (surfel)." }
        .OneOf("surfel", "erosion6", "erosion26");

    private readonly Option<string?> directions = new Option<string?>("--directions")
    {
        Description = "Percentile and mean distance of each direction apart, the larger or mean of them (separate), or of all distances (pooled).",
    }.OneOf("separate", "pooled");

    private readonly Option<double?> percentile = new("--percentile") { Description = "Percentile of the robust Hausdorff distance (95).", HelpName = "X" };
    private readonly Option<double?> tolerance = new("--tolerance") { Description = "Largest distance in mm that counts as agreement in surface Dice (1).", HelpName = "MM" };
    private readonly Option<string?> empty = new Option<string?>("--empty-policy") { Description = "Scores where a mask is empty (null: none, and counted)." }
        .OneOf("null", "brats", "reloaded", "seed000");

    private readonly Option<int?> connectivity = new("--connectivity") { Description = "Neighbors through which voxels join to a lesion (26).", HelpName = "6|18|26" };
    private readonly Option<LesionOptions?> matching = new("--matching")
    {
        Description = "When a lesion is found (any-overlap): any-overlap, one-to-one by IoU (hungarian:0.5, greedy:0.5), or as a BraTS challenge (brats:met).",
        HelpName = "RULE",
        CustomParser = result => EvaluationSpelling.Matching(result.Tokens[0].Value, result.AddError),
    };

    private readonly Option<double?> minLesion = new("--min-lesion") { Description = "Lesions of the reference below this volume do not count (0).", HelpName = "MM3" };
    private readonly Option<double?> minPrediction = new("--min-prediction") { Description = "Predicted components below this volume are passed over (0).", HelpName = "MM3" };
    private readonly Option<string?> contour = new Option<string?>("--lesion-prediction")
    {
        Description = "What a found lesion's contour is compared with: the union of what found it, or the part of largest overlap (union).",
    }.OneOf("union", "largest-overlap");

    private readonly Option<string?> brats = new Option<string?>("--brats") { Description = "Lesion-wise scores of a BraTS challenge beside (met)." }
        .OneOf([.. BratsChallenge.Known.Keys, "none"]);

    private readonly Option<SmallRegion?> withoutSmall = new("--without-small")
    {
        Description = "Averages also without cases whose reference has fewer voxels of a region.",
        HelpName = "ET:60",
        CustomParser = result => EvaluationSpelling.Small(result.Tokens[0].Value, result.AddError),
    };

    private readonly Option<bool> allowMissing = new("--allow-missing")
    {
        Description = "Leave out, and list, references without a prediction instead of refusing.",
    };

    /// <summary>Adds the options to a command.</summary>
    public EvaluationArguments(Command command)
    {
        foreach (var option in new Option[]
        {
            preset, label, regions, surface, directions, percentile, tolerance, empty, connectivity, matching, minLesion, minPrediction, contour, brats,
            withoutSmall, allowMissing,
        })
        {
            command.Add(option);
        }
    }

    /// <summary>What the user chose.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    public EvaluationOptions From(ParseResult parse, long seed)
    {
        var chosen = EvaluationPreset.All.Single(one => one.Name == parse.GetRequiredValue(preset)).Options;
        return chosen with
        {
            Label = parse.GetValue(label),
            Regions = parse.GetValue(regions) ?? (parse.GetValue(label) is null ? chosen.Regions : []),
            Surface = Surface(parse, chosen.Surface),
            Lesions = Lesions(parse, chosen.Lesions),
            EmptyPolicy = parse.GetValue(empty) is { } policy ? Enum.Parse<EmptyPolicy>(policy, ignoreCase: true) : chosen.EmptyPolicy,
            WithoutSmall = parse.GetValue(withoutSmall) ?? chosen.WithoutSmall,
            AllowMissing = parse.GetValue(allowMissing),
            Seed = seed,
        };
    }

    private SurfaceOptions Surface(ParseResult parse, SurfaceOptions preset) => preset with
    {
        Kind = parse.GetValue(surface) is { } kind ? Enum.Parse<SurfaceKind>(kind, ignoreCase: true) : preset.Kind,
        Directions = parse.GetValue(directions) is { } joined ? Enum.Parse<SurfaceDirections>(joined, ignoreCase: true) : preset.Directions,
        Percentile = parse.GetValue(percentile) ?? preset.Percentile,
        ToleranceMm = parse.GetValue(tolerance) ?? preset.ToleranceMm,
    };

    private LesionOptions Lesions(ParseResult parse, LesionOptions preset)
    {
        var rule = parse.GetValue(matching) ?? preset;
        return preset with
        {
            Connectivity = parse.GetValue(connectivity) ?? preset.Connectivity,
            Criterion = rule.Criterion,
            MinIou = rule.MinIou,
            Challenge = rule.Challenge,
            MinReferenceMm3 = parse.GetValue(minLesion) ?? preset.MinReferenceMm3,
            MinPredictionMm3 = parse.GetValue(minPrediction) ?? preset.MinPredictionMm3,
            Contour = parse.GetValue(contour) switch { null => preset.Contour, "union" => LesionContour.Union, _ => LesionContour.LargestOverlap },
            BratsBeside = parse.GetValue(brats) switch { null => preset.BratsBeside, "none" => null, var name => name },
        };
    }
}
