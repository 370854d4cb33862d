using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>3-D structural similarity (SSIM) of two batches of images.</summary>
public static class StructuralSimilarity
{
    /// <summary>
    /// Mean SSIM over all voxels with a uniform cubic window, C1 = (0.01·R)², C2 = (0.03·R)²; 1 for equal images. At the border the window
    /// holds fewer voxels; sides shorter than the window shrink it to the largest odd size that fits.
    /// </summary>
    /// <param name="first">[N, C, Z, Y, X].</param>
    /// <param name="second">As <paramref name="first"/>.</param>
    /// <param name="dataRange">R: the width of the images' range; 2 for [−1, 1].</param>
    /// <param name="window">Side of the window; odd. The default is 11.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Compute(Tensor first, Tensor second, double dataRange = 2, int window = 11)
    {
        using var scope = NewDisposeScope();
        return Map(first, second, dataRange, window).mean().MoveToOuterDisposeScope();
    }

    /// <summary>SSIM of the window around every voxel, [N, C, Z, Y, X]; see <see cref="Compute"/>.</summary>
    /// <remarks>
    /// Wang et al., IEEE TIP 2004. Paper P1's loss with window 11; its released code takes R = 1 for data of range 2 and counts zero padding
    /// as image, both of which we do not.
    /// </remarks>
    public static Tensor Map(Tensor first, Tensor second, double dataRange, int window)
    {
        using var scope = NewDisposeScope();
        var shortest = (int)first.shape.Skip(2).Min();
        var side = Math.Min(window, shortest % 2 == 0 ? shortest - 1 : shortest);
        var (meanFirst, meanSecond) = (WindowMean(first, side), WindowMean(second, side));
        var varianceFirst = WindowMean(first * first, side) - (meanFirst * meanFirst);
        var varianceSecond = WindowMean(second * second, side) - (meanSecond * meanSecond);
        var covariance = WindowMean(first * second, side) - (meanFirst * meanSecond);
        var (c1, c2) = (Math.Pow(0.01 * dataRange, 2), Math.Pow(0.03 * dataRange, 2));
        var similarity = ((2 * meanFirst * meanSecond) + c1) * ((2 * covariance) + c2)
            / (((meanFirst * meanFirst) + (meanSecond * meanSecond) + c1) * (varianceFirst + varianceSecond + c2));
        return similarity.MoveToOuterDisposeScope();
    }

    /// <summary>Mean over a cubic window, one axis after the other as a product with a banded matrix, which libtorch does far faster than pooling.</summary>
    private static Tensor WindowMean(Tensor image, int side)
    {
        var (shape, z) = (image.shape, image.shape[2]);
        var alongX = image.matmul(WindowMatrix(shape[4], side, image).transpose(0, 1));
        var alongY = WindowMatrix(shape[3], side, image).matmul(alongX);
        return WindowMatrix(z, side, image).matmul(alongY.reshape(shape[0], shape[1], z, -1)).reshape(shape);
    }

    /// <summary>Row i holds 1/n at the n positions within half a window of i, else 0: [length, length].</summary>
    private static Tensor WindowMatrix(long length, int side, Tensor like)
    {
        using var scope = NewDisposeScope();
        var positions = arange(length, device: like.device);
        var near = (positions.unsqueeze(0) - positions.unsqueeze(1)).abs().le(side / 2).to(like.dtype);
        return (near / near.sum(1, keepdim: true)).MoveToOuterDisposeScope();
    }
}
