using System.Numerics;
using System.Runtime.InteropServices;
using MetSeg.Imaging;

namespace MetSeg.Simulation;

/// <summary>A smooth random function of space, mean 0, standard deviation 1: smoothed white noise on a lattice, trilinear in between.</summary>
internal sealed class RandomField
{
    private readonly Volume lattice;
    private readonly float[] values;
    private readonly float halfWidth;
    private readonly float stepsPerMm;

    /// <summary>Draws a field.</summary>
    /// <param name="random">Where the noise comes from.</param>
    /// <param name="halfWidthMm">The field is defined in the cube from −this to +this; outside it goes on as at the nearest face.</param>
    /// <param name="scaleMm">Standard deviation of the smoothing kernel: along a line the field changes its sign every 4.4 of these.</param>
    public RandomField(Random random, float halfWidthMm, float scaleMm)
        : this(Standardized(Noise(random, halfWidthMm, scaleMm)), halfWidthMm)
    {
    }

    private RandomField(Volume lattice, float halfWidthMm)
    {
        this.lattice = lattice;
        values = ImmutableCollectionsMarshal.AsArray(lattice.Voxels)!;
        halfWidth = halfWidthMm;
        stepsPerMm = (float)(1 / lattice.Grid.Spacing.X);
    }

    /// <summary>The field's value at a point (mm).</summary>
    public float At(Vector3 point)
    {
        var width = lattice.Grid.Size.X;
        var place = Vector3.Clamp((point + new Vector3(halfWidth)) * stepsPerMm, Vector3.Zero, new Vector3(width - 1.001f));
        var (x, y, z) = ((int)place.X, (int)place.Y, (int)place.Z);
        var (fx, fy, fz) = (place.X - x, place.Y - y, place.Z - z);
        var corner = x + (width * (y + (width * z)));
        var low = Face(corner, width, fx, fy);
        return low + (fz * (Face(corner + (width * width), width, fx, fy) - low));
    }

    /// <summary>
    /// A field of signed distances (mm) to where this one is zero, to first order: value over length of gradient. Where the gradient all but
    /// vanishes the distance is an underestimate.
    /// </summary>
    public RandomField DistanceToZero()
    {
        var size = lattice.Grid.Size;
        var distances = new float[size.Count];
        Parallel.For(0, size.Z, z =>
        {
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++)
                {
                    var index = size.Index(x, y, z);
                    var slope = new Vector3(
                        Slope(index, x, size.X, 1), Slope(index, y, size.Y, size.X), Slope(index, z, size.Z, size.X * size.Y));
                    distances[index] = values[index] / MathF.Max(slope.Length() * stepsPerMm, 0.2f * stepsPerMm);
                }
            }
        });
        return new RandomField(new Volume(lattice.Grid, distances), halfWidth);
    }

    private float Face(int corner, int width, float fx, float fy)
    {
        var front = values[corner] + (fx * (values[corner + 1] - values[corner]));
        var back = values[corner + width] + (fx * (values[corner + width + 1] - values[corner + width]));
        return front + (fy * (back - front));
    }

    /// <summary>Change per lattice step along one axis: central inside, one-sided at the faces.</summary>
    private float Slope(int index, int place, int count, int stride)
    {
        var (before, after) = (place > 0 ? 1 : 0, place < count - 1 ? 1 : 0);
        return (values[index + (after * stride)] - values[index - (before * stride)]) / (before + after);
    }

    private static Volume Noise(Random random, float halfWidth, float scale)
    {
        var step = MathF.Min(scale * 0.75f, halfWidth / 4);
        var width = (int)MathF.Ceiling(2 * halfWidth / step) + 1;
        var size = new Size(width, width, width);
        var noise = new float[size.Count];
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] = random.NextSingle() - 0.5f;
        }

        return GaussianFilter.Smooth(new Volume(Grid.Axial(size, new Spacing(step, step, step)), noise), scale);
    }

    private static Volume Standardized(Volume volume)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in volume.Voxels)
        {
            sum += value;
            squares += (double)value * value;
        }

        var mean = sum / volume.Voxels.Length;
        var deviation = Math.Sqrt((squares / volume.Voxels.Length) - (mean * mean));
        return volume.Map(value => (float)((value - mean) / deviation));
    }
}
