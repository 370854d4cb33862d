using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Puts images onto other grids through world coordinates. Positions up to half a voxel beyond the outermost voxel centers take the edge's
/// value; farther ones are outside.
/// </summary>
public static class Resampler
{
    /// <summary>Resamples a volume. A grid that is equal to the source's gives the same instance.</summary>
    /// <param name="source">The volume.</param>
    /// <param name="target">Where the result's voxels lie.</param>
    /// <param name="interpolation">How values between voxels are found.</param>
    /// <param name="outside">Value of voxels that lie outside the source.</param>
    /// <param name="antiAliasing">
    /// Whether to smooth along axes that become coarser, so that detail too fine for the target fades instead of returning as false patterns:
    /// a Gaussian of standard deviation (target spacing − source spacing) / 2, as skimage's resize. Not for nearest.
    /// </param>
    public static Volume Resample(
        Volume source, Grid target, Interpolation interpolation = Interpolation.Linear, float outside = 0, bool antiAliasing = false)
    {
        if (source.Grid == target)
        {
            return source;
        }

        var turned = Orientation.To(source, target.Orientation);
        var voxels = ImmutableCollectionsMarshal.AsArray(turned.Voxels)!;
        var map = GridMap.Between(turned.Grid, target);
        if (interpolation == Interpolation.Nearest)
        {
            return new Volume(target, NearestResampling.Apply(voxels, map, outside));
        }

        // The range is that of the source as it was: smoothing narrows it.
        var clip = interpolation == Interpolation.Cubic ? ValueRange.Of(voxels) : ValueRange.All;
        var image = antiAliasing ? Smoothed(turned, target.Spacing) : voxels;
        return new Volume(target, map.IsParallel
            ? Parallel(image, map, interpolation, (clip, outside))
            : ObliqueResampling.Apply(image, map, interpolation, (clip, outside)));
    }

    /// <summary>Resamples a label map: the label of the nearest voxel, background outside. An equal grid gives the same instance.</summary>
    public static LabelMap Resample(LabelMap source, Grid target)
    {
        if (source.Grid == target)
        {
            return source;
        }

        var turned = Orientation.To(source, target.Orientation);
        var labels = ImmutableCollectionsMarshal.AsArray(turned.Labels)!;
        return new LabelMap(target, NearestResampling.Apply(labels, GridMap.Between(turned.Grid, target), (byte)0));
    }

    /// <summary>
    /// The grid that covers the same field of view with voxels of about the given spacing: as many as old size · old spacing / new spacing,
    /// rounded half to even, at least one; see <see cref="Resize"/>.
    /// </summary>
    /// <remarks>Isensee et al., Nat Methods 2021;18:203 (nnU-Net), compute_new_shape.</remarks>
    /// <exception cref="MetSegException">There would be more voxels than a volume can hold.</exception>
    public static Grid Regrid(Grid source, Spacing spacing)
    {
        double[] old = source.Spacing.ToArray(), wanted = spacing.ToArray();
        double[] counts = [.. source.Size.ToArray().Select((count, axis) =>
            Math.Max(1, Math.Round(count * old[axis] / wanted[axis], MidpointRounding.ToEven)))];
        var voxels = counts[0] * counts[1] * counts[2];
        return voxels <= Array.MaxLength
            ? Resize(source, new Size((int)counts[0], (int)counts[1], (int)counts[2]))
            : throw new MetSegException($"{source.Size} voxels of {source.Spacing} would become {voxels:0} voxels of {spacing}: too many. Choose a coarser spacing.");
    }

    /// <summary>
    /// The grid of another size that covers the same field of view: the outer corners of the outermost voxels coincide, so the spacing is
    /// extent / size and index k of the result lies at (k + 0.5) · old size / new size − 0.5 of the source.
    /// </summary>
    public static Grid Resize(Grid source, Size size)
    {
        var old = source.Size;
        var (x, y, z) = ((double)old.X / size.X, (double)old.Y / size.Y, (double)old.Z / size.Z);
        return size == old ? source : new Grid(size, source.ToWorld.After(
            new Affine(x, 0, 0, (x - 1) / 2, 0, y, 0, (y - 1) / 2, 0, 0, z, (z - 1) / 2)));
    }

    private static float[] Smoothed(Volume source, Spacing target)
    {
        double Sigma(double from, double to) => Math.Max(0, (to - from) / 2);
        var from = source.Grid.Spacing;
        var smoothed = GaussianFilter.Smooth(source, Sigma(from.X, target.X), Sigma(from.Y, target.Y), Sigma(from.Z, target.Z));
        return ImmutableCollectionsMarshal.AsArray(smoothed.Voxels)!;
    }

    private static float[] Parallel(float[] source, GridMap map, Interpolation interpolation, (ValueRange Clip, float Outside) limits)
    {
        var (x, y, z) = map.Axes();
        var result = new SeparableResampling(
            new AxisInterpolation(map.Source.X, x, interpolation),
            new AxisInterpolation(map.Source.Y, y, interpolation),
            new AxisInterpolation(map.Source.Z, z, interpolation)).Apply(source);
        limits.Clip.Clamp(result);
        FillOutside(result, map.Target, (x, y, z), limits.Outside);
        return result;
    }

    private static void FillOutside(float[] voxels, Size size, (AxisPosition[] X, AxisPosition[] Y, AxisPosition[] Z) axes, float outside)
    {
        var (first, last) = (Array.FindIndex(axes.X, i => !i.IsOutside), Array.FindLastIndex(axes.X, i => !i.IsOutside));
        for (var row = 0; row < size.Y * size.Z; row++)
        {
            var line = voxels.AsSpan(row * size.X, size.X);
            if (last < 0 || axes.Y[row % size.Y].IsOutside || axes.Z[row / size.Y].IsOutside)
            {
                line.Fill(outside);
                continue;
            }

            line[..first].Fill(outside);
            line[(last + 1)..].Fill(outside);
        }
    }
}
