using System.Runtime.InteropServices;

namespace MetSeg.Preprocessing;

/// <summary>
/// Resamples an image to a number of voxels over the same field of view, as nnU-Net's resample_data_or_seg_to_shape with order 1:
/// linear, or nearest along an axis that is more than three times as coarse as another.
/// </summary>
/// <remarks>
/// Voxel k of n takes its value at (k + ½)·m/n − ½ of m; beyond the first and last voxel center the outermost value holds. Along a
/// coarse axis it takes voxel ⌊(k + ½)·m/n⌋. This is skimage's resize (mode "edge", no anti-aliasing).
/// </remarks>
internal sealed class ShapeResampling
{
    private const double SeparateAxisThreshold = 3;

    private readonly Size from;
    private readonly Size to;
    private readonly Axis x;
    private readonly Axis y;
    private readonly Axis z;

    /// <summary>Prepares a resampling.</summary>
    /// <param name="from">The present voxels.</param>
    /// <param name="to">The wanted voxels.</param>
    /// <param name="current">Present voxel size.</param>
    /// <param name="target">Wanted voxel size: with the present one it decides which axis, if any, counts as coarse.</param>
    public ShapeResampling(Size from, Size to, Spacing current, Spacing target)
    {
        (this.from, this.to) = (from, to);
        var coarse = SeparateAxis(current, target);
        x = new Axis(from.X, to.X, coarse == 0);
        y = new Axis(from.Y, to.Y, coarse == 1);
        z = new Axis(from.Z, to.Z, coarse == 2);
    }

    /// <summary>The axis (0 x, 1 y, 2 z) to treat apart: the coarsest of the present, else of the wanted voxels, where one alone is coarsest.</summary>
    public static int? SeparateAxis(Spacing current, Spacing target)
    {
        var deciding = IsAnisotropic(current) ? current : IsAnisotropic(target) ? target : null;
        var lengths = deciding?.ToArray() ?? [];
        return lengths.Count(length => length == lengths.Max()) == 1 ? Array.IndexOf(lengths, lengths.Max()) : null;
    }

    /// <summary>The volume with the wanted number of voxels.</summary>
    public Volume Apply(Volume volume)
    {
        var grid = Apply(volume.Grid);
        if (from == to)
        {
            return volume;
        }

        var source = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        var values = new float[to.Count];
        Parallel.For(0, to.Z, k =>
        {
            for (var j = 0; j < to.Y; j++)
            {
                var row = to.Index(0, j, k);
                for (var i = 0; i < to.X; i++)
                {
                    values[row + i] = (float)Interpolate(source, i, j, k);
                }
            }
        });
        return new Volume(grid, values);
    }

    /// <summary>
    /// The label map with the wanted number of voxels: labels ascending, each is written where its interpolated 0/1 mask reaches ½.
    /// </summary>
    public LabelMap Apply(LabelMap map)
    {
        var grid = Apply(map.Grid);
        if (from == to)
        {
            return map;
        }

        var labels = ImmutableCollectionsMarshal.AsArray(map.Labels)!;
        var resampled = new byte[to.Count];
        foreach (var label in map.PresentLabels())
        {
            var mask = Array.ConvertAll(labels, value => value == label ? 1f : 0f);
            Parallel.For(0, to.Z, k =>
            {
                for (var j = 0; j < to.Y; j++)
                {
                    if (RowsAreEmpty(mask, j, k))
                    {
                        continue;
                    }

                    for (var i = 0; i < to.X; i++)
                    {
                        if (Interpolate(mask, i, j, k) >= 0.5)
                        {
                            resampled[to.Index(i, j, k)] = label;
                        }
                    }
                }
            });
        }

        return new LabelMap(grid, resampled);
    }

    private static bool IsAnisotropic(Spacing spacing) => spacing.ToArray().Max() / spacing.ToArray().Min() > SeparateAxisThreshold;

    private Grid Apply(Grid grid) => grid.Size == from
        ? Imaging.Resampler.Resize(grid, to)
        : throw new ArgumentException($"Prepared for {from} voxels, not {grid.Size}.", nameof(grid));

    private double Interpolate(float[] source, int i, int j, int k)
    {
        var (u, v, w) = (x.Weight[i], y.Weight[j], z.Weight[k]);
        double Line(int row) => source[row + x.Low[i]] is var low && u == 0 ? low : low + (u * ((double)source[row + x.High[i]] - low));
        double Plane(int depth) => Line(from.Index(0, y.Low[j], depth)) is var low && v == 0
            ? low
            : low + (v * (Line(from.Index(0, y.High[j], depth)) - low));
        var front = Plane(z.Low[k]);
        return w == 0 ? front : front + (w * (Plane(z.High[k]) - front));
    }

    private bool RowsAreEmpty(float[] mask, int j, int k)
    {
        bool IsEmpty(int row, int depth) => !mask.AsSpan(from.Index(0, row, depth), from.X).ContainsAnyExcept(0f);
        return IsEmpty(y.Low[j], z.Low[k]) && IsEmpty(y.High[j], z.Low[k]) && IsEmpty(y.Low[j], z.High[k]) && IsEmpty(y.High[j], z.High[k]);
    }

    /// <summary>Where each new voxel along one axis lies between two old ones.</summary>
    private sealed class Axis
    {
        public Axis(int from, int to, bool nearest)
        {
            (Low, High, Weight) = (new int[to], new int[to], new double[to]);
            var step = (double)from / to;
            for (var k = 0; k < to; k++)
            {
                var place = nearest
                    ? Math.Min(Math.Floor((k + 0.5) * step), from - 1)
                    : Math.Clamp(((k + 0.5) * step) - 0.5, 0, from - 1);
                Low[k] = (int)place;
                High[k] = Math.Min(Low[k] + 1, from - 1);
                Weight[k] = place - Low[k];
            }
        }

        public int[] Low { get; }

        public int[] High { get; }

        /// <summary>Weight of the higher voxel.</summary>
        public double[] Weight { get; }
    }
}
