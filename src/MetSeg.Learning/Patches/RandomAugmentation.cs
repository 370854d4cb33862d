namespace MetSeg.Learning.Patches;

/// <summary>
/// Draws augmentations with nnU-Net's probabilities and ranges: rotation, scaling, noise, blur, brightness, contrast, low resolution, gamma
/// of the inverted and of the plain image, mirroring.
/// </summary>
/// <remarks>nnU-Net v2.8, the transforms of its default trainer, in their order.</remarks>
public sealed record RandomAugmentation
{
    /// <summary>
    /// Neither turned, scaled, blurred nor coarsened: for trial runs. In a few hundred steps a network does not learn from patches of which
    /// most are.
    /// </summary>
    public static RandomAugmentation Light { get; } = new() { Rotation = 0, Scaling = 0, Blur = 0, LowResolution = 0 };

    /// <summary>Patches as they are.</summary>
    public static RandomAugmentation None { get; } = Light with { Noise = 0, Brightness = 0, Contrast = 0, InvertedGamma = 0, Gamma = 0, Mirror = 0, PreviousStage = new() { Morphology = 0, Removal = 0 } };

    /// <summary>Largest rotation about each axis, in degrees.</summary>
    private const double LargestAngle = 30;

    /// <summary>Probability of a rotation by up to 30° about each axis, or by any angle in the plane of thick slices. The default is 0.2.</summary>
    public double Rotation { get; init; } = 0.2;

    /// <summary>Probability of scaling by 0.7–1.4; above 1 objects become smaller. The default is 0.2.</summary>
    public double Scaling { get; init; } = 0.2;

    /// <summary>Probability of noise with a deviation uniform in 0–0.1. The default is 0.1.</summary>
    public double Noise { get; init; } = 0.1;

    /// <summary>Probability of blur with a deviation of 0.5–1 voxel, each channel with probability 0.5. The default is 0.2.</summary>
    public double Blur { get; init; } = 0.2;

    /// <summary>Probability of a brightness factor in 0.75–1.25. The default is 0.15.</summary>
    public double Brightness { get; init; } = 0.15;

    /// <summary>Probability of a contrast factor in 0.75–1.25. The default is 0.15.</summary>
    public double Contrast { get; init; } = 0.15;

    /// <summary>Probability of a resolution of 0.5–1, each channel with probability 0.5. The default is 0.25.</summary>
    public double LowResolution { get; init; } = 0.25;

    /// <summary>Probability of gamma in 0.7–1.5 on the inverted image. The default is 0.1.</summary>
    public double InvertedGamma { get; init; } = 0.1;

    /// <summary>Probability of gamma in 0.7–1.5. The default is 0.3.</summary>
    public double Gamma { get; init; } = 0.3;

    /// <summary>Probability to flip each axis. The default is 0.5.</summary>
    public double Mirror { get; init; } = 0.5;

    /// <summary>What is done to the segmentation of a cascade's first stage.</summary>
    public PreviousStageNoise PreviousStage { get; init; } = new();

    /// <summary>Whether patches may be turned or scaled.</summary>
    internal bool IsSpatial => Rotation > 0 || Scaling > 0;

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        double[] probabilities = [Rotation, Scaling, Noise, Blur, Brightness, Contrast, LowResolution, InvertedGamma, Gamma, Mirror, PreviousStage.Morphology, PreviousStage.Removal];
        if (!probabilities.All(probability => probability is >= 0 and <= 1))
        {
            yield return $"augmentation: probabilities must be in [0, 1], not {string.Join(", ", probabilities)}.";
        }
    }

    /// <summary>Draws one augmentation.</summary>
    /// <param name="random">Where the draws come from.</param>
    /// <param name="channels">Number of image channels.</param>
    /// <param name="planeAngle">
    /// Where z is so coarse that patches are turned and scaled in the plane alone (<see cref="InitialPatch.IsFlat"/>): the largest rotation,
    /// in degrees. Null (default) turns and scales in all directions.
    /// </param>
    public Augmentation Sample(Random random, int channels, double? planeAngle = null)
    {
        var spatial = SampleSpatial(random, planeAngle);
        var noise = With(random, Noise) ? Between(random, 0, 0.1) : 0;
        var noiseSeed = random.NextInt64();
        var changes = Enumerable.Repeat(ChannelAugmentation.Identity, channels).ToArray();
        void Change(double probability, double ofChannel, Func<ChannelAugmentation, ChannelAugmentation> change)
        {
            var happens = With(random, probability);
            for (var c = 0; happens && c < channels; c++)
            {
                changes[c] = ofChannel >= 1 || With(random, ofChannel) ? change(changes[c]) : changes[c];
            }
        }

        Change(Blur, 0.5, one => one with { Blur = (Between(random, 0.5, 1), Between(random, 0.5, 1), Between(random, 0.5, 1)) });
        Change(Brightness, 1, one => one with { Brightness = Around(random, 0.75, 1.25) });
        Change(Contrast, 1, one => one with { Contrast = Around(random, 0.75, 1.25) });
        Change(LowResolution, 0.5, one => one with { LowResolution = Between(random, 0.5, 1) });
        Change(InvertedGamma, 1, one => one with { InvertedGamma = Around(random, 0.7, 1.5) });
        Change(Gamma, 1, one => one with { Gamma = Around(random, 0.7, 1.5) });
        var axes = new long[] { 1, 2, 3 }.Where(_ => With(random, Mirror)).ToArray();
        return new Augmentation(spatial, noise, noiseSeed, changes, axes);
    }

    private SpatialTransform? SampleSpatial(Random random, double? planeAngle)
    {
        var (turns, scales) = (With(random, Rotation), With(random, Scaling));
        if (!turns && !scales)
        {
            return null;
        }

        double Angle(double degrees) => turns ? Between(random, -degrees, degrees) * Math.PI / 180 : 0;
        var (z, y, x) = planeAngle is { } largest ? (Angle(largest), 0, 0) : (Angle(LargestAngle), Angle(LargestAngle), Angle(LargestAngle));
        var scale = scales ? Between(random, 0.7, 1.4) : 1;
        return new SpatialTransform(z, y, x, planeAngle is not null ? 1 : scale, scale);
    }

    private static bool With(Random random, double probability) => random.NextDouble() < probability;

    private static double Between(Random random, double low, double high) => low + (random.NextDouble() * (high - low));

    /// <summary>As often below 1 as above it.</summary>
    private static double Around(Random random, double low, double high) => With(random, 0.5) ? Between(random, low, 1) : Between(random, 1, high);
}
