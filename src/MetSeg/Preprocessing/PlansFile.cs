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

    public JsonElement? Labels { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? RegionsClassOrder { get; init; }

    public static PlansFile From(IReadOnlyList<Plans> configurations) => From(configurations[0]) with
    {
        Configurations = InNnUNetsOrder(configurations),
    };

    private static PlansFile From(Plans plans) => new()
    {
        DatasetName = plans.DatasetName,
        PlansName = plans.PlansName,
        OriginalMedianSpacingAfterTransp = plans.OriginalMedianSpacing,
        OriginalMedianShapeAfterTransp = plans.OriginalMedianShape,
        ImageReaderWriter = plans.ImageReader,
        TransposeForward = plans.TransposeForward,
        TransposeBackward = [.. Enumerable.Range(0, 3).Select(axis => plans.TransposeForward.ToList().IndexOf(axis))],
        ExperimentPlannerUsed = plans.Planner,
        LabelManager = "LabelManager",
        ForegroundIntensityPropertiesPerChannel = ByNumber(plans.ForegroundIntensities),
        ChannelNames = ByNumber(plans.ChannelNames),
        Labels = JsonSerializer.SerializeToElement(LabelSchemeJson.Labels(plans.Labels)),
        RegionsClassOrder = plans.Labels.RegionsClassOrder,
    };

    /// <summary>A list as nnU-Net keeps lists over channels: a dictionary with the keys "0", "1", …</summary>
    public static Dictionary<string, T> ByNumber<T>(IReadOnlyList<T> list) =>
        list.Select((value, i) => (i, value)).ToDictionary(pair => $"{pair.i}", pair => pair.value);

    /// <summary>The inverse of <see cref="ByNumber"/>; null where a number is missing.</summary>
    public static List<T>? InOrder<T>(IReadOnlyDictionary<string, T>? dictionary) =>
        dictionary is not null && Enumerable.Range(0, dictionary.Count).All(i => dictionary.ContainsKey($"{i}"))
            ? [.. Enumerable.Range(0, dictionary.Count).Select(i => dictionary[$"{i}"])]
            : null;

    public Plans ToPlans(string path, string? wanted)
    {
        var name = wanted ?? (Configurations is { Count: 1 } only ? only.Keys.Single() : Plans.FullResolution);
        T Required<T>(T? value, string key) => value ?? throw new MetSegException(
            $"'{path}': {key} is missing. Plans of nnU-Net 2.3 or later with a {name} configuration are needed.");

        var key = $"configurations.{name}";
        var configuration = Parse(Required(Configurations, "configurations"), path, name);
        var network = Required(configuration.Architecture?.ArchKwargs, $"{key}.architecture.arch_kwargs");
        if (network.Difference() is { } difference)
        {
            throw new MetSegException($"'{path}', {key}: {difference} is not among the layers that this program builds. Plan the network with nnU-Net's own planners.");
        }

        if (configuration.OtherResampling() is { } resampling)
        {
            throw new MetSegException(
                $"'{path}', {key}: {resampling} gives other voxels than this program's resampling (resample_data_or_seg_to_shape). "
                + "Plan with a planner of nnU-Net that uses that one.");
        }

        var (channels, labels) = ChannelNames is not null && Labels is not null
            ? (Required(InOrder(ChannelNames), "channel_names"), LabelSchemeJson.Parse(path, Labels.Value, RegionsClassOrder))
            : FromDatasetJson(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new Plans
        {
            DatasetName = Required(DatasetName, "dataset_name"),
            PlansName = Required(PlansName, "plans_name"),
            Configuration = name,
            DataIdentifier = Required(configuration.DataIdentifier, $"{key}.data_identifier"),
            Architecture = ArchitectureOf(configuration, path),
            Planner = ExperimentPlannerUsed ?? "",
            ChannelNames = channels,
            Labels = labels,
            OriginalMedianSpacing = Required(OriginalMedianSpacingAfterTransp, "original_median_spacing_after_transp"),
            OriginalMedianShape = Required(OriginalMedianShapeAfterTransp, "original_median_shape_after_transp"),
            TransposeForward = Required(TransposeForward, "transpose_forward"),
            ImageReader = Required(ImageReaderWriter, "image_reader_writer"),
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
            ConvPerStage = Required(network.NConvPerStage ?? network.NBlocksPerStage, "n_conv_per_stage"),
            ConvPerStageDecoder = Required(network.NConvPerStageDecoder, "n_conv_per_stage_decoder"),
            BatchDice = configuration.BatchDice,
        };
    }

    private static (IReadOnlyList<string> Channels, LabelScheme Labels) FromDatasetJson(string folder)
    {
        var description = DatasetDescription.Read(folder);
        return (description.ChannelNames, description.Labels);
    }

    private static Dictionary<string, JsonElement> InNnUNetsOrder(IReadOnlyList<Plans> configurations)
    {
        string[] order = [Plans.Slices, Plans.LowResolution, Plans.FullResolution];
        var byName = configurations.OrderBy(plans => Array.IndexOf(order, plans.Configuration)).ToDictionary(
            plans => plans.Configuration, plans => JsonSerializer.SerializeToElement(PlansConfiguration.From(plans), JsonFile.NnUNetStyle));
        if (byName.ContainsKey(Plans.LowResolution) && byName.ContainsKey(Plans.FullResolution))
        {
            byName[Plans.Cascade] = JsonSerializer.SerializeToElement(
                new { InheritsFrom = Plans.FullResolution, PreviousStage = Plans.LowResolution }, JsonFile.NnUNetStyle);
        }

        return byName;
    }

    /// <summary>A configuration with what it inherits from others.</summary>
    private static PlansConfiguration Parse(IReadOnlyDictionary<string, JsonElement> all, string path, string name)
    {
        var merged = new Dictionary<string, JsonElement>();
        var visited = new HashSet<string>();
        for (string? next = name; next is not null; next = all[next].TryGetProperty("inherits_from", out var parent) ? parent.GetString() : null)
        {
            if (!all.TryGetValue(next, out var element) || element.ValueKind != JsonValueKind.Object)
            {
                throw new MetSegException($"'{path}' has no configurations.{next}, only {string.Join(", ", all.Keys)}. Choose one of those or plan anew.");
            }

            if (!visited.Add(next))
            {
                throw new MetSegException($"'{path}': configuration {next} inherits from itself.");
            }

            foreach (var property in element.EnumerateObject())
            {
                merged.TryAdd(property.Name, property.Value);
            }
        }

        try
        {
            OldPlans.Upgrade(merged);
            return JsonSerializer.SerializeToElement(merged).Deserialize<PlansConfiguration>(JsonFile.NnUNetStyle)!;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new MetSegException($"'{path}', configurations.{name}: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private static NetworkArchitecture ArchitectureOf(PlansConfiguration configuration, string path)
    {
        var name = configuration.Architecture?.NetworkClassName.Split('.')[^1];
        return Enum.TryParse<NetworkArchitecture>(name, out var architecture) && Enum.IsDefined(architecture)
            ? architecture
            : throw new MetSegException(
                $"'{path}': unknown network '{name}'. Known are {string.Join(", ", Enum.GetNames<NetworkArchitecture>())}.");
    }

    private static Normalization Scheme(string name, string path) => Enum.TryParse<Normalization>(name, out var scheme) && Enum.IsDefined(scheme)
        ? scheme
        : throw new MetSegException($"'{path}': unknown normalization '{name}'. Known are {string.Join(", ", Enum.GetNames<Normalization>())}.");
}
