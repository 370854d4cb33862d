using System.Runtime.InteropServices;
using MetSeg.Imaging;

namespace MetSeg.Preprocessing;

/// <summary>
/// Resamples an image to another voxel size over the same field of view, as nnU-Net's resample_data_or_seg_to_shape with order 1:
/// linear, or nearest along an axis that is more than three times as coarse as another.
/// </summary>
/// <remarks>
/// Voxel k of n takes its value at (k + ½)·m/n − ½ of m; beyond the first and last voxel center the outermost value holds. Along a
/// coarse axis it takes voxel ⌊(k + ½)·m/n⌋. This is skimage's resize (mode "edge", no anti-aliasing).
/// </remarks>
internal sealed class ShapeResampling
{
    private const double SeparateAxisThreshold = 3;

    /// <summary>The wanted grid, but for the axis that is treated apart.</summary>
    private readonly Grid inPlane;

    /// <summary>Prepares a resampling.</summary>
    /// <param name="from">The present grid.</param>
    /// <param name="spacing">The wanted voxel size; reached up to the rounding of the number of voxels.</param>
    /// <exception cref="MetSegException">There would be more voxels than a volume can hold.</exception>
    public ShapeResampling(Grid from, Spacing spacing)
    {
        double[] present = from.Spacing.ToArray(), wanted = spacing.ToArray();
        var voxels = from.Size.ToArray().Select((edge, axis) => Math.Round(edge * present[axis] / wanted[axis])).Aggregate(1.0, (a, b) => a * b);
        if (voxels > Array.MaxLength)
        {
            throw new MetSegException(
                $"{from.Size} voxels of {from.Spacing} would become {voxels:0} voxels of {spacing}: too many. Plan a coarser spacing.");
        }

        Target = Resampler.Regrid(from, spacing);
        int[] edges = Target.Size.ToArray();
        if (SeparateAxis(from.Spacing, spacing) is { } coarse)
        {
            edges[coarse] = from.Size.ToArray()[coarse];
        }

        inPlane = Resampler.Resize(from, new Size(edges[0], edges[1], edges[2]));
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

    /// <summary>The volume on the wanted grid.</summary>
    public Volume Apply(Volume volume) => Resampler.Resample(Resampler.Resample(volume, inPlane), Target, Interpolation.Nearest);

    /// <summary>
    /// The label map on the wanted grid: labels ascending, each is written where its interpolated 0/1 mask reaches ½.
    /// </summary>
    public LabelMap Apply(LabelMap map)
    {
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

    private static bool IsAnisotropic(Spacing spacing) => spacing.ToArray().Max() / spacing.ToArray().Min() > SeparateAxisThreshold;
}
