using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>Terms of paper P1's loss that compare an image with its reconstruction and keep the latent code near its prior.</summary>
public static class Reconstruction
{
    /// <summary>300·mean squared error + 150·mean absolute error + 50·(1 − SSIM), for images in [−1, 1].</summary>
    /// <param name="image">[N, 1, Z, Y, X].</param>
    /// <param name="reconstruction">As <paramref name="image"/>.</param>
    /// <returns>A scalar.</returns>
    /// <remarks>Paper P1 (arXiv 2604.00397), L_recon.</remarks>
    public static Tensor Compute(Tensor image, Tensor reconstruction)
    {
        using var scope = NewDisposeScope();
        var difference = reconstruction - image;
        var similarity = StructuralSimilarity.Compute(reconstruction, image);
        return ((300 * difference.square().mean()) + (150 * difference.abs().mean()) + (50 * (1 - similarity))).MoveToOuterDisposeScope();
    }

    /// <summary>Divergence of N(μ, σ²) from N(0, 1): −½ Σ (1 + log σ² − μ² − σ²) over the latent dimensions, mean over the batch.</summary>
    /// <param name="mean">μ, [N, L].</param>
    /// <param name="logVariance">log σ², [N, L].</param>
    /// <returns>A scalar.</returns>
    /// <remarks>Kingma and Welling, ICLR 2014, appendix B; paper P1, L_KL.</remarks>
    public static Tensor LatentDivergence(Tensor mean, Tensor logVariance)
    {
        using var scope = NewDisposeScope();
        return (-0.5 * (1 + logVariance - mean.square() - logVariance.exp()).sum(1).mean()).MoveToOuterDisposeScope();
    }
}
