using System.Text.Json;
using System.Text.Json.Serialization;
using MetSeg.Datasets;
using MetSeg.Files;

namespace MetSeg.Preprocessing;

/// <summary>plans.json key by key, in nnU-Net's order; <see cref="Plans"/> is what the program works with.</summary>
internal sealed record PlansFile
{
    public string? DatasetName { get; init; }

    public string? PlansName { get; init; }

    public IReadOnlyList<double>? OriginalMedianSpacingAfterTransp { get; init; }

    public IReadOnlyList<int>? OriginalMedianShapeAfterTransp { get; init; }

    public string? ImageReaderWriter { get; init; }

    public IReadOnlyList<int>? TransposeForward { get; init; }

    public IReadOnlyList<int>? TransposeBackward { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Configurations { get; init; }

    public string? ExperimentPlannerUsed { get; init; }

    public string? LabelManager { get; init; }

    public IReadOnlyDictionary<string, IntensityProperties>? ForegroundIntensityPropertiesPerChannel { get; init; }

    public IReadOnlyDictionary<string, string>? ChannelNames { get; init; }

    public IReadOnlyDictionary<string, int>? Labels { get; init; }

    public static PlansFile From(Plans plans) => new()
    {
        DatasetName = plans.DatasetName,
        PlansName = plans.PlansName,
        OriginalMedianSpacingAfterTransp = plans.OriginalMedianSpacing,
        OriginalMedianShapeAfterTransp = plans.OriginalMedianShape,
        ImageReaderWriter = "NibabelIOWithReorient",
        TransposeForward = plans.TransposeForward,
        TransposeBackward = [.. Enumerable.Range(0, 3).Select(axis => plans.TransposeForward.ToList().IndexOf(axis))],
        Configurations = new Dictionary<string, JsonElement>
        {
            [Plans.Configuration] = JsonSerializer.SerializeToElement(PlansConfiguration.From(plans), JsonFile.NnUNetStyle),
        },
        ExperimentPlannerUsed = plans.Planner,
        LabelManager = "LabelManager",
        ForegroundIntensityPropertiesPerChannel = ByNumber(plans.ForegroundIntensities),
        ChannelNames = ByNumber(plans.ChannelNames),
        Labels = plans.Labels,
    };

    /// <summary>A list as nnU-Net keeps lists over channels: a dictionary with the keys "0", "1", …</summary>
    public static Dictionary<string, T> ByNumber<T>(IReadOnlyList<T> list) =>
        list.Select((value, i) => (i, value)).ToDictionary(pair => $"{pair.i}", pair => pair.value);

    /// <summary>The inverse of <see cref="ByNumber"/>; null where a number is missing.</summary>
    public static List<T>? InOrder<T>(IReadOnlyDictionary<string, T>? dictionary) =>
        dictionary is not null && Enumerable.Range(0, dictionary.Count).All(i => dictionary.ContainsKey($"{i}"))
            ? [.. Enumerable.Range(0, dictionary.Count).Select(i => dictionary[$"{i}"])]
            : null;

    public Plans ToPlans(string path)
    {
        T Required<T>(T? value, string key) => value ?? throw new MetSegException(
            $"'{path}': {key} is missing. Plans of nnU-Net 2.3 or later with a {Plans.Configuration} configuration are needed.");

        var key = $"configurations.{Plans.Configuration}";
        var configuration = Parse(Required(Configurations, "configurations").GetValueOrDefault(Plans.Configuration), path, key);
        var network = Required(configuration.Architecture?.ArchKwargs, $"{key}.architecture.arch_kwargs");
        var (channels, labels) = ChannelNames is not null && Labels is not null
            ? (Required(InOrder(ChannelNames), "channel_names"), Labels)
            : FromDatasetJson(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new Plans
        {
            DatasetName = Required(DatasetName, "dataset_name"),
            PlansName = Required(PlansName, "plans_name"),
            Planner = ExperimentPlannerUsed ?? "",
            ChannelNames = channels,
            Labels = labels,
            OriginalMedianSpacing = Required(OriginalMedianSpacingAfterTransp, "original_median_spacing_after_transp"),
            OriginalMedianShape = Required(OriginalMedianShapeAfterTransp, "original_median_shape_after_transp"),
            TransposeForward = Required(TransposeForward, "transpose_forward"),
            ForegroundIntensities = Required(InOrder(ForegroundIntensityPropertiesPerChannel), "foreground_intensity_properties_per_channel"),
            Spacing = Required(configuration.Spacing, $"{key}.spacing"),
            MedianShape = Required(configuration.MedianImageSizeInVoxels, $"{key}.median_image_size_in_voxels"),
            PatchSize = Required(configuration.PatchSize, $"{key}.patch_size"),
            BatchSize = configuration.BatchSize,
            NormalizationSchemes =
                [.. Required(configuration.NormalizationSchemes, $"{key}.normalization_schemes").Select(name => Scheme(name, path))],
            UseMaskForNormalization = Required(configuration.UseMaskForNorm, $"{key}.use_mask_for_norm"),
            DataResamplingOrder = Required(configuration.ResamplingFnDataKwargs, $"{key}.resampling_fn_data_kwargs").Order,
            Strides = Required(network.Strides, "strides"),
            KernelSizes = Required(network.KernelSizes, "kernel_sizes"),
            FeaturesPerStage = Required(network.FeaturesPerStage, "features_per_stage"),
            ConvPerStage = Required(network.NConvPerStage, "n_conv_per_stage"),
            ConvPerStageDecoder = Required(network.NConvPerStageDecoder, "n_conv_per_stage_decoder"),
            BatchDice = configuration.BatchDice,
        };
    }

    private static (IReadOnlyList<string> Channels, IReadOnlyDictionary<string, int> Labels) FromDatasetJson(string folder)
    {
        var description = DatasetDescription.Read(folder);
        return (description.ChannelNames, description.Labels);
    }

    private static PlansConfiguration Parse(JsonElement element, string path, string key)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object
                ? element.Deserialize<PlansConfiguration>(JsonFile.NnUNetStyle)!
                : throw new MetSegException($"'{path}' has no {key}: plan the data set for three-dimensional networks.");
        }
        catch (JsonException exception)
        {
            throw new MetSegException($"'{path}', {key}: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private static Normalization Scheme(string name, string path) => Enum.TryParse<Normalization>(name, out var scheme) && Enum.IsDefined(scheme)
        ? scheme
        : throw new MetSegException($"'{path}': unknown normalization '{name}'. Known are {string.Join(", ", Enum.GetNames<Normalization>())}.");
}

/// <summary>One configuration of plans.json, in nnU-Net's order.</summary>
internal sealed record PlansConfiguration
{
    private const string Resample = "resample_data_or_seg_to_shape";

    public string? DataIdentifier { get; init; }

    public string PreprocessorName { get; init; } = "DefaultPreprocessor";

    public int BatchSize { get; init; }

    public IReadOnlyList<int>? PatchSize { get; init; }

    public IReadOnlyList<double>? MedianImageSizeInVoxels { get; init; }

    public IReadOnlyList<double>? Spacing { get; init; }

    public IReadOnlyList<string>? NormalizationSchemes { get; init; }

    public IReadOnlyList<bool>? UseMaskForNorm { get; init; }

    public string ResamplingFnData { get; init; } = Resample;

    public string ResamplingFnSeg { get; init; } = Resample;

    public PlansResampling? ResamplingFnDataKwargs { get; init; }

    public PlansResampling ResamplingFnSegKwargs { get; init; } = new() { IsSeg = true };

    public string ResamplingFnProbabilities { get; init; } = Resample;

    public PlansResampling ResamplingFnProbabilitiesKwargs { get; init; } = new();

    public PlansArchitecture? Architecture { get; init; }

    public bool BatchDice { get; init; }

    public static PlansConfiguration From(Plans plans) => new()
    {
        DataIdentifier = plans.DataIdentifier,
        BatchSize = plans.BatchSize,
        PatchSize = plans.PatchSize,
        MedianImageSizeInVoxels = plans.MedianShape,
        Spacing = plans.Spacing,
        NormalizationSchemes = [.. plans.NormalizationSchemes.Select(scheme => $"{scheme}")],
        UseMaskForNorm = plans.UseMaskForNormalization,
        ResamplingFnDataKwargs = new() { Order = plans.DataResamplingOrder },
        Architecture = new()
        {
            ArchKwargs = new()
            {
                NStages = plans.Strides.Count,
                FeaturesPerStage = plans.FeaturesPerStage,
                KernelSizes = plans.KernelSizes,
                Strides = plans.Strides,
                NConvPerStage = plans.ConvPerStage,
                NConvPerStageDecoder = plans.ConvPerStageDecoder,
            },
        },
        BatchDice = plans.BatchDice,
    };
}

/// <summary>How nnU-Net resamples: spline order in the plane and along a coarse axis; null lets the spacing decide if it is apart.</summary>
internal sealed record PlansResampling
{
    public bool IsSeg { get; init; }

    public int Order { get; init; } = 1;

    public int OrderZ { get; init; }

    public bool? ForceSeparateZ { get; init; }
}

/// <summary>The network of a configuration, as Python names it.</summary>
internal sealed record PlansArchitecture
{
    public string NetworkClassName { get; init; } = "dynamic_network_architectures.architectures.unet.PlainConvUNet";

    public PlansNetwork? ArchKwargs { get; init; }

    [JsonPropertyName("_kw_requires_import")]
    public IReadOnlyList<string> RequiresImport { get; init; } = ["conv_op", "norm_op", "dropout_op", "nonlin"];
}

/// <summary>The arguments of nnU-Net's network class.</summary>
internal sealed record PlansNetwork
{
    public int NStages { get; init; }

    public IReadOnlyList<int>? FeaturesPerStage { get; init; }

    public string ConvOp { get; init; } = "torch.nn.modules.conv.Conv3d";

    public IReadOnlyList<IReadOnlyList<int>>? KernelSizes { get; init; }

    public IReadOnlyList<IReadOnlyList<int>>? Strides { get; init; }

    public IReadOnlyList<int>? NConvPerStage { get; init; }

    public IReadOnlyList<int>? NConvPerStageDecoder { get; init; }

    public bool ConvBias { get; init; } = true;

    public string NormOp { get; init; } = "torch.nn.modules.instancenorm.InstanceNorm3d";

    public IReadOnlyDictionary<string, JsonElement> NormOpKwargs { get; init; } = Arguments("""{ "eps": 1e-05, "affine": true }""");

    public string? DropoutOp { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? DropoutOpKwargs { get; init; }

    public string Nonlin { get; init; } = "torch.nn.LeakyReLU";

    public IReadOnlyDictionary<string, JsonElement> NonlinKwargs { get; init; } = Arguments("""{ "inplace": true }""");

    private static Dictionary<string, JsonElement> Arguments(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
