using System.Text.Json;

namespace MetSeg.Preprocessing;

/// <summary>Plans of nnU-Net 2.0 to 2.2, which spread the network over keys of the configuration: they become what 2.3 writes.</summary>
internal static class OldPlans
{
    private const string ClassName = "UNet_class_name";

    /// <summary>Adds the architecture to a configuration that describes its network in the old way; leaves others as they are.</summary>
    /// <exception cref="JsonException">A key is of another kind than nnU-Net writes.</exception>
    /// <exception cref="KeyNotFoundException">A key is missing.</exception>
    public static void Upgrade(Dictionary<string, JsonElement> configuration)
    {
        if (configuration.ContainsKey("architecture") || !configuration.TryGetValue(ClassName, out var name))
        {
            return;
        }

        var strides = configuration["pool_op_kernel_sizes"];
        var (first, most) = (configuration["UNet_base_num_features"].GetInt32(), configuration["unet_max_num_features"].GetInt32());
        var stages = strides.GetArrayLength();
        var isPlain = name.GetString() == nameof(NetworkArchitecture.PlainConvUNet);
        configuration["architecture"] = JsonSerializer.SerializeToElement(new Dictionary<string, object?>
        {
            ["network_class_name"] = name.GetString(),
            ["arch_kwargs"] = new Dictionary<string, object?>
            {
                ["n_stages"] = stages,
                ["features_per_stage"] = Enumerable.Range(0, stages).Select(stage => Math.Min(most, (long)first << Math.Min(stage, 30))),
                ["kernel_sizes"] = configuration["conv_kernel_sizes"],
                ["strides"] = strides,
                [isPlain ? "n_conv_per_stage" : "n_blocks_per_stage"] = configuration["n_conv_per_stage_encoder"],
                ["n_conv_per_stage_decoder"] = configuration["n_conv_per_stage_decoder"],
            },
        });
    }
}
