using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>
/// The latent code of a patch that belongs to a whole scan: every patch of a scan gets the look of the whole, so that their seams do not
/// show. Skips are the patch's own. A latent vector is that of the whole scan. Of a spatial code, each channel's mean over the patch is
/// replaced by its mean over the whole scan; what differs within the patch stays.
/// </summary>
public static class PatchCode
{
    /// <summary>The code of images of one channel as they are, or of patches within whole scans.</summary>
    /// <param name="vae">The autoencoder.</param>
    /// <param name="images">[N, 1, Z, Y, X]; or [N, 2, Z, Y, X], of which channel 0 is a patch and channel 1 its whole scan resized to the same size.</param>
    public static LatentCode Encode(HarmonizationVae vae, Tensor images)
    {
        if (images.shape[1] == 1)
        {
            return vae.Encode(images);
        }

        using var scope = NewDisposeScope();
        var count = images.shape[0];
        var both = vae.Encode(cat([images.narrow(1, 0, 1), images.narrow(1, 1, 1)], 0));
        var code = Join(Part(both, 0, count), Part(both, count, count));
        return new LatentCode(
            code.Mean.MoveToOuterDisposeScope(), code.LogVariance.MoveToOuterDisposeScope(), [.. code.Skips.Select(skip => skip.MoveToOuterDisposeScope())]);
    }

    /// <summary>The codes of patches with the look of whole scans.</summary>
    /// <param name="patches">Codes of N patches.</param>
    /// <param name="whole">The code of their one scan, or of N scans.</param>
    /// <returns>The patches' skips are the same tensors; the rest is new.</returns>
    public static LatentCode Join(LatentCode patches, LatentCode whole)
    {
        using var scope = NewDisposeScope();
        var isSpatial = patches.Mean.dim() > 2;
        var mean = isSpatial
            ? patches.Mean - patches.Mean.mean([2, 3, 4], keepdim: true) + whole.Mean.mean([2, 3, 4], keepdim: true)
            : whole.Mean.expand_as(patches.Mean);
        var spread = isSpatial ? patches.LogVariance.alias() : whole.LogVariance.expand_as(patches.LogVariance);
        return new LatentCode(mean.MoveToOuterDisposeScope(), spread.MoveToOuterDisposeScope(), patches.Skips);
    }

    private static LatentCode Part(LatentCode code, long start, long count) => new(
        code.Mean.narrow(0, start, count), code.LogVariance.narrow(0, start, count), [.. code.Skips.Select(skip => skip.narrow(0, start, count))]);
}
