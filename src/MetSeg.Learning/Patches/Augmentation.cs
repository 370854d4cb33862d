using static TorchSharp.torch;

namespace MetSeg.Learning.Patches;

/// <summary>One change of a patch, ready to be applied and replayed. Spatial changes move image and label alike.</summary>
/// <param name="Spatial">Rotation and scaling, applied while the patch is cut out; null for none.</param>
/// <param name="NoiseDeviation">Standard deviation of Gaussian noise added to all channels; 0 adds none.</param>
/// <param name="NoiseSeed">Seed of that noise.</param>
/// <param name="Channels">The changes of each channel's intensities.</param>
/// <param name="MirrorAxes">Axes to flip: 1 z, 2 y, 3 x of [C, Z, Y, X].</param>
public sealed record Augmentation(
    SpatialTransform? Spatial, double NoiseDeviation, long NoiseSeed, IReadOnlyList<ChannelAugmentation> Channels, IReadOnlyList<long> MirrorAxes)
{
    /// <summary>Applies the changes of intensity, then mirrors.</summary>
    /// <param name="image">[C, Z, Y, X], cut out by <see cref="Spatial"/>.</param>
    /// <param name="keepsDepth">Whether z is too coarse to be reduced.</param>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor ApplyToImage(Tensor image, bool keepsDepth = false)
    {
        using var scope = NewDisposeScope();
        var noisy = image.alias();
        if (NoiseDeviation > 0)
        {
            using var generator = new Generator((ulong)NoiseSeed);
            noisy = image + (NoiseDeviation * randn(image.shape, generator: generator));
        }

        var changed = Channels.All(channel => channel == ChannelAugmentation.Identity)
            ? noisy
            : cat([.. Channels.Select((channel, c) => channel.Apply(noisy.narrow(0, c, 1), keepsDepth))], 0);
        return Mirror(changed).MoveToOuterDisposeScope();
    }

    /// <summary>Mirrors a label patch [1, Z, Y, X], cut out by <see cref="Spatial"/>.</summary>
    public Tensor ApplyToLabel(Tensor label) => Mirror(label);

    private Tensor Mirror(Tensor patch) => MirrorAxes.Count == 0 ? patch.alias() : patch.flip([.. MirrorAxes]);
}
