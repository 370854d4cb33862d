using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>Draws a network's first weights from a generator that is passed in, so that they do not depend on what ran before.</summary>
public static class Initialization
{
    /// <summary>
    /// Kaiming normal for convolutions, transposed convolutions and linear layers (fan in, leaky ReLU of slope 0.01), biases 0: standard
    /// deviation √(2 / ((1 + 0.01²)·fan_in)). Other parameters (norms, scalars) keep their own first values.
    /// </summary>
    /// <remarks>He et al., ICCV 2015, eq. 14; as nnU-Net's InitWeights_He(0.01).</remarks>
    public static void KaimingNormal(nn.Module network, Generator generator) => ForEachLayer(network, (weight, bias, fanIn) =>
    {
        weight.normal_(0, Math.Sqrt(2 / ((1 + 1e-4) * fanIn)), generator);
        bias?.zero_();
    });

    /// <summary>PyTorch's own start of the same layers: weights and biases uniform within ±1/√fan_in.</summary>
    /// <remarks>PyTorch's reset_parameters of convolutions and linear layers (kaiming_uniform_ with a = √5).</remarks>
    public static void UniformByFan(nn.Module network, Generator generator) => ForEachLayer(network, (weight, bias, fanIn) =>
    {
        var bound = 1 / Math.Sqrt(fanIn);
        weight.uniform_(-bound, bound, generator);
        bias?.uniform_(-bound, bound, generator);
    });

    private static void ForEachLayer(nn.Module network, Action<Tensor, Tensor?, long> draw)
    {
        using var scope = no_grad();
        foreach (var module in network.modules())
        {
            var (weight, bias) = module switch
            {
                Conv3d conv => (conv.weight, conv.bias),
                ConvTranspose3d conv => (conv.weight, conv.bias),
                Linear linear => (linear.weight, linear.bias),
                _ => (null, null),
            };
            if (weight is not null)
            {
                draw(weight, bias, weight.shape.Skip(1).Aggregate(1L, (product, side) => product * side));
            }
        }
    }
}
