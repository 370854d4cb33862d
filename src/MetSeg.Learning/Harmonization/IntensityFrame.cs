using System.Runtime.InteropServices;
using MetSeg.Imaging;

namespace MetSeg.Learning.Harmonization;

/// <summary>Which intensities become −1 and 1.</summary>
public enum IntensityRange
{
    /// <summary>Minimum and maximum of the resized volume: paper P1, as its code trains.</summary>
    Resized,

    /// <summary>Minimum and maximum of the volume before it is resized: as paper P1's released code reconstructs.</summary>
    Original,

    /// <summary>
    /// The 0.5th and the 99.5th percentile of what is not background; one bright vessel moves nothing. What lies beyond is cut off and added
    /// again to the output.
    /// </summary>
    Percentiles,
}

/// <summary>
/// How a volume becomes the autoencoder's input and an output becomes a volume again: the whole field of view resized to the input's size
/// (linear), intensities scaled to [−1, 1]; and back.
/// </summary>
/// <param name="Grid">The volume's own grid.</param>
/// <param name="InputGrid">The same field of view with the autoencoder's number of voxels.</param>
/// <param name="Minimum">The intensity that becomes −1.</param>
/// <param name="Maximum">The intensity that becomes 1.</param>
/// <param name="Beyond">What was cut off below the minimum and above the maximum, on the volume's own grid; null where nothing is cut off.</param>
/// <remarks>Paper P1: resized to 128³, min-max to [−1, 1]; minimum and maximum of the resized volume, as in its training code.</remarks>
public sealed record IntensityFrame(Grid Grid, Grid InputGrid, float Minimum, float Maximum, Volume? Beyond = null)
{
    private const double LowPercentage = 0.5;
    private const double HighPercentage = 99.5;

    /// <summary>The autoencoder's input for a volume, in [−1, 1], with the frame that undoes it. A constant volume becomes −1 everywhere.</summary>
    /// <param name="volume">A preprocessed volume.</param>
    /// <param name="inputSize">Voxels along z, y, x.</param>
    /// <param name="range">Which intensities become −1 and 1.</param>
    public static (Volume Input, IntensityFrame Frame) Enter(Volume volume, IReadOnlyList<int> inputSize, IntensityRange range = IntensityRange.Resized)
    {
        var inputGrid = Resampler.Resize(volume.Grid, new Size(inputSize[2], inputSize[1], inputSize[0]));
        if (range == IntensityRange.Percentiles)
        {
            var (low, high) = Robust(volume);
            var cut = volume.Map(value => Math.Clamp(value, low, high));
            var beyond = new Volume(volume.Grid, [.. volume.Voxels.Zip(cut.Voxels, (whole, kept) => whole - kept)]);
            return Scale(Resampler.Resample(cut, inputGrid), new IntensityFrame(volume.Grid, inputGrid, low, high, beyond));
        }

        var resized = Resampler.Resample(volume, inputGrid);
        var (minimum, maximum) = MinMax(range == IntensityRange.Original ? volume : resized);
        return Scale(resized, new IntensityFrame(volume.Grid, inputGrid, minimum, maximum));
    }

    /// <summary>An output in [−1, 1] on the volume's own grid and in its own range of intensities.</summary>
    public Volume Leave(Volume output)
    {
        var scale = (Maximum - Minimum) / 2;
        var within = Resampler.Resample(output.Map(value => ((value + 1) * scale) + Minimum), Grid);
        return Beyond is null ? within : new Volume(Grid, [.. within.Voxels.Zip(Beyond.Voxels, (kept, rest) => kept + rest)]);
    }

    /// <summary>A volume at its own resolution in [−1, 1]; what lies beyond minimum and maximum is cut off.</summary>
    public Volume ToUnit(Volume volume)
    {
        var scale = Maximum > Minimum ? 2 / (Maximum - Minimum) : 0;
        return volume.Map(value => ((Math.Clamp(value, Minimum, Maximum) - Minimum) * scale) - 1);
    }

    /// <summary>An output in [−1, 1] at the volume's own resolution in its range of intensities, with what <see cref="ToUnit"/> cut off the volume.</summary>
    public Volume FromUnit(Volume output, Volume volume)
    {
        var scale = (Maximum - Minimum) / 2;
        return Combine(output, volume, (unit, value) => ((unit + 1) * scale) + Minimum + (value - Math.Clamp(value, Minimum, Maximum)));
    }

    /// <summary>The volume with what a reconstruction changes, put onto the volume's own grid: detail finer than the input stays.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="input">The autoencoder's input for it.</param>
    /// <param name="output">What the autoencoder made of that.</param>
    public Volume AddChange(Volume volume, Volume input, Volume output)
    {
        var scale = (Maximum - Minimum) / 2;
        return Combine(volume, Resampler.Resample(Combine(output, input, (after, before) => (after - before) * scale), Grid), (value, change) => value + change);
    }

    private static Volume Combine(Volume first, Volume second, Func<float, float, float> function)
    {
        var (a, b) = (ImmutableCollectionsMarshal.AsArray(first.Voxels)!, ImmutableCollectionsMarshal.AsArray(second.Voxels)!);
        var combined = new float[a.Length];
        for (var i = 0; i < combined.Length; i++)
        {
            combined[i] = function(a[i], b[i]);
        }

        return new Volume(first.Grid, combined);
    }

    private static (Volume Input, IntensityFrame Frame) Scale(Volume resized, IntensityFrame frame)
    {
        var (minimum, scale) = (frame.Minimum, frame.Maximum > frame.Minimum ? 2 / (frame.Maximum - frame.Minimum) : 0);
        return (resized.Map(value => ((value - minimum) * scale) - 1), frame);
    }

    private static (float Low, float High) Robust(Volume volume)
    {
        var limits = Percentiles.Compute(volume, Background.Inside(volume), LowPercentage, HighPercentage);
        return limits[0] < limits[1] ? ((float)limits[0], (float)limits[1]) : MinMax(volume);
    }

    private static (float Minimum, float Maximum) MinMax(Volume volume)
    {
        var voxels = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        return (voxels.Min(), voxels.Max());
    }
}
