using MathNet.Numerics.Statistics;

namespace MetSeg.Preprocessing;

/// <summary>
/// Plans preprocessing and networks for a data set by nnU-Net's rules: the same fingerprint gives the same plans, unless
/// <see cref="PlannerOptions"/> sets caps.
/// </summary>
/// <remarks>Isensee et al., Nat Methods 2021;18:203–211; nnU-Net 2.8.</remarks>
public sealed class Planner
{
    private const double AnisotropyThreshold = 3;
    private const double LowResolutionThreshold = 0.25, LowResolutionStep = 1.03, MaskThreshold = 0.75;

    private readonly PlannerOptions options;
    private readonly Fingerprint fingerprint;
    private readonly int[] transpose;
    private readonly NetworkPlanner networks;

    private Planner(Fingerprint fingerprint, int labels, PlannerOptions options)
    {
        (this.fingerprint, this.options) = (fingerprint, options);
        TargetSpacing = options.Spacing?.Reverse().ToArray() ?? MedianSpacing();
        var coarsest = Array.IndexOf(TargetSpacing, TargetSpacing.Max());
        transpose = [coarsest, .. Enumerable.Range(0, 3).Where(axis => axis != coarsest)];
        networks = new NetworkPlanner(
            options.Preset, options, labels, options.MaxPatch is { } cap ? Transposed([.. cap.Reverse().Select(edge => (double)edge)]) : null);
    }

    private double[] TargetSpacing { get; }

    /// <summary>Makes the plans for 3d_fullres.</summary>
    /// <inheritdoc cref="PlanAll"/>
    public static Plans Plan(Fingerprint fingerprint, Dataset dataset, PlannerOptions? options = null) => PlanAll(fingerprint, dataset, options)[0];

    /// <summary>
    /// Makes the plans for every configuration: 3d_fullres, then 3d_lowres where patches see too little of the images, then 2d.
    /// </summary>
    /// <param name="fingerprint">The data set's fingerprint; its number of cases counts as numTraining.</param>
    /// <param name="dataset">Where name, channels and labels come from; its cases are not looked at.</param>
    /// <param name="options">Memory and caps; null for the defaults.</param>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    /// <exception cref="DatasetException">The fingerprint has no cases, other channels, or images too small for a network.</exception>
    public static IReadOnlyList<Plans> PlanAll(Fingerprint fingerprint, Dataset dataset, PlannerOptions? options = null)
    {
        options ??= new PlannerOptions();
        OptionsException.ThrowIfAny("Planning", options.Problems());
        fingerprint.ThrowIfUnusable(dataset.ChannelNames.Count);
        var all = new Planner(fingerprint, dataset.Labels.Entries.Count, options).Plan(dataset);
        return all[0].Strides.Count >= 2
            ? all
            : throw new DatasetException(
                $"'{dataset.Name}': images of {string.Join("×", all[0].MedianShape.Reverse())} voxels (x, y, z) are too small for a network. "
                + "Two axes need at least 8 voxels: choose a finer spacing.");
    }

    private List<Plans> Plan(Dataset dataset)
    {
        var spacing = Transposed(TargetSpacing);
        var median = Transposed(Medians(fingerprint.ShapesAtSpacing(TargetSpacing)));
        var voxels = Product(median) * fingerprint.Spacings.Count;
        var full = networks.Plan(spacing, median, voxels);
        var low = LowResolution(full, spacing, median);
        var shared = Shared(dataset);
        List<Plans> all = [With(shared, Plans.FullResolution, full, spacing, median) with { BatchDice = low is not null }];
        if (low is { } coarse)
        {
            all.Add(With(shared, Plans.LowResolution, coarse.Network, coarse.Spacing, coarse.Median));
        }

        all.Add(With(shared, Plans.Slices, networks.Plan(spacing[1..], median[1..], voxels), spacing[1..], median[1..]) with { BatchDice = true });
        return all;
    }

    /// <summary>What all configurations have in common, with a network still to be filled in.</summary>
    private Plans Shared(Dataset dataset)
    {
        var schemes = dataset.ChannelNames.Select(NormalizationRules.ForChannel).ToList();
        return new Plans
        {
            DatasetName = dataset.Name,
            PlansName = options.Preset.PlansName,
            Planner = options.Preset.Name,
            Architecture = options.Preset.Architecture,
            ChannelNames = dataset.ChannelNames,
            Labels = dataset.Labels,
            OriginalMedianSpacing = Transposed(Medians(fingerprint.Spacings)),
            OriginalMedianShape = [.. Transposed(Medians(fingerprint.ShapesAfterCrop)).Select(edge => (int)edge)],
            TransposeForward = transpose,
            ForegroundIntensities = fingerprint.ForegroundIntensities,
            NormalizationSchemes = schemes,
            UseMaskForNormalization =
                [.. schemes.Select(scheme => scheme == Normalization.ZScoreNormalization && fingerprint.MedianRelativeSize < MaskThreshold)],
            Spacing = [],
            MedianShape = [],
            PatchSize = [],
            BatchSize = 0,
            Strides = [],
            KernelSizes = [],
            FeaturesPerStage = [],
            ConvPerStage = [],
            ConvPerStageDecoder = [],
        };
    }

    private static Plans With(Plans shared, string configuration, NetworkPlan network, double[] spacing, double[] median) => shared with
    {
        Configuration = configuration,
        DataIdentifier = DataIdentifier(shared.PlansName, configuration),
        Spacing = spacing,
        MedianShape = median,
        PatchSize = network.Topology.PatchSize,
        BatchSize = network.BatchSize,
        Strides = network.Topology.Strides,
        KernelSizes = network.Topology.KernelSizes,
        FeaturesPerStage = network.Features,
        ConvPerStage = network.Blocks,
        ConvPerStageDecoder = network.DecoderConvolutions,
    };

    /// <summary>All planners preprocess for 3d_fullres and 2d alike and share the folder; 3d_lowres depends on the network.</summary>
    private static string DataIdentifier(string plansName, string configuration) =>
        $"{(configuration == Plans.LowResolution ? plansName : PlannerPreset.Default.PlansName)}_{configuration}";

    /// <summary>
    /// The median over cases; for an axis that is much coarser than the others and has few voxels the 10th percentile, so that not all
    /// of the finer cases lose slices.
    /// </summary>
    private double[] MedianSpacing()
    {
        double[] target = Medians(fingerprint.Spacings), shape = Medians(fingerprint.ShapesAfterCrop);
        var worst = Array.IndexOf(target, target.Max());
        int[] others = [.. Enumerable.Range(0, 3).Where(axis => axis != worst)];
        double coarsestOther = others.Max(axis => target[axis]), smallestOther = others.Min(axis => shape[axis]);
        if (target[worst] > AnisotropyThreshold * coarsestOther && AnisotropyThreshold * shape[worst] < smallestOther)
        {
            var tenth = fingerprint.Spacings.Select(spacing => spacing[worst]).QuantileCustom(0.1, QuantileDefinition.R7);
            target[worst] = tenth < coarsestOther ? coarsestOther + 1e-5 : tenth;
        }

        return target;
    }

    /// <summary>
    /// Where a patch covers less than a quarter of the median image, voxels are made coarser until it does; null where that leaves more than
    /// half of them, or none was needed.
    /// </summary>
    private (NetworkPlan Network, double[] Spacing, double[] Median)? LowResolution(NetworkPlan full, double[] spacing, double[] median)
    {
        double[] coarse = [.. spacing], shape = [.. median];
        var (network, voxels) = (full, Product(median));
        while (network.PatchVoxels / voxels < LowResolutionThreshold)
        {
            var largest = coarse.Max();
            var anisotropic = coarse.Any(length => largest / length > 2);
            coarse = [.. coarse.Select(length => !anisotropic || largest / length > 2 ? length * LowResolutionStep : length)];
            shape = [.. median.Select((edge, axis) => spacing[axis] / coarse[axis] * edge)];
            voxels = Product(shape);
            network = networks.Plan(coarse, Rounded(shape), voxels * fingerprint.Spacings.Count);
        }

        return Product(median) / voxels >= 2 ? (network, coarse, Rounded(shape)) : null;
    }

    private static double[] Rounded(double[] shape) => [.. shape.Select(edge => Math.Max(1, Math.Round(edge)))];

    private double[] Transposed(double[] values) => [.. transpose.Select(axis => values[axis])];

    private static double[] Medians(IReadOnlyList<IReadOnlyList<double>> rows) =>
        [.. Enumerable.Range(0, 3).Select(axis => rows.Select(row => row[axis]).Median())];

    private static double[] Medians(IReadOnlyList<IReadOnlyList<int>> rows) =>
        Medians([.. rows.Select(row => (IReadOnlyList<double>)[.. row.Select(value => (double)value)])]);

    private static double Product(double[] values) => values.Aggregate(1.0, (product, value) => product * value);
}
