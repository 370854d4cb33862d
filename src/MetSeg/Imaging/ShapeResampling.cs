using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Resamples an image to another voxel size over the same field of view, as nnU-Net's resample_data_or_seg_to_shape: linear or cubic, but
/// nearest along an axis that is more than three times as coarse as another.
/// </summary>
/// <remarks>
/// Voxel k of n takes its value at (k + ½)·m/n − ½ of m; beyond the first and last voxel center the outermost value holds. Along a
/// coarse axis it takes voxel ⌊(k + ½)·m/n⌋. This is skimage's resize (mode "edge", no anti-aliasing), of the whole image or, where an axis
/// is treated apart, of each slice across it: cubic interpolation is clipped to the range of that whole or slice.
/// </remarks>
public sealed class ShapeResampling
{
    private const double SeparateAxisThreshold = 3;

    private readonly Grid from;
    private readonly int? separateAxis;

    /// <summary>Prepares a resampling.</summary>
    /// <param name="from">The present grid.</param>
    /// <param name="spacing">The wanted voxel size; reached up to the rounding of the number of voxels.</param>
    /// <inheritdoc cref="Resampler.Regrid" path="/exception"/>
    public ShapeResampling(Grid from, Spacing spacing)
    {
        this.from = from;
        Target = Resampler.Regrid(from, spacing);
        separateAxis = SeparateAxis(from.Spacing, spacing);
    }

    /// <summary>The wanted grid.</summary>
    public Grid Target { get; }

    /// <summary>
    /// The axis (0 x, 1 y, 2 z) to treat apart: the coarsest of the present, else of the wanted voxels, where one alone is coarsest.
    /// </summary>
    public static int? SeparateAxis(Spacing current, Spacing target)
    {
        var deciding = IsAnisotropic(current) ? current : IsAnisotropic(target) ? target : null;
        var lengths = deciding?.ToArray() ?? [];
        return lengths.Count(length => length == lengths.Max()) == 1 ? Array.IndexOf(lengths, lengths.Max()) : null;
    }

    /// <summary>The volume on the wanted grid; the same instance where it is there already.</summary>
    /// <param name="volume">A volume on the present grid.</param>
    /// <param name="interpolation">How values between voxels are found, but along an axis treated apart.</param>
    /// <exception cref="ArgumentException">The volume lies on another grid.</exception>
    public Volume Apply(Volume volume, Interpolation interpolation = Interpolation.Linear)
    {
        ThrowIfElsewhere(volume.Grid);
        if (volume.Grid == Target)
        {
            return volume;
        }

        var voxels = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        var (x, y, z) = GridMap.Between(from, Target).Axes();
        AxisInterpolation Along(int axis, AxisPosition[] positions) =>
            new(from.Size.ToArray()[axis], positions, axis == separateAxis ? Interpolation.Nearest : interpolation);
        var result = new SeparableResampling(Along(0, x), Along(1, y), Along(2, z)).Apply(voxels);
        if (interpolation == Interpolation.Cubic)
        {
            Clip(result, voxels, [x, y, z]);
        }

        return new Volume(Target, result);
    }

    /// <summary>
    /// The label map on the wanted grid: labels ascending, each is written where its linearly interpolated 0/1 mask reaches ½.
    /// </summary>
    /// <exception cref="ArgumentException">The label map lies on another grid than the present one.</exception>
    public LabelMap Apply(LabelMap map)
    {
        ThrowIfElsewhere(map.Grid);
        if (map.Grid == Target)
        {
            return map;
        }

        var labels = ImmutableCollectionsMarshal.AsArray(map.Labels)!;
        var resampled = new byte[Target.Size.Count];
        foreach (var label in map.PresentLabels())
        {
            var share = Apply(new Volume(map.Grid, Array.ConvertAll(labels, value => value == label ? 1f : 0f))).Voxels.AsSpan();
            for (var i = 0; i < resampled.Length; i++)
            {
                resampled[i] = share[i] >= 0.5f ? label : resampled[i];
            }
        }

        return new LabelMap(Target, resampled);
    }

    private void Clip(float[] result, float[] source, AxisPosition[][] positions)
    {
        if (separateAxis is not { } axis)
        {
            ValueRange.Of(source).Clamp(result);
            return;
        }

        var slices = from.Size.ToArray()[axis];
        SliceRanges.Of(source, from.Size, axis)
            .Taken(Array.ConvertAll(positions[axis], position => position.AtNearest(slices).Lower))
            .Clamp(result, Target.Size);
    }

    private void ThrowIfElsewhere(Grid grid)
    {
        if (!from.IsSameAs(grid))
        {
            throw new ArgumentException($"The image is on {grid}, not on {from}.", nameof(grid));
        }
    }

    private static bool IsAnisotropic(Spacing spacing) => spacing.ToArray().Max() / spacing.ToArray().Min() > SeparateAxisThreshold;
}
