using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>The window over which local means and variances are taken.</summary>
public enum SimilarityWindow
{
    /// <summary>All voxels of a cube alike; at the border those that there are.</summary>
    Uniform,

    /// <summary>All voxels of a cube alike; outside the image are zeros that count: paper P1's released code, which dims its borders.</summary>
    ZeroPadded,

    /// <summary>A Gaussian of σ = 1.5 voxels within the cube, at the border over the voxels that there are: Wang et al.'s own.</summary>
    Gaussian,
}

/// <summary>What varies between definitions of SSIM. The defaults are for images in [−1, 1].</summary>
public sealed record SimilarityOptions
{
    /// <summary>R: the width of the images' range. The default is 2; paper P1's released code takes 1 for images of range 2.</summary>
    public double DataRange { get; init; } = 2;

    /// <summary>Side of the window; odd. The default is 11, paper P1's.</summary>
    public int Window { get; init; } = 11;

    /// <summary>Form of the window. The default is uniform, as in paper P1's released code, but without its zeros at the border.</summary>
    public SimilarityWindow Form { get; init; }

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(DataRange > 0) || Window < 1 || Window % 2 == 0)
        {
            yield return $"similarity.dataRange must be positive and similarity.window odd, not {DataRange} and {Window}.";
        }
    }
}

/// <summary>3-D structural similarity (SSIM) of two batches of images.</summary>
public static class StructuralSimilarity
{
    private const double GaussianWidth = 1.5;

    /// <summary>
    /// Mean SSIM over all voxels, C1 = (0.01·R)², C2 = (0.03·R)²; 1 for equal images. Sides shorter than the window shrink it to the largest
    /// odd size that fits.
    /// </summary>
    /// <param name="first">[N, C, Z, Y, X].</param>
    /// <param name="second">As <paramref name="first"/>.</param>
    /// <param name="options">Range and window; null for the defaults.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Compute(Tensor first, Tensor second, SimilarityOptions? options = null)
    {
        using var scope = NewDisposeScope();
        return Map(first, second, options ?? new SimilarityOptions()).mean().MoveToOuterDisposeScope();
    }

    /// <summary>SSIM of the window around every voxel, [N, C, Z, Y, X]; see <see cref="Compute"/>.</summary>
    /// <remarks>Wang et al., IEEE TIP 2004, eq. 13.</remarks>
    public static Tensor Map(Tensor first, Tensor second, SimilarityOptions options)
    {
        using var scope = NewDisposeScope();
        var shortest = (int)first.shape.Skip(2).Min();
        var side = Math.Min(options.Window, shortest % 2 == 0 ? shortest - 1 : shortest);
        var (meanFirst, meanSecond) = (Mean(first), Mean(second));
        var varianceFirst = Mean(first * first) - (meanFirst * meanFirst);
        var varianceSecond = Mean(second * second) - (meanSecond * meanSecond);
        var covariance = Mean(first * second) - (meanFirst * meanSecond);
        var (c1, c2) = (Math.Pow(0.01 * options.DataRange, 2), Math.Pow(0.03 * options.DataRange, 2));
        var similarity = ((2 * meanFirst * meanSecond) + c1) * ((2 * covariance) + c2)
            / (((meanFirst * meanFirst) + (meanSecond * meanSecond) + c1) * (varianceFirst + varianceSecond + c2));
        return similarity.MoveToOuterDisposeScope();

        Tensor Mean(Tensor image) => WindowMean(image, side, options.Form);
    }

    /// <summary>Mean over a cubic window, one axis after the other as a product with a banded matrix, which libtorch does far faster than pooling.</summary>
    private static Tensor WindowMean(Tensor image, int side, SimilarityWindow form)
    {
        var (shape, z) = (image.shape, image.shape[2]);
        var alongX = image.matmul(WindowMatrix(shape[4], side, form, image).transpose(0, 1));
        var alongY = WindowMatrix(shape[3], side, form, image).matmul(alongX);
        return WindowMatrix(z, side, form, image).matmul(alongY.reshape(shape[0], shape[1], z, -1)).reshape(shape);
    }

    /// <summary>Row i holds the window's weights at the positions within half a window of i, else 0: [length, length].</summary>
    private static Tensor WindowMatrix(long length, int side, SimilarityWindow form, Tensor like)
    {
        using var scope = NewDisposeScope();
        var positions = arange(length, device: like.device);
        var distances = (positions.unsqueeze(0) - positions.unsqueeze(1)).abs();
        var near = distances.le(side / 2).to(like.dtype);
        var weights = form == SimilarityWindow.Gaussian
            ? near * (distances.to(like.dtype).square() / (-2 * GaussianWidth * GaussianWidth)).exp()
            : near;
        return (form == SimilarityWindow.ZeroPadded ? weights / side : weights / weights.sum(1, keepdim: true)).MoveToOuterDisposeScope();
    }
}
