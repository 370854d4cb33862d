using MetSeg.Learning.Patches;
using MetSeg.Learning.Tensors;
using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>A scan, or a patch of it, as the harmonizer's batches hold it.</summary>
/// <param name="Image">[1, 1, Z, Y, X]; of a patch [1, 2, Z, Y, X]: the patch and the whole scan, as <see cref="Networks.PatchCode"/> wants them.</param>
/// <param name="Lesions">[1, 1, Z, Y, X], not 0 in lesions; null where they are not asked for.</param>
internal sealed record DrawnSample(Tensor Image, Tensor? Lesions)
{
    /// <summary>Draws a patch, where the sample has its own resolution; else takes the input.</summary>
    /// <param name="sample">The scan.</param>
    /// <param name="asksForLesions">Whether lesions are wanted; where none are known, there are none.</param>
    /// <param name="random">Where the patch lies; null for the scan's middle.</param>
    public static DrawnSample Of(HarmonizationSample sample, bool asksForLesions, Random? random)
    {
        var input = VolumeTensor.FromVolumes([sample.Input]);
        var whole = sample.Native ?? sample.Input;
        var lesions = asksForLesions ? sample.Lesions ?? new LabelMap(whole.Grid, new byte[whole.Grid.Size.Count]) : null;
        if (sample.Native is null)
        {
            return new DrawnSample(input, lesions is null ? null : VolumeTensor.FromLabels(lesions).to(ScalarType.Int64));
        }

        var (size, patch) = (whole.Grid.Size, input.shape[2..].Select(side => (int)side).ToArray());
        var start = (First(size.Z, patch[0], random), First(size.Y, patch[1], random), First(size.X, patch[2], random));
        var image = tensor(Tiles.Cut(whole.Voxels, size, start, patch), input.shape);
        return new DrawnSample(
            cat([image, input], 1), lesions is null ? null : tensor(Tiles.Cut(lesions.Labels, size, start, patch), input.shape).to(ScalarType.Int64));
    }

    private static int First(int length, int patch, Random? random) =>
        length <= patch || random is null ? (length - patch) / 2 : random.Next(length - patch + 1);
}
