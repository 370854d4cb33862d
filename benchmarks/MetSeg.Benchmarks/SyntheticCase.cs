using System.Runtime.InteropServices;

namespace MetSeg.Benchmarks;

/// <summary>The case that everything is measured on: 240×240×155 voxels of 1 mm, 20 lesions of 11 cm³ in all (or more), the same on every machine.</summary>
/// <param name="Scan">
/// A skull-stripped head: 0 outside an ellipsoid, inside whole numbers around 500 with normal noise of σ 30, lesions 300 brighter; as compressible
/// as what scanners store.
/// </param>
/// <param name="Reference">1 in 20 balls that are at least four voxels apart.</param>
/// <param name="Prediction">The same balls one voxel further along x and 0.3 mm smaller.</param>
internal sealed record SyntheticCase(Volume Scan, LabelMap Reference, LabelMap Prediction)
{
    /// <summary>Lesions of the case that is measured unless another number is asked for.</summary>
    public const int Lesions = 20;

    private const long Seed = 1;

    private static readonly Grid grid = Grid.Axial(new Size(240, 240, 155), new Spacing(1, 1, 1));

    /// <summary>Draws the case.</summary>
    public static SyntheticCase Create()
    {
        var balls = DrawBalls(grid.Size, Lesions);
        var reference = Paint(ball => ball.Radius, balls);
        return new SyntheticCase(DrawScan(reference), reference, Paint(ball => ball.Radius, [.. balls.Select(Moved)]));
    }

    /// <summary>
    /// Reference and prediction of any number of lesions of three labels, as BraTS has them: 1 in the middle, 3 around, 2 one voxel farther out.
    /// </summary>
    /// <param name="lesions">Their number.</param>
    public static (LabelMap Reference, LabelMap Prediction) Regions(int lesions)
    {
        var balls = DrawBalls(grid.Size, lesions);
        return (Labels(balls), Labels([.. balls.Select(Moved)]));
    }

    private static Ball Moved(Ball ball) => ball with { X = ball.X + 1, Radius = ball.Radius - 0.3 };

    private static LabelMap Labels(IReadOnlyList<Ball> balls)
    {
        var (edema, tumor, core) = (Paint(ball => ball.Radius + 1, balls), Paint(ball => ball.Radius, balls), Paint(ball => ball.Radius / 2, balls));
        return new LabelMap(grid, [.. edema.Labels.Select((label, i) => (byte)(core.Labels[i] > 0 ? 1 : tumor.Labels[i] > 0 ? 3 : label > 0 ? 2 : 0))]);
    }

    /// <summary>One ball of 8.2 cm³ and the others of 2.5 to 4.4 mm radius.</summary>
    private static List<Ball> DrawBalls(Size size, int lesions)
    {
        var random = Seeds.Generator(Seed, "benchmark", "lesions");
        var balls = new List<Ball>();
        while (balls.Count < lesions)
        {
            var radius = balls.Count == 0 ? 12.5 : 2.5 + (1.9 * (balls.Count - 1) / (lesions - 2));
            var ball = new Ball(random.NextDouble() * size.X, random.NextDouble() * size.Y, random.NextDouble() * size.Z, radius);
            if (HeadRadius(size, ball.X, ball.Y, ball.Z) < 0.8 && balls.All(other => other.Gap(ball) >= 4))
            {
                balls.Add(ball);
            }
        }

        return balls;
    }

    private static LabelMap Paint(Func<Ball, double> radius, IReadOnlyList<Ball> balls)
    {
        var labels = new byte[grid.Size.Count];
        foreach (var ball in balls.Select(ball => ball with { Radius = radius(ball) }))
        {
            foreach (var (x, y, z) in ball.Around(grid.Size).Where(place => ball.Holds(place.X, place.Y, place.Z)))
            {
                labels[grid.Size.Index(x, y, z)] = 1;
            }
        }

        return new LabelMap(grid, labels);
    }

    private static Volume DrawScan(LabelMap reference)
    {
        var size = reference.Grid.Size;
        var lesions = ImmutableCollectionsMarshal.AsArray(reference.Labels)!;
        var voxels = new float[size.Count];
        Parallel.For(0, size.Z, z =>
        {
            var random = Seeds.Generator(Seed, "benchmark", "noise", z);
            for (var i = size.Index(0, 0, z); i < size.Index(0, 0, z) + (size.X * size.Y); i++)
            {
                var (x, y) = (i % size.X, i / size.X % size.Y);
                voxels[i] = HeadRadius(size, x, y, z) < 1 ? (float)Math.Round(500 + (300 * lesions[i]) + (30 * Normal(random))) : 0;
            }
        });
        return new Volume(reference.Grid, voxels);
    }

    /// <summary>Below 1 inside the head: an ellipsoid that leaves a sixth of the field of view free at either end of each axis.</summary>
    private static double HeadRadius(Size size, double x, double y, double z)
    {
        static double Along(double position, int length) => Math.Pow(((position + 0.5) / length * 2) - 1, 2);
        return Math.Sqrt(Along(x, size.X) + Along(y, size.Y) + Along(z, size.Z)) * 1.5;
    }

    /// <summary>A standard normal number by Box and Muller's transform.</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed record Ball(double X, double Y, double Z, double Radius)
    {
        public bool Holds(int x, int y, int z) => Distance(x, y, z) <= Radius;

        /// <summary>The voxels of the grid in the cube around it.</summary>
        public IEnumerable<(int X, int Y, int Z)> Around(Size size) =>
            from z in Along(Z, size.Z)
            from y in Along(Y, size.Y)
            from x in Along(X, size.X)
            select (x, y, z);

        public double Gap(Ball other) => Distance(other.X, other.Y, other.Z) - Radius - other.Radius;

        private IEnumerable<int> Along(double center, int length)
        {
            var (first, last) = (Math.Max(0, (int)Math.Floor(center - Radius)), Math.Min(length - 1, (int)Math.Ceiling(center + Radius)));
            return Enumerable.Range(first, Math.Max(0, last - first + 1));
        }

        private double Distance(double x, double y, double z) => Math.Sqrt(Math.Pow(x - X, 2) + Math.Pow(y - Y, 2) + Math.Pow(z - Z, 2));
    }
}
