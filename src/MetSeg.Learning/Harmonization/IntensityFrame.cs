using MetSeg.Imaging;

namespace MetSeg.Learning.Harmonization;

/// <summary>
/// How a volume becomes the autoencoder's input and an output becomes a volume again: the whole field of view resized to the input's size
/// (linear), intensities scaled by minimum and maximum to [−1, 1]; and back.
/// </summary>
/// <param name="Grid">The volume's own grid.</param>
/// <param name="InputGrid">The same field of view with the autoencoder's number of voxels.</param>
/// <param name="Minimum">Smallest intensity of the resized volume.</param>
/// <param name="Maximum">Largest intensity of the resized volume.</param>
/// <remarks>Paper P1: resized to 128³, min-max to [−1, 1]; minimum and maximum of the resized volume, as in its training code.</remarks>
public sealed record IntensityFrame(Grid Grid, Grid InputGrid, float Minimum, float Maximum)
{
    /// <summary>The autoencoder's input for a volume, in [−1, 1], with the frame that undoes it. A constant volume becomes −1 everywhere.</summary>
    /// <param name="volume">A preprocessed volume.</param>
    /// <param name="inputSize">Voxels along z, y, x.</param>
    public static (Volume Input, IntensityFrame Frame) Enter(Volume volume, IReadOnlyList<int> inputSize)
    {
        var inputGrid = Resampler.Resize(volume.Grid, new Size(inputSize[2], inputSize[1], inputSize[0]));
        var resized = Resampler.Resample(volume, inputGrid);
        var (minimum, maximum) = (resized.Voxels.Min(), resized.Voxels.Max());
        var scale = maximum > minimum ? 2 / (maximum - minimum) : 0;
        return (resized.Map(value => ((value - minimum) * scale) - 1), new IntensityFrame(volume.Grid, inputGrid, minimum, maximum));
    }

    /// <summary>An output in [−1, 1] on the volume's own grid and in its own range of intensities.</summary>
    public Volume Leave(Volume output)
    {
        var scale = (Maximum - Minimum) / 2;
        return Resampler.Resample(output.Map(value => ((value + 1) * scale) + Minimum), Grid);
    }
}
