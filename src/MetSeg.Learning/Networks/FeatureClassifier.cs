using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>Tells the domain from a feature vector: [N, F] to logits [N, K], with one hidden layer.</summary>
/// <remarks>The domain classifier of Ganin et al., JMLR 17(59), 2016, section 5.</remarks>
public sealed class FeatureClassifier : nn.Module<Tensor, Tensor>
{
    private readonly Linear hidden;
    private readonly Linear logits;

    /// <summary>Creates the network with weights drawn from <paramref name="generator"/>.</summary>
    /// <param name="features">F.</param>
    /// <param name="units">Units of the hidden layer.</param>
    /// <param name="domains">K.</param>
    /// <param name="generator">Source of the first weights.</param>
    public FeatureClassifier(int features, int units, int domains, Generator generator)
        : base(nameof(FeatureClassifier))
    {
        hidden = nn.Linear(features, units);
        logits = nn.Linear(units, domains);
        RegisterComponents();
        Initialization.UniformByFan(this, generator);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return logits.forward(nn.functional.leaky_relu(hidden.forward(input), 0.2)).MoveToOuterDisposeScope();
    }
}
