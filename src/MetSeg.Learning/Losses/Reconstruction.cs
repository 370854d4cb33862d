using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>Weights of the terms that compare an image with its reconstruction. The defaults are paper P1's.</summary>
public sealed record ReconstructionOptions
{
    /// <summary>Weight of the mean squared error. The default is 300.</summary>
    public double SquaredWeight { get; init; } = 300;

    /// <summary>Weight of the mean absolute error. The default is 150.</summary>
    public double AbsoluteWeight { get; init; } = 150;

    /// <summary>Weight of 1 − SSIM. The default is 50.</summary>
    public double SimilarityWeight { get; init; } = 50;

    /// <summary>The SSIM.</summary>
    public SimilarityOptions Similarity { get; init; } = new();

    /// <summary>What lesion voxels weigh more than others in both errors, at the least 0. The default is 0: all alike, as in paper P1.</summary>
    public double LesionWeight { get; init; }

    /// <summary>What voxels of steep gradients weigh more than others in both errors, at the least 0. The default is 0.</summary>
    public double EdgeWeight { get; init; }

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (new[] { SquaredWeight, AbsoluteWeight, SimilarityWeight, LesionWeight, EdgeWeight }.Any(weight => !(weight >= 0)))
        {
            yield return "The weights of the reconstruction must not be negative.";
        }

        foreach (var problem in Similarity.Problems())
        {
            yield return problem;
        }
    }
}

/// <summary>Terms of paper P1's loss that compare an image with its reconstruction and keep the latent code near its prior.</summary>
public static class Reconstruction
{
    /// <summary>300·mean squared error + 150·mean absolute error + 50·(1 − SSIM), for images in [−1, 1].</summary>
    /// <param name="image">[N, 1, Z, Y, X].</param>
    /// <param name="reconstruction">As <paramref name="image"/>.</param>
    /// <param name="options">Weights of the terms; null for the defaults.</param>
    /// <param name="weights">Weights of the voxels in both errors, of mean 1 in each image; null for all alike. See <see cref="VoxelWeights"/>.</param>
    /// <returns>A scalar.</returns>
    /// <remarks>Paper P1 (arXiv 2604.00397), L_recon.</remarks>
    public static Tensor Compute(Tensor image, Tensor reconstruction, ReconstructionOptions? options = null, Tensor? weights = null)
    {
        using var scope = NewDisposeScope();
        options ??= new ReconstructionOptions();
        var difference = reconstruction - image;
        var (squared, absolute) = (difference.square(), difference.abs());
        var errors = (options.SquaredWeight * (weights is null ? squared : squared * weights).mean())
            + (options.AbsoluteWeight * (weights is null ? absolute : absolute * weights).mean());
        var total = options.SimilarityWeight == 0
            ? errors
            : errors + (options.SimilarityWeight * (1 - StructuralSimilarity.Compute(reconstruction, image, options.Similarity)));
        return total.MoveToOuterDisposeScope();
    }

    /// <summary>Divergence of N(μ, σ²) from N(0, 1): −½ Σ (1 + log σ² − μ² − σ²) over the latent dimensions, mean over the batch.</summary>
    /// <param name="mean">μ, [N, …].</param>
    /// <param name="logVariance">log σ², as <paramref name="mean"/>.</param>
    /// <returns>A scalar.</returns>
    /// <remarks>Kingma and Welling, ICLR 2014, appendix B; paper P1, L_KL.</remarks>
    public static Tensor LatentDivergence(Tensor mean, Tensor logVariance)
    {
        using var scope = NewDisposeScope();
        return (-0.5 * (1 + logVariance - mean.square() - logVariance.exp()).flatten(1).sum(1).mean()).MoveToOuterDisposeScope();
    }
}
