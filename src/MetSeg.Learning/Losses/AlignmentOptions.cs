using System.Text.Json.Serialization;
using MetSeg.Learning.Networks;
using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>Which features of the autoencoder a term draws together.</summary>
public enum AlignedFeatures
{
    /// <summary>The latent mean: the vector, or mean and standard deviation of each channel of a spatial code.</summary>
    Latent,

    /// <summary>Mean and standard deviation of each channel of the skips, one set for each resolution: what passes round the latent code.</summary>
    Skips,
}

/// <summary>What a term finds in a set of features.</summary>
/// <param name="Loss">The scalar whose gradient draws the domains together.</param>
/// <param name="Distance">How far apart they are, for logs and for choosing the best weights: a scalar, lower where they are nearer.</param>
/// <param name="Kernel">Mean kernel value between different codes; null where the term has no kernel.</param>
public sealed record AlignmentLoss(Tensor Loss, Tensor Distance, double? Kernel = null);

/// <summary>A term of the loss that draws the features of all domains together. One file of options chooses any number of them.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(DiscrepancyAlignment), "mmd")]
[JsonDerivedType(typeof(CoralAlignment), "coral")]
[JsonDerivedType(typeof(SinkhornAlignment), "sinkhorn")]
[JsonDerivedType(typeof(AdversarialAlignment), "domain-adversarial")]
public abstract record AlignmentOptions
{
    /// <summary>Weight of the term; for several sets of features, of their mean. The default is 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>What is aligned. The default is the latent mean.</summary>
    public AlignedFeatures Features { get; init; }

    /// <summary>Name of the term in logs.</summary>
    [JsonIgnore]
    public string LogName => Features == AlignedFeatures.Latent ? Kind : $"{Kind}Skips";

    /// <summary>Units of the domain classifier that the term needs; 0 where it needs none.</summary>
    [JsonIgnore]
    public virtual int ClassifierUnits => 0;

    /// <summary>Name of the method, in logs.</summary>
    protected abstract string Kind { get; }

    /// <summary>Compares the domains of a set of features.</summary>
    /// <param name="features">[N, F].</param>
    /// <param name="domains">The domain of each row, counted from 0.</param>
    /// <param name="classifier">The term's domain classifier; null where it needs none.</param>
    public abstract AlignmentLoss Compute(Tensor features, IReadOnlyList<int> domains, FeatureClassifier? classifier);

    /// <summary>What cannot work, one sentence each.</summary>
    public virtual IEnumerable<string> Problems()
    {
        if (!(Weight >= 0))
        {
            yield return $"The weights of alignment terms must not be negative, not {Weight}.";
        }
    }
}

/// <summary>Maximum mean discrepancy. The defaults are paper P1's: fixed widths, biased.</summary>
public sealed record DiscrepancyAlignment : AlignmentOptions
{
    /// <summary>How the kernel's width is chosen. The default is fixed, the paper's.</summary>
    public KernelWidth Width { get; init; }

    /// <summary>Whether the diagonal is left out. The default is false: the released code includes it, and the paper does not say.</summary>
    public bool Unbiased { get; init; }

    /// <inheritdoc/>
    protected override string Kind => "mmd";

    /// <inheritdoc/>
    public override AlignmentLoss Compute(Tensor features, IReadOnlyList<int> domains, FeatureClassifier? classifier)
    {
        var value = MaximumMeanDiscrepancy.Compute(features, domains, Width, Unbiased);
        return new AlignmentLoss(value, value.detach(), MaximumMeanDiscrepancy.MeanOffDiagonal(features.detach(), Width));
    }
}

/// <summary>Deep CORAL: covariances only. See <see cref="CorrelationAlignment"/>.</summary>
public sealed record CoralAlignment : AlignmentOptions
{
    /// <inheritdoc/>
    protected override string Kind => "coral";

    /// <inheritdoc/>
    public override AlignmentLoss Compute(Tensor features, IReadOnlyList<int> domains, FeatureClassifier? classifier)
    {
        var value = CorrelationAlignment.Compute(features, domains);
        return new AlignmentLoss(value, value.detach());
    }
}

/// <summary>Sinkhorn divergence. See <see cref="SinkhornDivergence"/>.</summary>
public sealed record SinkhornAlignment : AlignmentOptions
{
    /// <summary>√ε in units of the median distance of the codes. The default is 0.25.</summary>
    public double Blur { get; init; } = 0.25;

    /// <summary>Updates at the final ε. The default is 30.</summary>
    public int Iterations { get; init; } = 30;

    /// <inheritdoc/>
    protected override string Kind => "sinkhorn";

    /// <inheritdoc/>
    public override AlignmentLoss Compute(Tensor features, IReadOnlyList<int> domains, FeatureClassifier? classifier)
    {
        var value = SinkhornDivergence.Compute(features, domains, Blur, Iterations);
        return new AlignmentLoss(value, value.detach());
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => base.Problems().Concat(Blur > 0 && Iterations > 0
        ? []
        : [$"sinkhorn.blur and sinkhorn.iterations must be positive, not {Blur} and {Iterations}."]);
}

/// <summary>
/// Domain-adversarial: a classifier learns to tell the domains apart, behind a <see cref="GradientReversal"/>. The distance is log K − its
/// cross-entropy: 0 where it can do no better than chance among K domains.
/// </summary>
public sealed record AdversarialAlignment : AlignmentOptions
{
    /// <summary>α of the gradient reversal. The default is 1.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Units of the classifier's hidden layer. The default is 64.</summary>
    public int HiddenUnits { get; init; } = 64;

    /// <inheritdoc/>
    [JsonIgnore]
    public override int ClassifierUnits => HiddenUnits;

    /// <inheritdoc/>
    protected override string Kind => "domainAdversarial";

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="classifier"/> is null.</exception>
    public override AlignmentLoss Compute(Tensor features, IReadOnlyList<int> domains, FeatureClassifier? classifier)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        var logits = classifier.forward(GradientReversal.Apply(features, Strength));
        var entropy = CrossEntropy(logits, domains);
        return new AlignmentLoss(entropy, Math.Log(logits.shape[1]) - entropy.detach());
    }

    /// <summary>Cross-entropy of the classifier's logits [N, K]; a scalar.</summary>
    public static Tensor CrossEntropy(Tensor logits, IReadOnlyList<int> domains)
    {
        using var scope = NewDisposeScope();
        var target = tensor([.. domains.Select(domain => (long)domain)], device: logits.device);
        return nn.functional.cross_entropy(logits, target).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => base.Problems().Concat(Strength >= 0 && HiddenUnits > 0
        ? []
        : [$"adversarial.strength must not be negative and adversarial.hiddenUnits positive, not {Strength} and {HiddenUnits}."]);
}
