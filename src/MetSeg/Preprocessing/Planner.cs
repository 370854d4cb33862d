using MathNet.Numerics.Statistics;

namespace MetSeg.Preprocessing;

/// <summary>
/// Plans preprocessing and network for a data set by nnU-Net's rules (ExperimentPlanner, 3d_fullres): the same fingerprint gives the
/// same plans, unless <see cref="PlannerOptions"/> sets caps.
/// </summary>
/// <remarks>Isensee et al., Nat Methods 2021;18:203–211; nnU-Net 2.8.</remarks>
public sealed class Planner
{
    private const double ReferenceElements = 560e6, ReferenceGb = 8, ReferenceBatch = 2;
    private const double AnisotropyThreshold = 3, LargestShareOfData = 0.05;
    private const double LowResolutionThreshold = 0.25, LowResolutionStep = 1.03, MaskThreshold = 0.75;
    private const int ConvolutionsPerStage = 2;

    private readonly PlannerOptions options;
    private readonly Fingerprint fingerprint;
    private readonly int labels;
    private readonly int[] transpose;

    private Planner(Fingerprint fingerprint, int labels, PlannerOptions options)
    {
        (this.fingerprint, this.labels, this.options) = (fingerprint, labels, options);
        TargetSpacing = options.Spacing?.Reverse().ToArray() ?? MedianSpacing();
        var coarsest = Array.IndexOf(TargetSpacing, TargetSpacing.Max());
        transpose = [coarsest, .. Enumerable.Range(0, 3).Where(axis => axis != coarsest)];
    }

    private double[] TargetSpacing { get; }

    /// <summary>Makes the plans.</summary>
    /// <param name="fingerprint">The data set's fingerprint; its number of cases counts as numTraining.</param>
    /// <param name="dataset">Where name, channels and labels come from; its cases are not looked at.</param>
    /// <param name="options">Memory and caps; null for the defaults.</param>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    /// <exception cref="DatasetException">The fingerprint has no cases, other channels, or images too small for a network.</exception>
    public static Plans Plan(Fingerprint fingerprint, Dataset dataset, PlannerOptions? options = null)
    {
        options ??= new PlannerOptions();
        OptionsException.ThrowIfAny("Planning", options.Problems());
        fingerprint.ThrowIfUnusable(dataset.ChannelNames.Count);
        var planner = new Planner(fingerprint, dataset.Labels.Count, options);
        var plans = planner.Plan(dataset);
        return plans.Strides.Count >= 2
            ? plans
            : throw new DatasetException(
                $"'{dataset.Name}': images of {string.Join("×", plans.MedianShape.Reverse())} voxels (x, y, z) are too small for a network. "
                + "Two axes need at least 8 voxels: choose a finer spacing.");
    }

    private Plans Plan(Dataset dataset)
    {
        var spacing = Transposed(TargetSpacing);
        var median = Transposed(Medians(fingerprint.ShapesAtSpacing(TargetSpacing)));
        var network = PlanNetwork(spacing, median, Product(median) * fingerprint.Spacings.Count);
        var features = network.Topology.Features(options.BaseFeatures, options.MaxFeatures);
        var schemes = dataset.ChannelNames.Select(NormalizationRules.ForChannel).ToList();
        return new Plans
        {
            DatasetName = dataset.Name,
            ChannelNames = dataset.ChannelNames,
            Labels = dataset.Labels,
            OriginalMedianSpacing = Transposed(Medians(fingerprint.Spacings)),
            OriginalMedianShape = [.. Transposed(Medians(fingerprint.ShapesAfterCrop)).Select(edge => (int)edge)],
            TransposeForward = transpose,
            ForegroundIntensities = fingerprint.ForegroundIntensities,
            Spacing = spacing,
            MedianShape = median,
            PatchSize = network.Topology.PatchSize,
            BatchSize = options.BatchSize ?? network.BatchSize,
            NormalizationSchemes = schemes,
            UseMaskForNormalization =
                [.. schemes.Select(scheme => scheme == Normalization.ZScoreNormalization && fingerprint.MedianRelativeSize < MaskThreshold)],
            Strides = network.Topology.Strides,
            KernelSizes = network.Topology.KernelSizes,
            FeaturesPerStage = features,
            ConvPerStage = [.. features.Select(_ => ConvolutionsPerStage)],
            ConvPerStageDecoder = [.. features.Skip(1).Select(_ => ConvolutionsPerStage)],
            BatchDice = NeedsLowResolution(network.Topology, spacing, median),
        };
    }

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

    /// <summary>The largest patch whose network fits into memory, and how many of them do.</summary>
    private (Topology Topology, int BatchSize) PlanNetwork(double[] spacing, double[] median, double voxelsOfDataset)
    {
        var reference = ReferenceElements * options.MemoryGb / ReferenceGb;
        var density = spacing.Aggregate(1.0, (product, length) => product / length);
        var edge = Math.Cbrt(256.0 * 256 * 256 / density);
        var topology = Fit(spacing, [.. spacing.Select((length, axis) => Math.Min(Math.Round(edge / length), median[axis]))]);
        var estimate = Estimate(topology);
        while (estimate > reference && Shrink(topology, spacing, median) is { } smaller)
        {
            topology = smaller;
            estimate = Estimate(topology);
        }

        var batch = Math.Round(reference / estimate * ReferenceBatch);
        var most = Math.Round(voxelsOfDataset * LargestShareOfData / Product([.. topology.PatchSize.Select(e => (double)e)]));
        return (topology, (int)Math.Max(Math.Min(batch, most), ReferenceBatch));
    }

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
        if (options.MaxPatch is null)
        {
            return Topology.For(spacing, patch, stages);
        }

        var cap = Transposed([.. options.MaxPatch.Reverse().Select(edge => (double)edge)]);
        double[] wanted = [.. patch.Zip(cap, Math.Min)];
        var topology = Topology.For(spacing, wanted, stages);
        while (Enumerable.Range(0, 3).Where(axis => topology.PatchSize[axis] > cap[axis]).ToList() is { Count: > 0 } exceeding)
        {
            exceeding.ForEach(axis => wanted[axis] = Math.Ceiling(wanted[axis]) - 1);
            topology = Topology.For(spacing, wanted, stages);
        }

        return topology;
    }

    private double Estimate(Topology topology) =>
        topology.FeatureMapElements(topology.Features(options.BaseFeatures, options.MaxFeatures), labels);

    /// <summary>
    /// Whether nnU-Net would add a 3d_lowres configuration: a patch covers less than a quarter of the median image, and coarsening the
    /// voxels until it does leaves less than half of them. Then the Dice loss of 3d_fullres is computed over the batch.
    /// </summary>
    private bool NeedsLowResolution(Topology topology, double[] spacing, double[] median)
    {
        double[] coarse = [.. spacing];
        var patchVoxels = Product([.. topology.PatchSize.Select(edge => (double)edge)]);
        var (fullVoxels, voxels) = (Product(median), Product(median));
        while (patchVoxels / voxels < LowResolutionThreshold)
        {
            var largest = coarse.Max();
            var anisotropic = coarse.Any(length => largest / length > 2);
            coarse = [.. coarse.Select(length => !anisotropic || largest / length > 2 ? length * LowResolutionStep : length)];
            double[] shape = [.. median.Select((edge, axis) => spacing[axis] / coarse[axis] * edge)];
            voxels = Product(shape);
            var network = PlanNetwork(coarse, [.. shape.Select(edge => Math.Max(1, Math.Round(edge)))], voxels * fingerprint.Spacings.Count);
            patchVoxels = Product([.. network.Topology.PatchSize.Select(edge => (double)edge)]);
        }

        return fullVoxels / voxels >= 2;
    }

    private double[] Transposed(double[] values) => [.. transpose.Select(axis => values[axis])];

    private static double[] Medians(IReadOnlyList<IReadOnlyList<double>> rows) =>
        [.. Enumerable.Range(0, 3).Select(axis => rows.Select(row => row[axis]).Median())];

    private static double[] Medians(IReadOnlyList<IReadOnlyList<int>> rows) =>
        Medians([.. rows.Select(row => (IReadOnlyList<double>)[.. row.Select(value => (double)value)])]);

    private static double Product(double[] values) => values.Aggregate(1.0, (product, value) => product * value);
}
