namespace MetSeg.Evaluation;

/// <summary>Peak signal-to-noise ratio of an image against a reference.</summary>
public static class PeakSignalToNoise
{
    /// <summary>
    /// 10·log10(range² / mean squared error) in dB, where the range is the reference's maximum minus its minimum: scaling both images to
    /// [0, 1] first changes nothing.
    /// </summary>
    /// <param name="reference">The image that counts as right.</param>
    /// <param name="image">Another image of the same size.</param>
    /// <returns>Infinity for equal images; NaN where the reference is constant.</returns>
    /// <exception cref="ArgumentException">The images differ in size.</exception>
    /// <remarks>Paper P1 reports PSNR with a peak of 1 on images in [0, 1] (paper-code.md, 2.3).</remarks>
    public static double Compute(Volume reference, Volume image)
    {
        if (reference.Grid.Size != image.Grid.Size)
        {
            throw new ArgumentException($"Images of {reference.Grid.Size} and {image.Grid.Size} voxels cannot be compared.", nameof(image));
        }

        var (low, high, squares) = (double.PositiveInfinity, double.NegativeInfinity, 0.0);
        for (var i = 0; i < reference.Voxels.Length; i++)
        {
            double value = reference.Voxels[i];
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
            squares += (value - image.Voxels[i]) * (value - image.Voxels[i]);
        }

        return high > low ? 10 * Math.Log10((high - low) * (high - low) * reference.Voxels.Length / squares) : double.NaN;
    }
}
