namespace MetSeg.Imaging;

/// <summary>
/// Intensities as shares of the brain's level nearby: 0 is dark, 1 is the mean of the brain tissue around. This takes out most of the
/// coil's bias.
/// </summary>
internal static class BrainLevel
{
    /// <summary>Width of the Gaussian within which tissue is averaged, in mm.</summary>
    private const double SigmaMm = 20;

    /// <summary>Weight that far away from all tissue pulls the level to the brain's median.</summary>
    private const float Prior = 1e-4f;

    private const int Block = 4;

    /// <summary>Divides the image above dark by the local mean of tissue.</summary>
    /// <param name="head">The image.</param>
    /// <param name="isTissue">Whether a voxel counts; only those from 0.6 to 1.6 of the brain's median do.</param>
    public static float[] Normalize(HeadImage head, Func<int, bool> isTissue)
    {
        var (grid, brain) = (head.Volume.Grid, head.Brain - head.Dark);
        float[] sums = new float[head.Voxels.Length], weights = new float[head.Voxels.Length];
        Parallel.For(0, grid.Size.Z, z =>
        {
            var slice = grid.Size.X * grid.Size.Y;
            for (var i = z * slice; i < (z + 1) * slice; i++)
            {
                var value = head.Voxels[i] - head.Dark;
                if (value > 0.6f * brain && value < 1.6f * brain && isTissue(i))
                {
                    (sums[i], weights[i]) = (value, 1);
                }
            }
        });
        var (sum, weight) = (Smooth(new Volume(grid, sums)), Smooth(new Volume(grid, weights)));
        var level = new float[sum.Voxels.Length];
        for (var i = 0; i < level.Length; i++)
        {
            level[i] = (sum.Voxels[i] + (Prior * brain)) / (weight.Voxels[i] + Prior);
        }

        return Divide(head, Resampler.Resample(new Volume(sum.Grid, level), grid, Interpolation.Linear, brain));
    }

    private static Volume Smooth(Volume volume) =>
        GaussianFilter.Smooth(BlockMean.Shrink(volume, (Block, Block, Block)), SigmaMm, SigmaMm, SigmaMm);

    private static float[] Divide(HeadImage head, Volume level)
    {
        var shares = new float[head.Voxels.Length];
        Parallel.For(0, head.Size.Z, z =>
        {
            var slice = head.Size.X * head.Size.Y;
            for (var i = z * slice; i < (z + 1) * slice; i++)
            {
                shares[i] = Math.Max(0, (head.Voxels[i] - head.Dark) / level.Voxels[i]);
            }
        });
        return shares;
    }
}
