using System.CommandLine;
using MetSeg.Preprocessing;

namespace MetSeg.App;

/// <summary>The options of every command that plans.</summary>
internal sealed class PlanningArguments
{
    private readonly Option<string> planner = new Option<string>("--planner")
    {
        Description = "How to plan. default: nnU-Net's plain U-Net for 8 GB; resenc-m, -l, -xl: its residual encoders for 8, 24 and 40 GB.",
        DefaultValueFactory = _ => "default",
    }.OneOf([.. PlannerPreset.ByName.Keys]);

    private readonly Option<string> configuration = new Option<string>("--configuration")
    {
        Description = "Which of nnU-Net's configurations to preprocess for.",
        DefaultValueFactory = _ => Plans.FullResolution,
    }.OneOf(Plans.FullResolution, Plans.LowResolution, Plans.Cascade, Plans.Slices);

    private readonly Option<IReadOnlyList<double>?> spacing = OptionValues.List<double>(
        "--spacing", "1,1,1", "Voxel size x,y,z in mm to resample to; otherwise the data decide.");

    private readonly Option<double?> memoryGb = new("--memory-gb", "--memory-target")
    {
        Description = "Memory in GB that patch and batch may need when training; otherwise the planner's.",
        HelpName = "N",
    };

    private readonly Option<IReadOnlyList<int>?> maxPatch = OptionValues.List<int>(
        "--max-patch", "64,64,64", "Largest patch x,y,z in voxels; otherwise memory decides.");

    private readonly Option<int?> batchSize = new("--batch-size")
    {
        Description = "Samples a training step; otherwise as many as fit into memory.",
        HelpName = "N",
    };

    private readonly Option<int> baseFeatures = new("--base-features")
    {
        Description = "Features of the network's first stage; each further stage has twice as many.",
        DefaultValueFactory = _ => new PlannerOptions().BaseFeatures,
        HelpName = "N",
    };

    private readonly Option<int?> maxStages = new("--max-stages")
    {
        Description = "Most stages of the network, the deepest included; otherwise the patch decides.",
        HelpName = "N",
    };

    /// <summary>Adds the options to a command.</summary>
    public PlanningArguments(Command command)
    {
        foreach (var option in new Option[] { planner, configuration, spacing, memoryGb, maxPatch, batchSize, baseFeatures, maxStages })
        {
            command.Add(option);
        }
    }

    /// <summary>What the user chose.</summary>
    /// <exception cref="OptionsException">It cannot work.</exception>
    public PlannerOptions From(ParseResult parse)
    {
        var options = new PlannerOptions
        {
            Preset = PlannerPreset.ByName[parse.GetRequiredValue(planner)],
            Configuration = parse.GetRequiredValue(configuration),
            Spacing = parse.GetValue(spacing),
            MemoryGb = parse.GetValue(memoryGb),
            MaxPatch = parse.GetValue(maxPatch),
            BatchSize = parse.GetValue(batchSize),
            BaseFeatures = parse.GetValue(baseFeatures),
            MaxStages = parse.GetValue(maxStages),
        };
        OptionsException.ThrowIfAny("planning", options.Problems());
        return options;
    }
}
