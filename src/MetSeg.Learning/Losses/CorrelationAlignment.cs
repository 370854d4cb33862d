using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>Deep CORAL: the distance between the covariances of the domains' codes. Blind to a shift of their means.</summary>
public static class CorrelationAlignment
{
    /// <summary>Mean over all pairs of domains with at least two codes of ‖C₁ − C₂‖²_F / (4·L²), C with n − 1. 0 where there is no pair.</summary>
    /// <param name="codes">[N, L].</param>
    /// <param name="domains">The domain of each code; N numbers.</param>
    /// <returns>A scalar.</returns>
    /// <remarks>Sun and Saenko, ECCV workshops 2016, eq. 1 to 3.</remarks>
    public static Tensor Compute(Tensor codes, IReadOnlyList<int> domains)
    {
        var length = (double)codes.shape[1];
        return DomainPairs.Mean(codes, domains, least: 2, (first, second) =>
            (Covariance(first) - Covariance(second)).square().sum() / (4 * length * length));
    }

    private static Tensor Covariance(Tensor codes)
    {
        var centered = codes - codes.mean([0], keepdim: true);
        return centered.transpose(0, 1).matmul(centered) / (codes.shape[0] - 1);
    }
}
