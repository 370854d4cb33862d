using MathNet.Numerics.Statistics;
using MetSeg.Files;
using MetSeg.Imaging;

namespace MetSeg.Preprocessing;

/// <summary>
/// What planning needs to know of a data set: nnU-Net's dataset_fingerprint.json. Lists over axes are in array order (z, y, x) of the
/// RAS-oriented images.
/// </summary>
/// <param name="Spacings">Voxel size of each case, in mm.</param>
/// <param name="ShapesAfterCrop">Number of voxels of each case after cropping to its nonzero region.</param>
/// <param name="ForegroundIntensities">Intensities of each channel inside the foreground; empty where no case has any.</param>
/// <param name="MedianRelativeSize">Median over cases of the share of voxels that cropping leaves.</param>
public sealed record Fingerprint(
    IReadOnlyList<IReadOnlyList<double>> Spacings,
    IReadOnlyList<IReadOnlyList<int>> ShapesAfterCrop,
    IReadOnlyList<IntensityProperties> ForegroundIntensities,
    double MedianRelativeSize)
{
    /// <summary>Most foreground values kept of all cases together, as many as nnU-Net draws.</summary>
    private const int MaxValues = 100_000_000;

    /// <summary>
    /// Reads every training case once: reorients it to RAS, crops it to its nonzero region and gathers its foreground intensities.
    /// </summary>
    /// <remarks>
    /// nnU-Net draws the intensities at random, equally many from each case. Here all of them count, each case with equal weight; of a
    /// case with more than its share of 10⁸ values evenly spaced ranks are kept. So there is nothing random in the result.
    /// </remarks>
    /// <param name="dataset">The data set; its test cases are not looked at.</param>
    /// <param name="progress">Told after each case.</param>
    /// <param name="cancellation">Stops between cases.</param>
    /// <exception cref="DatasetException">There are no cases, a case is not as dataset.json says, or no case has foreground.</exception>
    /// <exception cref="GridMismatchException">Files of one case lie on different grids.</exception>
    public static Fingerprint Extract(Dataset dataset, IProgress<Progress>? progress = null, CancellationToken cancellation = default)
    {
        var cases = dataset.TrainingCases;
        if (cases.Count == 0)
        {
            throw new DatasetException($"'{dataset.Folder}' has no training cases. Put images into imagesTr and label maps into labelsTr.");
        }

        var measured = CaseQueue.Run(
            cases, "fingerprint", one => Measure(CaseImages.Read(one, dataset), MaxValues / cases.Count), progress, cancellation);
        var withForeground = measured.Where(one => one.Foreground[0].Length > 0).ToList();
        return withForeground.Count == 0
            ? throw new DatasetException($"No label map of '{dataset.Folder}' marks anything: every voxel is background. Check labelsTr.")
            : new Fingerprint(
                [.. measured.Select(one => one.Spacing)],
                [.. measured.Select(one => one.Shape)],
                [.. Enumerable.Range(0, dataset.ChannelNames.Count)
                    .Select(channel => IntensityProperties.Of([.. withForeground.Select(one => one.Foreground[channel])]))],
                measured.Select(one => one.RelativeSize).Median());
    }

    /// <summary>Reads a dataset_fingerprint.json.</summary>
    /// <exception cref="MetSegException">The file is missing or lacks a key.</exception>
    public static Fingerprint Read(string path)
    {
        var file = JsonFile.Read<FingerprintFile>(path, JsonFile.NnUNetStyle);
        return file.Spacings is not null && file.ShapesAfterCrop is not null && file.MedianRelativeSizeAfterCropping is { } size
            && PlansFile.InOrder(file.ForegroundIntensityPropertiesPerChannel) is { } intensities
            ? new Fingerprint(file.Spacings, file.ShapesAfterCrop, intensities, size)
            : throw new MetSegException(
                $"'{path}' is not a fingerprint: it needs spacings, shapes_after_crop, median_relative_size_after_cropping and "
                + "foreground_intensity_properties_per_channel.");
    }

    /// <summary>Writes dataset_fingerprint.json with nnU-Net's keys.</summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public void Write(string path) => JsonFile.Write(
        path, new FingerprintFile(PlansFile.ByNumber(ForegroundIntensities), MedianRelativeSize, ShapesAfterCrop, Spacings), JsonFile.NnUNetStyle);

    /// <summary>Number of voxels of each case when it is resampled to a voxel size (z, y, x) in mm.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> ShapesAtSpacing(IReadOnlyList<double> target) =>
        [.. Spacings.Zip(ShapesAfterCrop, (spacing, shape) =>
            (IReadOnlyList<int>)[.. Enumerable.Range(0, 3).Select(axis => (int)Math.Round(spacing[axis] / target[axis] * shape[axis]))])];

    /// <exception cref="DatasetException">The fingerprint cannot be planned for a data set of so many channels.</exception>
    internal void ThrowIfUnusable(int channels)
    {
        if (Spacings.Count == 0 || Spacings.Count != ShapesAfterCrop.Count
            || Spacings.Any(row => row.Count != 3 || row.Any(length => !double.IsFinite(length) || length <= 0))
            || ShapesAfterCrop.Any(row => row.Count != 3 || row.Any(edge => edge < 1)))
        {
            throw new DatasetException(
                "The fingerprint needs at least one case, and three positive spacings and voxel counts for each. Extract it again.");
        }

        if (ForegroundIntensities.Count != channels)
        {
            throw new DatasetException(
                $"The fingerprint has intensities of {ForegroundIntensities.Count} channels but dataset.json names {channels}. Extract it again.");
        }
    }

    private static (double[] Spacing, int[] Shape, double RelativeSize, float[][] Foreground) Measure(CaseImages images, int maxValues)
    {
        Volume[] channels = [.. images.Channels.Select(Orientation.ToRas)];
        var box = NonzeroRegion.Find(channels).Box;
        var grid = channels[0].Grid;
        var labels = images.Label is null ? null : box.Crop(Orientation.ToRas(images.Label));
        var foreground = channels.Select(channel => labels is null ? [] : Foreground(box.Crop(channel), labels, maxValues));
        return ([.. grid.Spacing.ToArray().Reverse()], [.. box.Size.ToArray().Reverse()], (double)box.Size.Count / grid.Size.Count, [.. foreground]);
    }

    private static float[] Foreground(Volume channel, LabelMap labels, int maxValues)
    {
        var values = new List<float>();
        for (var i = 0; i < labels.Labels.Length; i++)
        {
            if (labels.Labels[i] != 0)
            {
                values.Add(channel.Voxels[i]);
            }
        }

        values.Sort();
        return values.Count <= maxValues
            ? [.. values]
            : [.. Enumerable.Range(0, maxValues).Select(i => values[(int)((long)i * (values.Count - 1) / Math.Max(1, maxValues - 1))])];
    }

    private sealed record FingerprintFile(
        IReadOnlyDictionary<string, IntensityProperties>? ForegroundIntensityPropertiesPerChannel,
        double? MedianRelativeSizeAfterCropping,
        IReadOnlyList<IReadOnlyList<int>>? ShapesAfterCrop,
        IReadOnlyList<IReadOnlyList<double>>? Spacings);
}
