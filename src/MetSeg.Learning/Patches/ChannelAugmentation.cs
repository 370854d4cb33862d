using TorchSharp;
using static TorchSharp.torch;

namespace MetSeg.Learning.Patches;

/// <summary>Changes of one channel's intensities, in the order in which they are applied; the defaults change nothing.</summary>
public sealed record ChannelAugmentation
{
    /// <summary>Changes nothing.</summary>
    public static ChannelAugmentation Identity { get; } = new();

    /// <summary>Standard deviations of a Gaussian blur along z, y, x in voxels; null for none.</summary>
    public (double Z, double Y, double X)? Blur { get; init; }

    /// <summary>Factor on the intensities.</summary>
    public double Brightness { get; init; } = 1;

    /// <summary>Factor on the distance from the mean, clipped to the old range.</summary>
    public double Contrast { get; init; } = 1;

    /// <summary>Share of the voxels along each axis to which the patch is reduced and then enlarged again.</summary>
    public double LowResolution { get; init; } = 1;

    /// <summary>Exponent on the inverted intensities scaled to [0, 1]; mean and deviation are restored.</summary>
    public double InvertedGamma { get; init; } = 1;

    /// <summary>The same on the intensities as they are.</summary>
    public double Gamma { get; init; } = 1;

    /// <summary>Applies the changes.</summary>
    /// <param name="patch">[1, Z, Y, X].</param>
    /// <param name="keepsDepth">Whether z is too coarse to be reduced (nnU-Net's dummy 2-D augmentation).</param>
    /// <returns>A tensor of the same shape, perhaps the same one.</returns>
    public Tensor Apply(Tensor patch, bool keepsDepth)
    {
        using var scope = NewDisposeScope();
        var changed = Blur is { } sigma ? Smoothed(patch, [sigma.Z, sigma.Y, sigma.X]) : patch.alias();
        changed = Brightness == 1 ? changed : changed * Brightness;
        if (Contrast != 1)
        {
            var (low, high, mean) = (changed.min(), changed.max(), changed.mean());
            changed = (((changed - mean) * Contrast) + mean).clamp(low, high);
        }

        changed = LowResolution == 1 ? changed : Coarsened(changed, LowResolution, keepsDepth);
        changed = InvertedGamma == 1 ? changed : -Bent(-changed, InvertedGamma);
        changed = Gamma == 1 ? changed : Bent(changed, Gamma);
        return changed.MoveToOuterDisposeScope();
    }

    /// <summary>Separable blur; beyond its borders the patch is mirrored.</summary>
    private static Tensor Smoothed(Tensor patch, double[] sigmas)
    {
        var changed = patch.unsqueeze(0);
        for (var axis = 0; axis < 3; axis++)
        {
            // A mirror reaches no farther than the patch.
            var radius = Math.Min((int)((4 * sigmas[axis]) + 0.5), (int)patch.shape[axis + 1] - 1);
            var weights = Enumerable.Range(-radius, (2 * radius) + 1).Select(x => (float)Math.Exp(-0.5 * x * x / (sigmas[axis] * sigmas[axis]))).ToArray();
            var sum = weights.Sum();
            var (shape, padding) = (new long[] { 1, 1, 1, 1, 1 }, new long[6]);
            shape[axis + 2] = weights.Length;
            (padding[4 - (2 * axis)], padding[5 - (2 * axis)]) = (radius, radius);
            var kernel = tensor(Array.ConvertAll(weights, weight => weight / sum), shape);
            changed = nn.functional.conv3d(nn.functional.pad(changed, padding, PaddingModes.Reflect), kernel);
        }

        return changed.squeeze(0);
    }

    /// <summary>The nearest voxels of a coarser grid, enlarged again linearly.</summary>
    private static Tensor Coarsened(Tensor patch, double scale, bool keepsDepth)
    {
        var reduced = patch;
        for (var axis = keepsDepth ? 1 : 0; axis < 3; axis++)
        {
            var from = (int)patch.shape[axis + 1];
            var count = Math.Max(1, (int)Math.Round(from * scale));
            var nearest = Enumerable.Range(0, count).Select(k => Math.Min(from - 1L, (long)((k + 0.5) * from / count))).ToArray();
            reduced = reduced.index_select(axis + 1, tensor(nearest));
        }

        return nn.functional.interpolate(reduced.unsqueeze(0), patch.shape[1..], mode: InterpolationMode.Trilinear, align_corners: false).squeeze(0);
    }

    private static Tensor Bent(Tensor image, double exponent)
    {
        var (low, range) = (image.min(), (image.max() - image.min()).clamp_min(1e-7));
        var bent = (((image - low) / range).pow(exponent) * range) + low;
        return ((bent - bent.mean()) / bent.std().clamp_min(1e-8) * image.std()) + image.mean();
    }
}
