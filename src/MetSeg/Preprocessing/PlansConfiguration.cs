using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetSeg.Preprocessing;

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

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextStage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PreviousStage { get; init; }

    /// <summary>The first key, with its value, that asks for another resampling than ours; null where none does.</summary>
    public string? OtherResampling() => this switch
    {
        { ResamplingFnData: not Resample } => $"resampling_fn_data {ResamplingFnData}",
        { ResamplingFnSeg: not Resample } => $"resampling_fn_seg {ResamplingFnSeg}",
        { ResamplingFnProbabilities: not Resample } => $"resampling_fn_probabilities {ResamplingFnProbabilities}",
        { ResamplingFnDataKwargs: { } data } when data.ForceSeparateZ is not null || data.OrderZ != 0 => "resampling_fn_data_kwargs with force_separate_z or order_z",
        { ResamplingFnSegKwargs: not { Order: 1, OrderZ: 0, ForceSeparateZ: null } } => "resampling_fn_seg_kwargs other than order 1, order_z 0",
        { ResamplingFnProbabilitiesKwargs: not { Order: 1, OrderZ: 0, ForceSeparateZ: null } } => "resampling_fn_probabilities_kwargs other than order 1, order_z 0",
        _ => null,
    };

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
        Architecture = PlansArchitecture.From(plans),
        BatchDice = plans.BatchDice,
        PreviousStage = plans.IsSecondStage ? Plans.LowResolution : null,
        NextStage = plans.Configuration == Plans.LowResolution ? Plans.Cascade : null,
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
    public string NetworkClassName { get; init; } = "";

    public PlansNetwork? ArchKwargs { get; init; }

    [JsonPropertyName("_kw_requires_import")]
    public IReadOnlyList<string> RequiresImport { get; init; } = ["conv_op", "norm_op", "dropout_op", "nonlin"];

    public static PlansArchitecture From(Plans plans)
    {
        var isPlain = plans.Architecture == NetworkArchitecture.PlainConvUNet;
        var axes = plans.Configuration == Plans.Slices ? "2d" : "3d";
        return new PlansArchitecture
        {
            NetworkClassName = $"dynamic_network_architectures.architectures.unet.{plans.Architecture}",
            ArchKwargs = new()
            {
                NStages = plans.Strides.Count,
                FeaturesPerStage = plans.FeaturesPerStage,
                ConvOp = $"torch.nn.modules.conv.Conv{axes}",
                KernelSizes = plans.KernelSizes,
                Strides = plans.Strides,
                NConvPerStage = isPlain ? plans.ConvPerStage : null,
                NBlocksPerStage = isPlain ? null : plans.ConvPerStage,
                NConvPerStageDecoder = plans.ConvPerStageDecoder,
                NormOp = $"torch.nn.modules.instancenorm.InstanceNorm{axes}",
            },
        };
    }
}

/// <summary>The arguments of nnU-Net's network class.</summary>
internal sealed record PlansNetwork
{
    public int NStages { get; init; }

    public IReadOnlyList<int>? FeaturesPerStage { get; init; }

    public string ConvOp { get; init; } = "";

    public IReadOnlyList<IReadOnlyList<int>>? KernelSizes { get; init; }

    public IReadOnlyList<IReadOnlyList<int>>? Strides { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? NConvPerStage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? NBlocksPerStage { get; init; }

    public IReadOnlyList<int>? NConvPerStageDecoder { get; init; }

    public bool ConvBias { get; init; } = true;

    public string NormOp { get; init; } = "";

    public IReadOnlyDictionary<string, JsonElement> NormOpKwargs { get; init; } = Arguments("""{ "eps": 1e-05, "affine": true }""");

    public string? DropoutOp { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? DropoutOpKwargs { get; init; }

    public string Nonlin { get; init; } = "torch.nn.LeakyReLU";

    public IReadOnlyDictionary<string, JsonElement> NonlinKwargs { get; init; } = Arguments("""{ "inplace": true }""");

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool NonlinFirst { get; init; }

    /// <summary>What differs from the layers that we build, as the key with its value; null where nothing does.</summary>
    public string? Difference() => this switch
    {
        { ConvBias: false } => "conv_bias false",
        { NormOp: null } or { Nonlin: null } => "norm_op or nonlin null",
        { NonlinFirst: true } => "nonlin_first true",
        { DropoutOp: not null } => $"dropout_op {DropoutOp}",
        { NormOp: not "" } when !NormOp.Contains(".InstanceNorm", StringComparison.Ordinal) => $"norm_op {NormOp}",
        { NormOp: not "" } when Number(NormOpKwargs, "eps", 1e-5) != 1e-5 || !Flag(NormOpKwargs, "affine") => "norm_op_kwargs other than eps 1e-05, affine true",
        _ when !Nonlin.EndsWith(".LeakyReLU", StringComparison.Ordinal) => $"nonlin {Nonlin}",
        _ when Number(NonlinKwargs, "negative_slope", 0.01) != 0.01 => "nonlin_kwargs.negative_slope other than 0.01",
        _ => null,
    };

    private static double Number(IReadOnlyDictionary<string, JsonElement>? arguments, string key, double absent) =>
        arguments is not null && arguments.TryGetValue(key, out var value) ? value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN : absent;

    private static bool Flag(IReadOnlyDictionary<string, JsonElement>? arguments, string key) =>
        arguments is not null && arguments.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.True;

    private static Dictionary<string, JsonElement> Arguments(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
