namespace MetSeg.Reports;

/// <summary>The range of intensities that a picture shows from black to white.</summary>
/// <param name="Black">Shown black, like everything below.</param>
/// <param name="White">Shown white, like everything above.</param>
internal readonly record struct IntensityWindow(float Black, float White)
{
    private const int MostSamples = 200_000;

    /// <summary>
    /// The window between two percentiles of the voxels that are finite and not 0, taken from at most 200,000 evenly spread ones. [0, 1]
    /// where there is none.
    /// </summary>
    public static IntensityWindow Between(Volume image, double blackPercentile, double whitePercentile)
    {
        var voxels = image.Voxels.AsSpan();
        var count = 0;
        foreach (var value in voxels)
        {
            count += Counts(value) ? 1 : 0;
        }

        if (count == 0)
        {
            return new IntensityWindow(0, 1);
        }

        var step = (count + MostSamples - 1) / MostSamples;
        var samples = new List<float>(MostSamples);
        var seen = 0;
        foreach (var value in voxels)
        {
            if (Counts(value) && seen++ % step == 0)
            {
                samples.Add(value);
            }
        }

        samples.Sort();
        return new IntensityWindow(At(samples, blackPercentile), At(samples, whitePercentile));
    }

    /// <summary>The gray level, 0 black to 255 white; NaN is black. Where the window has no width, 0 is black and the rest is gray.</summary>
    public byte Gray(float value)
    {
        if (White <= Black)
        {
            return (byte)(Counts(value) ? 128 : 0);
        }

        var share = (value - Black) / (White - Black);
        return (byte)(float.IsNaN(share) ? 0 : Math.Clamp(MathF.Round(255 * share), 0, 255));
    }

    private static bool Counts(float value) => value != 0 && float.IsFinite(value);

    private static float At(List<float> sorted, double percentile) => sorted[(int)Math.Round((sorted.Count - 1) * percentile / 100)];
}
