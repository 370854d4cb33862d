using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Brings images of several scanners to one scale by landmarks of their histograms: percentiles 1, 10, 20 … 90, 99 of the foreground are
/// moved to where they lie on average, and the intensities between two landmarks linearly with them.
/// </summary>
/// <remarks>Nyúl, Udupa, Zhang: New variants of a method of MRI scale standardization, IEEE TMI 2000;19:143.</remarks>
public static class HistogramMatching
{
    private const double ScaleMin = 1;
    private const double ScaleMax = 100;

    /// <summary>The landmarks of an image.</summary>
    /// <param name="volume">The image.</param>
    /// <param name="mask">The foreground (not 0), on the image's grid; best the brain. The default is <see cref="Foreground.Find"/>.</param>
    /// <returns>The percentiles <see cref="StandardScale.NyulPercentages"/>.</returns>
    /// <exception cref="GridMismatchException">The mask is on another grid.</exception>
    /// <exception cref="MetSegException">The foreground is empty, has a NaN, or shows no contrast.</exception>
    public static double[] LandmarksOf(Volume volume, LabelMap? mask = null) => LandmarksOf(volume, mask, StandardScale.NyulPercentages);

    /// <summary>
    /// Learns a scale: every image's first landmark is moved to 1, its last to 100 and the others linearly with them; the scale has the mean of
    /// each.
    /// </summary>
    /// <param name="landmarks">What <see cref="LandmarksOf(Volume, LabelMap?)"/> gives for each image.</param>
    /// <exception cref="ArgumentException">There is no image, or one has not one landmark for each percentage, ascending.</exception>
    public static StandardScale Learn(IReadOnlyCollection<IReadOnlyList<double>> landmarks)
    {
        var count = StandardScale.NyulPercentages.Count;
        if (landmarks.Count == 0 || landmarks.Any(image => image.Count != count || !(image[^1] > image[0])))
        {
            throw new ArgumentException($"A scale is learned from one image or more, each with {count} ascending landmarks.", nameof(landmarks));
        }

        return new StandardScale
        {
            Landmarks = [.. Enumerable.Range(0, count).Select(i =>
                landmarks.Average(image => ScaleMin + ((ScaleMax - ScaleMin) * ((image[i] - image[0]) / (image[^1] - image[0])))))],
        };
    }

    /// <summary>
    /// Moves an image's landmarks onto a scale. Below the first and above the last landmark the nearest segment goes on; 0 stays 0, since it
    /// marks a blanked background.
    /// </summary>
    /// <param name="volume">The image.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="mask">
    /// The foreground that the image's landmarks come from, as for <see cref="LandmarksOf(Volume, LabelMap?)"/>; all of the image is moved.
    /// </param>
    /// <returns>The image on its grid. Landmarks that coincide in the image are moved to the mean of their places on the scale.</returns>
    /// <exception cref="GridMismatchException">The mask is on another grid.</exception>
    /// <exception cref="OptionsException">The scale cannot work.</exception>
    /// <exception cref="MetSegException">The foreground is empty, has a NaN, or shows no contrast.</exception>
    public static Volume Apply(Volume volume, StandardScale scale, LabelMap? mask = null)
    {
        OptionsException.ThrowIfAny("Standard scale", scale.Problems());
        var (from, to) = Distinct(LandmarksOf(volume, mask, scale.Percentages), scale.Landmarks);
        var source = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        var moved = new float[source.Length];
        var slice = volume.Grid.Size.X * volume.Grid.Size.Y;
        Parallel.For(0, volume.Grid.Size.Z, z =>
        {
            for (var i = z * slice; i < (z + 1) * slice; i++)
            {
                moved[i] = source[i] == 0 ? 0 : Move(source[i], from, to);
            }
        });
        return new Volume(volume.Grid, moved);
    }

    private static double[] LandmarksOf(Volume volume, LabelMap? mask, IReadOnlyList<double> percentages)
    {
        var landmarks = Percentiles.Compute(volume, mask ?? Foreground.Find(volume), [.. percentages]);
        return landmarks[^1] > landmarks[0] && landmarks.All(double.IsFinite)
            ? landmarks
            : throw new MetSegException("The image's foreground is empty, has no contrast, or a voxel that is not a number. Check image and mask.");
    }

    private static (double[] From, double[] To) Distinct(double[] from, IReadOnlyList<double> to)
    {
        var places = from.Zip(to).GroupBy(pair => pair.First, pair => pair.Second).ToList();
        return ([.. places.Select(place => place.Key)], [.. places.Select(place => place.Average())]);
    }

    private static float Move(float value, double[] from, double[] to)
    {
        var segment = 0;
        while (segment < from.Length - 2 && value > from[segment + 1])
        {
            segment++;
        }

        var share = (value - from[segment]) / (from[segment + 1] - from[segment]);
        return (float)(to[segment] + (share * (to[segment + 1] - to[segment])));
    }
}
