namespace MetSeg.Preprocessing;

/// <summary>What the planner may use. The defaults are nnU-Net's; the caps are for machines smaller than it was made for.</summary>
public sealed record PlannerOptions
{
    /// <summary>Which of nnU-Net's planners. The default is the plain U-Net's.</summary>
    public PlannerPreset Preset { get; init; } = PlannerPreset.Default;

    /// <summary>Which configuration is preprocessed: 3d_fullres (default), 3d_lowres, 3d_cascade_fullres (the same cases as 3d_fullres) or 2d.</summary>
    public string Configuration { get; init; } = Plans.FullResolution;

    /// <summary>Memory of the training device in GB that patch and batch must fit; null (default) for the preset's (8 for the default one).</summary>
    public double? MemoryGb { get; init; }

    /// <summary>Voxel size (x, y, z) in mm to resample to; null (default) lets the data decide.</summary>
    public IReadOnlyList<double>? Spacing { get; init; }

    /// <summary>Largest patch (x, y, z) in voxels; null (default) for no cap. The network is planned for the capped patch.</summary>
    public IReadOnlyList<int>? MaxPatch { get; init; }

    /// <summary>Samples per batch; null (default) takes what fits into memory, at least 2.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Features of the first stage; each further stage has twice as many. The default is 32.</summary>
    public int BaseFeatures { get; init; } = 32;

    /// <summary>Most features of a stage. The default is 320; networks of slices (2d) may have 512.</summary>
    public int MaxFeatures { get; init; } = 320;

    /// <summary>Most resolution stages, the bottleneck included; null (default) lets the patch decide.</summary>
    public int? MaxStages { get; init; }

    /// <summary>One sentence for each value that cannot work.</summary>
    public IEnumerable<string> Problems()
    {
        if (Configuration is not (Plans.FullResolution or Plans.LowResolution or Plans.Cascade or Plans.Slices))
        {
            yield return $"configuration must be {Plans.FullResolution}, {Plans.LowResolution}, {Plans.Cascade} or {Plans.Slices}, not {Configuration}.";
        }

        if (MemoryGb is { } memory && !(double.IsFinite(memory) && memory > 0))
        {
            yield return $"memoryGb must be positive, not {MemoryGb}.";
        }

        if (Spacing is not null && (Spacing.Count != 3 || Spacing.Any(length => !double.IsFinite(length) || length <= 0)))
        {
            yield return $"spacing must be three positive lengths in mm (x, y, z), not [{string.Join(", ", Spacing)}].";
        }

        if (MaxPatch is not null && (MaxPatch.Count != 3 || MaxPatch.Any(edge => edge < 8)))
        {
            yield return $"maxPatch must be three edges of at least 8 voxels (x, y, z), not [{string.Join(", ", MaxPatch)}].";
        }

        if (BatchSize < 1)
        {
            yield return $"batchSize must be at least 1, not {BatchSize}.";
        }

        if (BaseFeatures < 1)
        {
            yield return $"baseFeatures must be at least 1, not {BaseFeatures}.";
        }

        if (MaxFeatures < BaseFeatures)
        {
            yield return $"maxFeatures must be at least baseFeatures ({BaseFeatures}), not {MaxFeatures}.";
        }

        if (MaxStages < 2)
        {
            yield return $"maxStages must be at least 2, not {MaxStages}.";
        }
    }
}
