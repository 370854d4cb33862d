using static TorchSharp.torch;

namespace MetSeg.Learning.Patches;

/// <summary>One change of a patch, ready to be applied and replayed. Spatial changes move image and label alike.</summary>
/// <param name="MirrorAxes">Axes to flip: 1 z, 2 y, 3 x of [C, Z, Y, X].</param>
/// <param name="NoiseDeviation">Standard deviation of added Gaussian noise; 0 adds none.</param>
/// <param name="NoiseSeed">Seed of that noise.</param>
/// <param name="Brightness">Factor on the intensities.</param>
/// <param name="Contrast">Factor on the distance from the channel's mean, clipped to the old range.</param>
/// <param name="Gamma">Exponent on the intensities scaled to [0, 1]; mean and deviation are restored.</param>
/// <param name="InvertForGamma">Whether the exponent acts on the inverted image.</param>
public sealed record Augmentation(
    IReadOnlyList<long> MirrorAxes,
    double NoiseDeviation,
    long NoiseSeed,
    double Brightness,
    double Contrast,
    double Gamma,
    bool InvertForGamma)
{
    /// <summary>Applies the spatial and intensity changes to an image patch.</summary>
    /// <param name="image">[C, Z, Y, X].</param>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor ApplyToImage(Tensor image)
    {
        using var scope = NewDisposeScope();
        var changed = Mirror(image);
        if (NoiseDeviation > 0)
        {
            using var generator = new Generator((ulong)NoiseSeed);
            changed = changed + (NoiseDeviation * randn(changed.shape, generator: generator));
        }

        changed = changed * Brightness;
        if (Contrast != 1)
        {
            var (low, high) = (changed.amin([1, 2, 3], keepdim: true), changed.amax([1, 2, 3], keepdim: true));
            var mean = changed.mean([1, 2, 3], keepdim: true);
            changed = (((changed - mean) * Contrast) + mean).clamp(low, high);
        }

        if (Gamma != 1)
        {
            changed = ApplyGamma(InvertForGamma ? -changed : changed);
            changed = InvertForGamma ? -changed : changed;
        }

        return changed.MoveToOuterDisposeScope();
    }

    /// <summary>Applies the spatial changes to a label patch [1, Z, Y, X].</summary>
    public Tensor ApplyToLabel(Tensor label) => Mirror(label);

    private Tensor Mirror(Tensor patch) => MirrorAxes.Count == 0 ? patch.alias() : patch.flip([.. MirrorAxes]);

    private Tensor ApplyGamma(Tensor image)
    {
        var (low, high) = (image.amin([1, 2, 3], keepdim: true), image.amax([1, 2, 3], keepdim: true));
        var range = (high - low).clamp_min(1e-7);
        var bent = (((image - low) / range).pow(Gamma) * range) + low;
        var (mean, deviation) = (image.mean([1, 2, 3], keepdim: true), image.std([1, 2, 3], keepdim: true));
        var (bentMean, bentDeviation) = (bent.mean([1, 2, 3], keepdim: true), bent.std([1, 2, 3], keepdim: true));
        return ((bent - bentMean) / bentDeviation.clamp_min(1e-8) * deviation) + mean;
    }
}

/// <summary>
/// Draws augmentations with nnU-Net's probabilities and ranges: mirroring, Gaussian noise, brightness, contrast, gamma. Rotation, scaling,
/// blur and low resolution come with the complete nnU-Net.
/// </summary>
/// <remarks>nnU-Net v2, table of transforms in its default trainer.</remarks>
public sealed record RandomAugmentation
{
    /// <summary>Probability to flip each axis. The default is 0.5.</summary>
    public double Mirror { get; init; } = 0.5;

    /// <summary>Probability of noise with a deviation uniform in 0–0.1. The default is 0.1.</summary>
    public double Noise { get; init; } = 0.1;

    /// <summary>Probability of a brightness factor in 0.75–1.25. The default is 0.15.</summary>
    public double Brightness { get; init; } = 0.15;

    /// <summary>Probability of a contrast factor in 0.75–1.25. The default is 0.15.</summary>
    public double Contrast { get; init; } = 0.15;

    /// <summary>Probability of gamma in 0.7–1.5. The default is 0.3.</summary>
    public double Gamma { get; init; } = 0.3;

    /// <summary>Probability of gamma on the inverted image. The default is 0.1.</summary>
    public double InvertedGamma { get; init; } = 0.1;

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        double[] probabilities = [Mirror, Noise, Brightness, Contrast, Gamma, InvertedGamma];
        if (!probabilities.All(probability => probability is >= 0 and <= 1))
        {
            yield return $"augmentation: probabilities must be in [0, 1], not {string.Join(", ", probabilities)}.";
        }
    }

    /// <summary>Draws one augmentation.</summary>
    public Augmentation Sample(Random random)
    {
        bool With(double probability) => random.NextDouble() < probability;
        double Around(double low, double high) => random.NextDouble() < 0.5 ? low + (random.NextDouble() * (1 - low)) : 1 + (random.NextDouble() * (high - 1));

        var axes = new long[] { 1, 2, 3 }.Where(_ => With(Mirror)).ToArray();
        var noise = With(Noise) ? 0.1 * random.NextDouble() : 0;
        var noiseSeed = random.NextInt64();
        var brightness = With(Brightness) ? Around(0.75, 1.25) : 1;
        var contrast = With(Contrast) ? Around(0.75, 1.25) : 1;
        var inverted = With(InvertedGamma);
        var gamma = inverted || With(Gamma) ? Around(0.7, 1.5) : 1;
        return new Augmentation(axes, noise, noiseSeed, brightness, contrast, gamma, inverted);
    }
}
