using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>
/// Patch discriminator: [N, 1, Z, Y, X] to scores [N, 1, z, y, x], high where the patch looks like a real scan; no sigmoid (least squares).
/// Every layer and the scores halve the size: 128³ gives 4³ scores after four layers.
/// </summary>
/// <remarks>Paper P1's released code: convolutions 4³ stride 2, LeakyReLU 0.2, batch norm on all but the first and last.</remarks>
public sealed class Discriminator : nn.Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    /// <summary>Creates the network with weights drawn from <paramref name="generator"/>.</summary>
    /// <param name="features">Features of each layer before the scores; P1 has 32, 64, 128, 256.</param>
    /// <param name="generator">Source of the first weights.</param>
    public Discriminator(IReadOnlyList<int> features, Generator generator)
        : base(nameof(Discriminator))
    {
        var modules = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (var i = 0; i < features.Count; i++)
        {
            modules.Add(($"conv{i}", nn.Conv3d(i == 0 ? 1 : features[i - 1], features[i], 4L, stride: 2, padding: 1)));
            if (i > 0)
            {
                modules.Add(($"norm{i}", nn.BatchNorm3d(features[i])));
            }

            modules.Add(($"activation{i}", nn.LeakyReLU(0.2)));
        }

        modules.Add(("scores", nn.Conv3d(features[^1], 1, 4L, stride: 2, padding: 1)));
        layers = nn.Sequential([.. modules]);
        RegisterComponents();
        Initialization.UniformByFan(this, generator);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => layers.forward(input);
}
