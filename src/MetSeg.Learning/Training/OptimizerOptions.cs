using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>How a module's weights are stepped and how the learning rate falls.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SgdOptions), "sgd")]
[JsonDerivedType(typeof(AdamOptions), "adam")]
public abstract record OptimizerOptions
{
    /// <summary>Learning rate of the first epoch.</summary>
    public abstract double LearningRate { get; init; }

    /// <summary>L2 penalty added to the gradient.</summary>
    public abstract double WeightDecay { get; init; }

    /// <summary>Exponent of the polynomial decay (1 − epoch/epochs)^p; 0 keeps the rate.</summary>
    public abstract double DecayExponent { get; init; }

    /// <summary>Numbers that the optimizer keeps for each weight.</summary>
    [JsonIgnore]
    public abstract int NumbersPerWeight { get; }

    /// <summary>Makes the optimizer of some parameters.</summary>
    public abstract OptimizerHelper Create(IEnumerable<Parameter> parameters);

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(double.IsFinite(LearningRate) && LearningRate > 0) || !(WeightDecay >= 0) || !(DecayExponent >= 0))
        {
            yield return $"learningRate must be positive, weightDecay and decayExponent not negative, not {LearningRate}, {WeightDecay} and {DecayExponent}.";
        }
    }

    /// <summary>The learning rate of an epoch, counted from 0.</summary>
    public double RateAt(int epoch, int epochs) => LearningRate * Math.Pow(1 - ((double)epoch / epochs), DecayExponent);
}

/// <summary>Stochastic gradient descent with Nesterov momentum; nnU-Net's values are the defaults.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>Learning rate of the first epoch. The default is 0.01.</summary>
    public override double LearningRate { get; init; } = 0.01;

    /// <summary>L2 penalty. The default is 3e-5.</summary>
    public override double WeightDecay { get; init; } = 3e-5;

    /// <summary>Exponent of the polynomial decay. The default is 0.9.</summary>
    public override double DecayExponent { get; init; } = 0.9;

    /// <summary>Momentum, Nesterov's. The default is 0.99.</summary>
    public double Momentum { get; init; } = 0.99;

    /// <inheritdoc/>
    [JsonIgnore]
    public override int NumbersPerWeight => Momentum > 0 ? 1 : 0;

    /// <inheritdoc/>
    public override OptimizerHelper Create(IEnumerable<Parameter> parameters) =>
        optim.SGD(parameters, LearningRate, momentum: Momentum, weight_decay: WeightDecay, nesterov: Momentum > 0);
}

/// <summary>Adam; paper P1's values are the defaults.</summary>
public sealed record AdamOptions : OptimizerOptions
{
    /// <summary>Learning rate. The default is 1e-4.</summary>
    public override double LearningRate { get; init; } = 1e-4;

    /// <summary>L2 penalty. The default is 0.</summary>
    public override double WeightDecay { get; init; }

    /// <summary>Exponent of the polynomial decay. The default is 0: a constant rate.</summary>
    public override double DecayExponent { get; init; }

    /// <summary>Decay of the first moment. The default is 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment. The default is 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <inheritdoc/>
    [JsonIgnore]
    public override int NumbersPerWeight => 2;

    /// <inheritdoc/>
    public override OptimizerHelper Create(IEnumerable<Parameter> parameters) =>
        optim.Adam(parameters, LearningRate, Beta1, Beta2, weight_decay: WeightDecay);
}
