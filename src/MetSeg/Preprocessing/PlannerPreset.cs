namespace MetSeg.Preprocessing;

/// <summary>One of nnU-Net's planners: the network it plans for and the memory that this network may fill.</summary>
/// <param name="Name">How plans.json names it (experiment_planner_used).</param>
/// <param name="PlansName">How it names its plans.</param>
/// <param name="Architecture">The network.</param>
/// <param name="Elements">Feature map elements of a batch of two (3-D) or twelve (2-D) that fill <paramref name="MemoryGb"/>.</param>
/// <param name="MemoryGb">Memory in GB of the device that it was made for.</param>
/// <param name="LargestShareOfData">Largest share of the data set's voxels in a batch.</param>
/// <remarks>nnU-Net 2.8; Isensee et al., nnU-Net Revisited, MICCAI 2024 (ResEnc M, L, XL).</remarks>
public sealed record PlannerPreset(
    string Name, string PlansName, NetworkArchitecture Architecture, (double In3D, double In2D) Elements, double MemoryGb, double LargestShareOfData)
{
    /// <summary>A plain U-Net for 8 GB: nnU-Net's default.</summary>
    public static PlannerPreset Default { get; } = new("ExperimentPlanner", "nnUNetPlans", NetworkArchitecture.PlainConvUNet, (560e6, 85e6), 8, 0.05);

    /// <summary>A residual encoder for 8 GB.</summary>
    public static PlannerPreset ResEncM { get; } = Residual("M", (680e6, 135e6), 8);

    /// <summary>A residual encoder for 24 GB.</summary>
    public static PlannerPreset ResEncL { get; } = Residual("L", (2.1e9, 380e6), 24);

    /// <summary>A residual encoder for 40 GB.</summary>
    public static PlannerPreset ResEncXL { get; } = Residual("XL", (3.6e9, 560e6), 40);

    /// <summary>The presets by the names that users give them.</summary>
    public static IReadOnlyDictionary<string, PlannerPreset> ByName { get; } = new Dictionary<string, PlannerPreset>
    {
        ["default"] = Default, ["resenc-m"] = ResEncM, ["resenc-l"] = ResEncL, ["resenc-xl"] = ResEncXL,
    };

    private static PlannerPreset Residual(string size, (double In3D, double In2D) elements, double memoryGb) => new(
        $"nnUNetPlannerResEnc{size}", $"nnUNetResEncUNet{size}Plans", NetworkArchitecture.ResidualEncoderUNet, elements, memoryGb, 1);
}
