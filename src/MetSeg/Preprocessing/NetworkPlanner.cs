namespace MetSeg.Preprocessing;

/// <summary>Finds the largest patch whose network fits into memory, in two or three dimensions, and how many such patches do.</summary>
/// <param name="preset">Which planner's rules.</param>
/// <param name="options">Memory and caps.</param>
/// <param name="labels">Entries of dataset.json's labels: background, ignore and every region count.</param>
/// <param name="maxPatch">Largest patch in tensor order, or null.</param>
/// <remarks>Isensee et al., Nat Methods 2021;18:203–211; nnU-Net 2.8.</remarks>
internal sealed class NetworkPlanner(PlannerPreset preset, PlannerOptions options, int labels, IReadOnlyList<double>? maxPatch)
{
    private const double LeastBatch = 2;
    private const int MaxFeaturesIn2D = 512;

    /// <summary>Plans for images of one size.</summary>
    /// <param name="spacing">Voxel size in mm along two or three axes.</param>
    /// <param name="median">Median image in voxels along the same axes.</param>
    /// <param name="voxelsOfDataset">Voxels of all images.</param>
    public NetworkPlan Plan(double[] spacing, double[] median, double voxelsOfDataset)
    {
        var isFlat = spacing.Length == 2;
        var referenceBatch = isFlat ? 12 : 2;
        var reference = (isFlat ? preset.Elements.In2D : preset.Elements.In3D) * (options.MemoryGb ?? preset.MemoryGb) / preset.MemoryGb;

        // The plain planner asks for room for two samples, the residual ones for the whole reference batch.
        var most = preset.Architecture == NetworkArchitecture.PlainConvUNet ? reference * referenceBatch / 2 : reference;
        var topology = Fit(spacing, InitialPatch(spacing, median));
        var estimate = Estimate(topology);
        while (estimate > most && Shrink(topology, spacing, median) is { } smaller)
        {
            topology = smaller;
            estimate = Estimate(topology);
        }

        var batch = Math.Round(reference / estimate * referenceBatch);
        var share = Math.Round(voxelsOfDataset * preset.LargestShareOfData / topology.PatchSize.Aggregate(1.0, (product, edge) => product * edge));
        return new NetworkPlan(
            topology,
            options.BatchSize ?? (int)Math.Max(Math.Min(batch, share), LeastBatch),
            Features(topology),
            Blocks(topology),
            [.. Enumerable.Repeat(preset.Architecture.DecoderConvolutions(), topology.Stages - 1)]);
    }

    /// <summary>A cube in mm of as many voxels as 256³ (2048² in the plane), no larger than the median image.</summary>
    private static double[] InitialPatch(double[] spacing, double[] median)
    {
        var density = spacing.Aggregate(1.0, (product, length) => product / length);
        var edge = spacing.Length == 2 ? Math.Sqrt(2048.0 * 2048 / density) : Math.Cbrt(256.0 * 256 * 256 / density);
        return [.. spacing.Select((length, axis) => Math.Min(Math.Round(edge / length), median[axis]))];
    }

    private int[] Features(Topology topology) =>
        topology.Features(options.BaseFeatures, topology.PatchSize.Count == 2 ? Math.Max(options.MaxFeatures, MaxFeaturesIn2D) : options.MaxFeatures);

    private int[] Blocks(Topology topology) => [.. Enumerable.Range(0, topology.Stages).Select(stage => preset.Architecture.EncoderBlocks(stage))];

    private long Estimate(Topology topology) => preset.Architecture == NetworkArchitecture.PlainConvUNet
        ? topology.FeatureMapElements(Features(topology), labels)
        : topology.FeatureMapElements(Features(topology), Blocks(topology), labels);

    /// <summary>Takes the smallest step from the axis that is largest compared with the images; null where no axis can give more.</summary>
    private Topology? Shrink(Topology topology, double[] spacing, double[] median)
    {
        var ratios = topology.PatchSize.Select((edge, i) => edge / median[i]).ToArray();
        var axis = Array.LastIndexOf(ratios, ratios.Max());
        double[] patch = [.. topology.PatchSize];
        patch[axis] -= topology.TotalStride[axis];
        if (patch[axis] < 1)
        {
            return null;
        }

        var step = Fit(spacing, patch).TotalStride[axis];
        patch = [.. topology.PatchSize];
        patch[axis] -= step;
        return Fit(spacing, patch);
    }

    /// <summary>The topology for a patch, lowered until the padded patch respects the cap.</summary>
    private Topology Fit(double[] spacing, double[] patch)
    {
        var stages = options.MaxStages ?? int.MaxValue;
        if (maxPatch is null)
        {
            return Topology.For(spacing, patch, stages);
        }

        double[] cap = [.. maxPatch.TakeLast(patch.Length)];
        double[] wanted = [.. patch.Zip(cap, Math.Min)];
        var topology = Topology.For(spacing, wanted, stages);
        while (Enumerable.Range(0, cap.Length).Where(axis => topology.PatchSize[axis] > cap[axis]).ToList() is { Count: > 0 } exceeding)
        {
            exceeding.ForEach(axis => wanted[axis] = Math.Ceiling(wanted[axis]) - 1);
            topology = Topology.For(spacing, wanted, stages);
        }

        return topology;
    }
}

/// <summary>A network and its batch.</summary>
/// <param name="Topology">Patch, strides and kernels.</param>
/// <param name="BatchSize">Samples a training step.</param>
/// <param name="Features">Features of each stage.</param>
/// <param name="Blocks">Convolutions (plain) or residual blocks of each encoder stage.</param>
/// <param name="DecoderConvolutions">Convolutions of each decoder stage.</param>
internal sealed record NetworkPlan(
    Topology Topology, int BatchSize, IReadOnlyList<int> Features, IReadOnlyList<int> Blocks, IReadOnlyList<int> DecoderConvolutions)
{
    /// <summary>Voxels of a patch.</summary>
    public double PatchVoxels => Topology.PatchSize.Aggregate(1.0, (product, edge) => product * edge);
}
