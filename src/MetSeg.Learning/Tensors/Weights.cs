using static TorchSharp.torch;

namespace MetSeg.Learning.Tensors;

/// <summary>Moves a module's weights and buffers to and from tensor files, under a prefix, all or nothing.</summary>
public static class Weights
{
    /// <summary>Adds the module's weights and buffers as PREFIX.KEY; the tensors stay the module's.</summary>
    public static void Collect(nn.Module module, string prefix, IDictionary<string, Tensor> tensors)
    {
        foreach (var (key, value) in module.state_dict())
        {
            tensors.Add($"{prefix}.{key}", value);
        }
    }

    /// <summary>Reads a file's weights under a prefix into a module; the module is unchanged where the file does not fit.</summary>
    /// <exception cref="MetSegException">The file is damaged, lacks a tensor of the module, or has one of another shape.</exception>
    public static void Load(string path, string prefix, nn.Module module)
    {
        using var scope = NewDisposeScope();
        var file = Safetensors.Read(path);
        Check(path, file, prefix, module);
        Copy(file, prefix, module);
    }

    /// <summary>Refuses a file that lacks a tensor of the module or has one of another shape.</summary>
    /// <exception cref="MetSegException">It does.</exception>
    public static void Check(string path, TensorFile file, string prefix, nn.Module module)
    {
        foreach (var (key, value) in module.state_dict())
        {
            if (!file.Tensors.TryGetValue($"{prefix}.{key}", out var saved))
            {
                throw new MetSegException($"'{path}' has no tensor '{prefix}.{key}': it belongs to another network. Use the options it was trained with, or another folder.");
            }

            if (!saved.shape.SequenceEqual(value.shape))
            {
                throw new MetSegException(
                    $"'{path}', tensor '{prefix}.{key}': [{string.Join(", ", saved.shape)}] where the network has [{string.Join(", ", value.shape)}]. "
                    + "Use the options it was trained with, or another folder.");
            }
        }
    }

    /// <summary>Copies a checked file's weights into the module.</summary>
    public static void Copy(TensorFile file, string prefix, nn.Module module)
    {
        using var noGradient = no_grad();
        foreach (var (key, value) in module.state_dict())
        {
            value.copy_(file.Tensors[$"{prefix}.{key}"]);
        }
    }
}
