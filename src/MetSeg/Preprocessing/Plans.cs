using System.Security.Cryptography;
using System.Text.Json;
using MetSeg.Files;
using MetSeg.Imaging;

namespace MetSeg.Preprocessing;

/// <summary>
/// How a data set is preprocessed and what network learns from it: nnU-Net's plans for one configuration. Lists over axes
/// are in tensor order: (z, y, x) of the image as <see cref="ImageReader"/> turns it, permuted by <see cref="TransposeForward"/>; of 2d without the first.
/// </summary>
public sealed record Plans
{
    /// <summary>Whole resolution in three dimensions.</summary>
    public const string FullResolution = "3d_fullres";

    /// <summary>Coarser voxels, so that a patch sees more of the image; the first stage of a cascade.</summary>
    public const string LowResolution = "3d_lowres";

    /// <summary>Whole resolution, with the segmentation of 3d_lowres as additional channels.</summary>
    public const string Cascade = "3d_cascade_fullres";

    /// <summary>Training marks with the highest byte what lies outside the nonzero region.</summary>
    private const int LargestScheme = 255;

    /// <summary>Slices across the coarsest axis.</summary>
    public const string Slices = "2d";

    /// <summary>The configuration that these plans hold.</summary>
    public string Configuration { get; init; } = FullResolution;

    /// <summary>The network.</summary>
    public NetworkArchitecture Architecture { get; init; }

    /// <summary>Name of the data set that was planned.</summary>
    public required string DatasetName { get; init; }

    /// <summary>Name of the plans; with the configuration it names the folder of the preprocessed cases.</summary>
    public string PlansName { get; init; } = "nnUNetPlans";

    /// <summary>Name of the planner, as nnU-Net records it.</summary>
    public string Planner { get; init; } = "ExperimentPlanner";

    /// <summary>Names of the image channels, in order.</summary>
    public required IReadOnlyList<string> ChannelNames { get; init; }

    /// <summary>What the values of the label maps mean.</summary>
    public required LabelScheme Labels { get; init; }

    /// <summary>Median voxel size of the data set, in mm, permuted.</summary>
    public required IReadOnlyList<double> OriginalMedianSpacing { get; init; }

    /// <summary>Median number of voxels after cropping, before resampling, permuted.</summary>
    public required IReadOnlyList<int> OriginalMedianShape { get; init; }

    /// <summary>Which of the axes z (0), y (1), x (2) comes first, second and third in the tensors: the coarsest first.</summary>
    public required IReadOnlyList<int> TransposeForward { get; init; }

    /// <summary>
    /// nnU-Net's class that reads the images. Those with "Reorient" in their name turn every image to RAS, all others take the axes as they
    /// are stored. The default is NibabelIOWithReorient.
    /// </summary>
    public string ImageReader { get; init; } = "NibabelIOWithReorient";

    /// <summary>Foreground intensities of each channel.</summary>
    public required IReadOnlyList<IntensityProperties> ForegroundIntensities { get; init; }

    /// <summary>Voxel size in mm that images are resampled to.</summary>
    public required IReadOnlyList<double> Spacing { get; init; }

    /// <summary>Median number of voxels after resampling; may end in .5.</summary>
    public required IReadOnlyList<double> MedianShape { get; init; }

    /// <summary>The network's input in voxels; divisible by the product of the strides.</summary>
    public required IReadOnlyList<int> PatchSize { get; init; }

    /// <summary>Samples a training step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Intensity normalization of each channel.</summary>
    public required IReadOnlyList<Normalization> NormalizationSchemes { get; init; }

    /// <summary>For each channel whether statistics come from the nonzero region alone, with the rest set to 0.</summary>
    public required IReadOnlyList<bool> UseMaskForNormalization { get; init; }

    /// <summary>Spline order by which images are resampled: 0 nearest, 1 linear, 3 cubic.</summary>
    public int DataResamplingOrder { get; init; } = 3;

    /// <summary>Stride of each stage.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Strides { get; init; }

    /// <summary>Kernel of each stage.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> KernelSizes { get; init; }

    /// <summary>Features of each stage.</summary>
    public required IReadOnlyList<int> FeaturesPerStage { get; init; }

    /// <summary>Convolutions (plain) or residual blocks of each encoder stage.</summary>
    public required IReadOnlyList<int> ConvPerStage { get; init; }

    /// <summary>Convolutions of each decoder stage: one entry fewer.</summary>
    public required IReadOnlyList<int> ConvPerStageDecoder { get; init; }

    /// <summary>Whether the Dice loss sums over the batch before it divides.</summary>
    public bool BatchDice { get; init; }

    /// <summary>Folder of the preprocessed cases.</summary>
    public string DataIdentifier { get; init; } = $"nnUNetPlans_{FullResolution}";

    /// <summary>Whether the network sees the segmentation of 3d_lowres, too.</summary>
    public bool IsSecondStage => Configuration == Cascade;

    /// <summary>Channels of the network's input: the images' and, in the second stage of a cascade, one for each value of the first's labels.</summary>
    public int InputChannels => ChannelNames.Count + (IsSecondStage ? Labels.ForegroundValues : 0);

    /// <summary>The patch along three axes: that of a slice has one voxel along the first.</summary>
    public IReadOnlyList<int> NetworkPatch => InSpace(PatchSize);

    /// <summary>Strides along three axes.</summary>
    public IReadOnlyList<int[]> NetworkStrides => [.. Strides.Select(InSpace)];

    /// <summary>Kernels along three axes.</summary>
    public IReadOnlyList<int[]> NetworkKernels => [.. KernelSizes.Select(InSpace)];

    /// <summary>The patch as (x, y, z) of the preprocessed volumes.</summary>
    public Size PatchExtent => new(NetworkPatch[2], NetworkPatch[1], NetworkPatch[0]);

    /// <summary>The voxel size (x, y, z) that a volume is resampled to, in mm: slices keep their distance.</summary>
    /// <param name="reoriented">The volume's grid, its axes in the plans' order.</param>
    public Spacing VoxelSizeFor(Grid reoriented) => new(Spacing[^1], Spacing[^2], Configuration == Slices ? reoriented.Spacing.Z : Spacing[0]);

    /// <summary>How images are resampled, by <see cref="DataResamplingOrder"/>.</summary>
    public Interpolation DataInterpolation =>
        DataResamplingOrder switch { 0 => Interpolation.Nearest, 1 => Interpolation.Linear, _ => Interpolation.Cubic };

    /// <summary>
    /// Directions of a preprocessed volume's axes x, y, z: those of RAS, or of the image itself where <see cref="ImageReader"/> does not turn
    /// it, reordered by <see cref="TransposeForward"/>.
    /// </summary>
    /// <param name="stored">The image's own grid.</param>
    public string OrientationOf(Grid stored)
    {
        var directions = ImageReader.Contains("Reorient", StringComparison.Ordinal) ? "RAS" : stored.Orientation;
        return string.Concat(Enumerable.Range(0, 3).Select(axis => directions[2 - TransposeForward[2 - axis]]));
    }

    /// <summary>SHA-256 of the plans as they are written: equal plans, equal digest. The second stage of a cascade has that of the 3d_fullres whose cases it takes.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        PlansFile.From([IsSecondStage ? this with { Configuration = FullResolution } : this]), JsonFile.NnUNetStyle)));

    /// <summary>
    /// Reads one configuration of nnU-Net's plans.json. Channel names and labels, which nnU-Net keeps in dataset.json, come from the plans if
    /// we wrote them, else from the dataset.json in the same folder.
    /// </summary>
    /// <param name="path">The plans.</param>
    /// <param name="configuration">Which configuration; null for 3d_fullres or, without that, the only one there is.</param>
    /// <exception cref="MetSegException">A file is missing, is not as nnU-Net 2 writes it, or lacks the configuration.</exception>
    /// <exception cref="OptionsException">The plans contradict themselves: see <see cref="Problems"/>.</exception>
    public static Plans Read(string path, string? configuration = null)
    {
        var plans = JsonFile.Read<PlansFile>(path, JsonFile.NnUNetStyle).ToPlans(path, configuration);
        OptionsException.ThrowIfAny($"'{path}'", plans.Problems());
        return plans;
    }

    /// <summary>Writes plans.json in nnU-Net's layout, with channel names and labels as additional keys.</summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public void Write(string path) => Write(path, [this]);

    /// <summary>Writes plans.json with several configurations of the same planner and data set.</summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<Plans> configurations) =>
        JsonFile.Write(path, PlansFile.From(configurations), JsonFile.NnUNetStyle);

    /// <summary>One sentence for each way in which the plans contradict themselves.</summary>
    public IEnumerable<string> Problems() => [.. SpaceProblems(), .. NetworkProblems(), .. ChannelProblems()];

    private IEnumerable<string> SpaceProblems()
    {
        if (!TransposeForward.Order().SequenceEqual([0, 1, 2]))
        {
            yield return $"transpose_forward must be an order of the axes 0, 1, 2, not [{string.Join(", ", TransposeForward)}].";
        }

        if (Spacing.Count != Axes || Spacing.Any(length => !double.IsFinite(length) || length <= 0))
        {
            yield return $"spacing must be {Axes} positive lengths in mm, not [{string.Join(", ", Spacing)}].";
        }

        if (DataResamplingOrder is not (0 or 1 or 3))
        {
            yield return $"resampling_fn_data_kwargs.order must be 0, 1 or 3, not {DataResamplingOrder}.";
        }
    }

    private IEnumerable<string> NetworkProblems()
    {
        var stages = Strides.Count;
        if (BatchSize < 1)
        {
            yield return $"batch_size must be at least 1, not {BatchSize}.";
        }

        if (stages < 2 || KernelSizes.Count != stages || FeaturesPerStage.Count != stages || ConvPerStage.Count != stages
            || ConvPerStageDecoder.Count != stages - 1)
        {
            yield return "strides, kernel_sizes, features_per_stage and n_conv_per_stage must have one entry for each of two or more stages, "
                + "n_conv_per_stage_decoder one fewer.";
        }

        if (Strides.Concat(KernelSizes).Any(list => list.Count != Axes || list.Any(value => value < 1))
            || KernelSizes.Any(kernel => kernel.Any(edge => edge % 2 == 0))
            || FeaturesPerStage.Concat(ConvPerStage).Concat(ConvPerStageDecoder).Any(count => count < 1))
        {
            yield return "strides, kernels, features and convolutions must be positive, strides and kernels for every axis, kernels odd.";
        }
        else if (PatchSize.Count != Axes || PatchSize.Where((edge, axis) => edge < 1 || edge % TotalStride(axis) != 0).Any())
        {
            yield return $"patch_size [{string.Join(", ", PatchSize)}] must be {Axes} edges that the product of the strides divides.";
        }
    }

    private IEnumerable<string> ChannelProblems()
    {
        var channels = ChannelNames.Count;
        if (channels == 0 || NormalizationSchemes.Count != channels || UseMaskForNormalization.Count != channels)
        {
            yield return $"normalization_schemes and use_mask_for_norm must have one entry for each of the {channels} channels.";
        }
        else if (NormalizationSchemes.Contains(Normalization.CTNormalization) && ForegroundIntensities.Count != channels)
        {
            yield return "CT normalization needs foreground_intensity_properties_per_channel for every channel.";
        }

        foreach (var problem in Labels.Problems())
        {
            yield return problem;
        }

        if (!Labels.Values.Order().SequenceEqual(Enumerable.Range(0, Labels.Values.Count)) || Labels.Values.Count > LargestScheme)
        {
            yield return $"labels must be consecutive values from 0 (background), at most {LargestScheme} of them.";
        }
    }

    private int Axes => Configuration == Slices ? 2 : 3;

    private static int[] InSpace(IReadOnlyList<int> axes) => axes.Count == 3 ? [.. axes] : [1, .. axes];

    private int TotalStride(int axis) => Strides.Aggregate(1, (product, stride) => product * stride[axis]);
}
