using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;

namespace MetSeg.Learning.Harmonization;

/// <summary>How the VAE-MMD harmonizer is trained: L = L_recon + 0.1·L_KL + 10·L_MMD + 5·L_adv. The defaults are paper P1's.</summary>
/// <remarks>Paper P1 (arXiv 2604.00397), training of the VAE.</remarks>
public sealed record VaeMmdOptions
{
    /// <summary>The autoencoder.</summary>
    public VaeOptions Vae { get; init; } = new();

    /// <summary>Features of the discriminator's layers. The default is 32, 64, 128, 256.</summary>
    public IReadOnlyList<int> DiscriminatorFeatures { get; init; } = [32, 64, 128, 256];

    /// <summary>Weight of the latent divergence. The default is 0.1.</summary>
    public double DivergenceWeight { get; init; } = 0.1;

    /// <summary>Weight of the maximum mean discrepancy. The default is 10.</summary>
    public double DiscrepancyWeight { get; init; } = 10;

    /// <summary>Weight of the adversarial term. The default is 5.</summary>
    public double AdversarialWeight { get; init; } = 5;

    /// <summary>How the kernel's width is chosen. The default is fixed, the paper's.</summary>
    public KernelWidth KernelWidth { get; init; } = KernelWidth.Fixed;

    /// <summary>Samples of each domain in every batch. The default is 1: four centers give the paper's batch of 4.</summary>
    public int SamplesPerDomain { get; init; } = 1;

    /// <summary>Learning rate of both Adam optimizers. The default is 1e-4.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Largest norm of the autoencoder's gradient. The default is 1.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Probability to flip each axis. The default is 0.5.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Probability of a turn by 90°, 180° or 270° in a plane whose sides are equal. The default is 0.3.</summary>
    public double TurnProbability { get; init; } = 0.3;

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var problem in Vae.Problems())
        {
            yield return problem;
        }

        if (!(DivergenceWeight >= 0) || !(DiscrepancyWeight >= 0) || !(AdversarialWeight >= 0))
        {
            yield return "The weights of the loss terms must not be negative.";
        }

        if (SamplesPerDomain < 1 || !(LearningRate > 0) || !(ClipNorm > 0))
        {
            yield return "samplesPerDomain, learningRate and clipNorm must be positive.";
        }

        if (DiscriminatorFeatures.Count < 2 || DiscriminatorFeatures.Any(count => count < 1) || Vae.InputSize.Any(side => side >> DiscriminatorFeatures.Count < 1))
        {
            yield return "discriminatorFeatures must list at least 2 layers of at least 1 feature, and not more layers than the input can be halved.";
        }

        if (FlipProbability is not (>= 0 and <= 1) || TurnProbability is not (>= 0 and <= 1))
        {
            yield return "Probabilities must be in [0, 1].";
        }
    }
}
