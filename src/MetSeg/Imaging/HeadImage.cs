using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// A head ready for <see cref="BrainMask"/>: axes to the right, front and top, voxels of one size, and where about the brain lies. Places
/// are in mm from the first voxel along the axes.
/// </summary>
internal sealed class HeadImage
{
    /// <summary>How far below the top of the head intensities are looked at, in mm: below lie jaw and neck.</summary>
    private const double HeightMm = 130;

    /// <summary>Area in mm² that a slice must show of the head to be its top.</summary>
    private const double TopAreaMm2 = 1500;

    /// <summary>Every how many voxels percentiles look at one: a prime, so that no axis is followed.</summary>
    private const int PercentileStride = 7;

    private HeadImage(Volume volume, float dark, float head)
    {
        (Volume, Dark, Head) = (volume, dark, head);
        Voxels = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        (Center, Radius) = FindCenter(head);
        Brain = MedianInSphere();
    }

    /// <summary>The image on the working grid.</summary>
    public Volume Volume { get; }

    /// <summary>The image's intensities.</summary>
    public float[] Voxels { get; }

    /// <summary>Intensity of background and bone: the 2nd percentile.</summary>
    public float Dark { get; }

    /// <summary>Intensity above which a voxel belongs to the head: a tenth of the way from the 2nd to the 98th percentile.</summary>
    public float Head { get; }

    /// <summary>Median intensity of the head within <see cref="Radius"/> of <see cref="Center"/>: mostly brain.</summary>
    public float Brain { get; }

    /// <summary>Center of gravity of the upper head.</summary>
    public Vector3 Center { get; }

    /// <summary>Radius in mm of a ball of the upper head's volume.</summary>
    public float Radius { get; }

    /// <summary>Number of voxels along each axis.</summary>
    public Size Size => Volume.Grid.Size;

    /// <summary>Brings an image to the working grid; null where it has no two intensities to tell a head by.</summary>
    /// <param name="image">The image, in any orientation.</param>
    /// <param name="spacingMm">Edge of the working grid's voxels.</param>
    public static HeadImage? From(Volume image, double spacingMm)
    {
        var turned = Orientation.ToRas(image);
        var spacing = turned.Grid.Spacing;
        var shrunk = BlockMean.Shrink(turned, (Factor(spacing.X), Factor(spacing.Y), Factor(spacing.Z)));
        var volume = Resampler.Resample(shrunk, Resampler.Regrid(shrunk.Grid, new Spacing(spacingMm, spacingMm, spacingMm)));
        var sample = Every(volume, PercentileStride);
        var dark = sample[(int)(0.02 * (sample.Length - 1))];
        var above = sample.AsSpan(sample.AsSpan().LastIndexOf(dark) + 1);
        if (above.IsEmpty)
        {
            return null;
        }

        var bright = above[(int)(0.98 * (above.Length - 1))];
        return new HeadImage(volume, dark, dark + (0.1f * (bright - dark)));

        int Factor(double step) => Math.Max(1, (int)(spacingMm / step));
    }

    private static float[] Every(Volume volume, int stride)
    {
        var voxels = volume.Voxels.AsSpan();
        var sample = new float[(voxels.Length + stride - 1) / stride];
        for (var i = 0; i < sample.Length; i++)
        {
            sample[i] = voxels[i * stride];
        }

        Array.Sort(sample);
        return sample;
    }

    /// <summary>Center of gravity and volume of the head between its top slice and <see cref="HeightMm"/> below.</summary>
    private (Vector3 Center, float Radius) FindCenter(float head)
    {
        var spacing = Volume.Grid.Spacing;
        var slices = new (long Voxels, double Weight, double X, double Y, double Z)[Size.Z];
        Parallel.For(0, Size.Z, z => slices[z] = Gravity(z, head));
        var top = Array.FindLastIndex(slices, slice => slice.Voxels * spacing.X * spacing.Y > TopAreaMm2);
        var range = top < 0 ? .. : Math.Max(0, top - (int)(HeightMm / spacing.Z))..(top + 1);
        var (voxels, weight, x, y, z) = (0L, 0.0, 0.0, 0.0, 0.0);
        foreach (var slice in slices.AsSpan(range))
        {
            (voxels, weight) = (voxels + slice.Voxels, weight + slice.Weight);
            (x, y, z) = (x + slice.X, y + slice.Y, z + slice.Z);
        }

        var center = new Vector3((float)(x / weight * spacing.X), (float)(y / weight * spacing.Y), (float)(z / weight * spacing.Z));
        return (center, (float)Math.Cbrt(voxels * spacing.VoxelMm3 * 3 / (4 * Math.PI)));
    }

    /// <summary>Sums over the head's voxels in a slice; no voxel weighs more than ten times the head's threshold.</summary>
    private (long Voxels, double Weight, double X, double Y, double Z) Gravity(int z, float head)
    {
        var (voxels, weight, sumX, sumY) = (0L, 0.0, 0.0, 0.0);
        for (var y = 0; y < Size.Y; y++)
        {
            var row = Voxels.AsSpan(Size.Index(0, y, z), Size.X);
            for (var x = 0; x < row.Length; x++)
            {
                if (row[x] > head)
                {
                    var share = Math.Min(row[x] - Dark, 10 * (head - Dark));
                    (voxels, weight) = (voxels + 1, weight + share);
                    (sumX, sumY) = (sumX + (share * x), sumY + (share * y));
                }
            }
        }

        return (voxels, weight, sumX, sumY, weight * z);
    }

    private float MedianInSphere()
    {
        var values = new List<float>();
        for (var i = 0; i < Voxels.Length; i += PercentileStride)
        {
            if (Voxels[i] > Head && Voxels[i] < Dark + (10 * (Head - Dark)) && Vector3.Distance(Place(i), Center) < Radius)
            {
                values.Add(Voxels[i]);
            }
        }

        values.Sort();
        return values.Count > 0 ? values[values.Count / 2] : Head;
    }

    /// <summary>Where a voxel lies, in mm from the first.</summary>
    public Vector3 Place(int index)
    {
        var spacing = Volume.Grid.Spacing;
        var (row, x) = Math.DivRem(index, Size.X);
        var (z, y) = Math.DivRem(row, Size.Y);
        return new Vector3((float)(x * spacing.X), (float)(y * spacing.Y), (float)(z * spacing.Z));
    }
}
