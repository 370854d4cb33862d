using MetSeg.Imaging;

namespace MetSeg.Tests.Imaging;

/// <summary>
/// Builds a head around a real brain whose skull was removed: fluid, dura, two tables of bone with bright marrow between, muscle at the
/// temples, bright scalp fat and skin, eyes on fat-filled orbits with optic nerves that reach the brain, a neck with muscle around the
/// cord, a coil's bias and noise. Thicknesses vary smoothly. Shares of the brain's median intensity; all choices are ours.
/// </summary>
internal static class HeadAroundBrain
{
    private const int Frame = 24;
    private const int Neck = 20;

    /// <summary>The head and its brain mask.</summary>
    /// <param name="brain">A brain at 1 mm, in RAS or LPS order.</param>
    /// <param name="mask">Where the brain is.</param>
    /// <param name="noise">Standard deviation of the noise as a share of the brain's median.</param>
    /// <param name="seed">Seed.</param>
    public static (Volume Head, LabelMap Brain) Build(Volume brain, LabelMap mask, double noise, int seed)
    {
        var source = Orientation.ToRas(brain);
        var inside = Framed(Orientation.ToRas(mask));
        var level = Median(source, Orientation.ToRas(mask));
        var tissue = Resampler.Resample(source, inside.Grid);
        var shell = Morphology.FillHoles(Morphology.CloseByBall(inside, 6));
        var outside = DistanceTransform.ToForeground(shell);
        var hull = DistanceTransform.ToForeground(Morphology.CloseByBall(inside, 22));
        var random = new Random(seed);
        double[] phases = [.. Enumerable.Range(0, 9).Select(_ => random.NextDouble() * 2 * Math.PI)];
        var anatomy = new Landmarks(inside);
        var voxels = new float[inside.Labels.Length];
        for (var i = 0; i < voxels.Length; i++)
        {
            var (x, y, z) = Place(inside.Grid.Size, i);
            voxels[i] = inside.Labels[i] != 0 ? (tissue.Voxels[i] - level.Dark) / (level.Median - level.Dark)
                : shell.Labels[i] != 0 ? 0.25f
                : anatomy.Around(x, y, z, outside.Voxels[i], hull.Voxels[i], phases);
        }

        var smooth = GaussianFilter.Smooth(new Volume(inside.Grid, voxels), 0.6, 0.6, 0.6);
        var size = inside.Grid.Size;
        var head = new float[voxels.Length];
        for (var i = 0; i < head.Length; i++)
        {
            var (x, y, z) = Place(size, i);
            var bias = 1 + (0.2 * Math.Sin((3.0 * x / size.X) + phases[0]) * Math.Cos((3.0 * y / size.Y) + phases[1])) + (0.1 * Math.Sin((4.0 * z / size.Z) + phases[2]));
            var (a, b) = ((smooth.Voxels[i] * bias) + (noise * Normal(random)), noise * Normal(random));
            head[i] = (float)(1000 * Math.Sqrt((a * a) + (b * b)));
        }

        return (new Volume(inside.Grid, head), inside);
    }

    private static (float Dark, float Median) Level(float[] values, float dark)
    {
        Array.Sort(values);
        return (dark, values[values.Length / 2]);
    }

    private static (float Dark, float Median) Median(Volume brain, LabelMap mask)
    {
        var dark = brain.Voxels.Where((_, i) => mask.Labels[i] == 0).Min();
        var values = brain.Voxels.Where((_, i) => mask.Labels[i] != 0).ToArray();
        var (_, median) = Level(values, dark);

        // A standardized brain's background lies above fluid: take fluid as a quarter of the median.
        return dark < 0 ? (values[values.Length / 200] - (0.25f * (median - values[values.Length / 200])), median) : (dark, median);
    }

    /// <summary>The mask within its box, with room for skull and scalp around and for a neck below.</summary>
    private static LabelMap Framed(LabelMap mask)
    {
        var size = mask.Grid.Size;
        var box = Components.Find(mask).Items.MaxBy(item => item.Voxels)!.Box;
        var grid = new Grid(
            new Size(box.Size.X + (2 * Frame), box.Size.Y + (2 * Frame), box.Size.Z + Frame + Neck),
            mask.Grid.ToWorld.After(new Affine(1, 0, 0, box.MinX - Frame, 0, 1, 0, box.MinY - Frame, 0, 0, 1, box.MinZ - Neck)));
        var largest = Components.Find(mask).Items.MaxBy(item => item.Voxels)!;
        var framed = Resampler.Resample(Components.Find(mask).Keep(mask.Grid, item => item.Id == largest.Id), grid);
        return size.Count > 0 ? Morphology.FillHoles(framed) : framed;
    }

    private static (int X, int Y, int Z) Place(Size size, int i) => (i % size.X, i / size.X % size.Y, i / size.X / size.Y);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Where eyes and neck lie, from the brain's box.</summary>
    private sealed class Landmarks
    {
        private readonly VoxelBox box;
        private readonly (double X, double Y) cord;

        public Landmarks(LabelMap brain)
        {
            box = Components.Find(brain).Items.MaxBy(item => item.Voxels)!.Box;
            var (n, sumX, sumY) = (0, 0.0, 0.0);
            for (var i = 0; i < brain.Labels.Length; i++)
            {
                var (x, y, z) = Place(brain.Grid.Size, i);
                if (brain.Labels[i] != 0 && z < box.MinZ + 4)
                {
                    (n, sumX, sumY) = (n + 1, sumX + x, sumY + y);
                }
            }

            cord = (sumX / n, sumY / n);
        }

        public float Around(int x, int y, int z, float outside, float hull, double[] phases)
        {
            double Wave(int p, double from, double to) =>
                from + ((to - from) * (0.5 + (0.25 * (Math.Sin((x / 17.0) + phases[p]) + Math.Sin((y / 19.0) + (z / 23.0) + phases[p + 1])))));
            var toCord = Math.Sqrt(((x - cord.X) * (x - cord.X)) + ((y - cord.Y) * (y - cord.Y)));
            if (z < box.MinZ + 6 && toCord < 9)
            {
                return toCord < 5.5 ? 0.85f : 0.25f;
            }

            var nerve = Orbit(x, y, z);
            if (nerve is { } value)
            {
                return value;
            }

            var isTemple = Math.Abs(x - ((box.MinX + box.EndX) / 2.0)) > 0.38 * (box.EndX - box.MinX) && z < (box.MinZ + box.EndZ) / 2 && y > (box.MinY + box.EndY) / 2;
            var isNeck = z < box.MinZ + 10;
            var (fluid, dura, inner) = (Wave(3, 0.5, 2), 0.5, Wave(4, 1, 2.5));
            if (outside < fluid + dura + inner)
            {
                return outside < fluid ? 0.25f : outside < fluid + dura ? 0.9f : 0.06f;
            }

            double[] ends = [fluid + dura + inner + (isTemple ? 0 : Wave(5, 0, 3)), isTemple ? 0.8 : 1.5, isTemple ? 9 : isNeck ? 10 : 0, Wave(6, 2, 4), 1.2];
            float[] shares = [Wave(7, 0, 1) > 0.5 ? 1.2f : 0.06f, 0.06f, 0.8f, 1.9f, 1.0f];
            var end = 0.0;
            for (var layer = 0; layer < ends.Length; layer++)
            {
                end += ends[layer];
                if (hull <= end)
                {
                    return shares[layer];
                }
            }

            return 0;
        }

        private float? Orbit(int x, int y, int z)
        {
            var middle = (box.MinX + box.EndX) / 2.0;
            var (fromMiddle, front, height) = (Math.Abs(x - middle), y - (box.EndY - 12.0), z - (box.MinZ + (0.3 * (box.EndZ - box.MinZ))));
            var eye = Math.Sqrt(Math.Pow(fromMiddle - 32, 2) + Math.Pow(front - 14, 2) + (height * height));
            var fat = Math.Sqrt(Math.Pow(fromMiddle - 30, 2) + Math.Pow(front - 2, 2) + (height * height));
            var isNerve = front is > -40 and < 5 && Math.Abs(fromMiddle - 20 - (0.25 * (front + 40))) < 2.5 && Math.Abs(height) < 2.5;
            return eye < 11 ? 0.3f : isNerve ? 0.8f : fat < 15 ? 1.9f : fat < 17 ? 0.06f : null;
        }
    }
}
