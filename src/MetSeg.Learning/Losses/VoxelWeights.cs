using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>Lets small, sharp things count in a mean over voxels: a metastasis of 0.1 cm³ is one voxel in ten thousand of a head.</summary>
public static class VoxelWeights
{
    /// <summary>
    /// 1 + a where a lesion is + b where the gradient's magnitude exceeds its mean by more than one standard deviation; divided by its mean
    /// over each image.
    /// </summary>
    /// <param name="image">[N, 1, Z, Y, X].</param>
    /// <param name="lesions">Not 0 in lesions, as large as the image; null where lesions are not known.</param>
    /// <param name="lesionWeight">a.</param>
    /// <param name="edgeWeight">b.</param>
    /// <returns>As <paramref name="image"/>, of mean 1 in each image, without gradient.</returns>
    public static Tensor Of(Tensor image, Tensor? lesions, double lesionWeight, double edgeWeight)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var weights = ones_like(image);
        if (lesions is not null && lesionWeight > 0)
        {
            weights += lesionWeight * lesions.ne(0).to(image.dtype);
        }

        if (edgeWeight > 0)
        {
            weights += edgeWeight * Edges(image);
        }

        return (weights / weights.mean([1, 2, 3, 4], keepdim: true)).MoveToOuterDisposeScope();
    }

    /// <summary>1 where the gradient is steep, else 0. Central differences; 0 along an axis at its two ends.</summary>
    private static Tensor Edges(Tensor image)
    {
        var squared = zeros_like(image);
        for (var axis = 2; axis < 5; axis++)
        {
            var inner = image.shape[axis] - 2;
            if (inner > 0)
            {
                squared.narrow(axis, 1, inner).add_(((image.narrow(axis, 2, inner) - image.narrow(axis, 0, inner)) / 2).square());
            }
        }

        var magnitude = squared.sqrt();
        var mean = magnitude.mean([1, 2, 3, 4], keepdim: true);
        var deviation = (magnitude - mean).square().mean([1, 2, 3, 4], keepdim: true).sqrt();
        return magnitude.gt(mean + deviation).to(image.dtype);
    }
}
