namespace MetSeg.Tests;

/// <summary>Draws grids as scanners make them: any rotation, either handedness, 0.3–5 mm, within half a meter of the origin.</summary>
internal static class RandomGrid
{
    public static Grid Create(Random random, int largestAxis = 5)
    {
        var (x, y, z, w) = (Normal(random), Normal(random), Normal(random), Normal(random));
        var norm = Math.Sqrt((x * x) + (y * y) + (z * z) + (w * w));
        (x, y, z, w) = (x / norm, y / norm, z / norm, w / norm);
        double[] rotation =
        [
            1 - (2 * ((y * y) + (z * z))), 2 * ((x * y) - (z * w)), 2 * ((x * z) + (y * w)),
            2 * ((x * y) + (z * w)), 1 - (2 * ((x * x) + (z * z))), 2 * ((y * z) - (x * w)),
            2 * ((x * z) - (y * w)), 2 * ((y * z) + (x * w)), 1 - (2 * ((x * x) + (y * y))),
        ];
        double[] scales = [Length(random), Length(random), Length(random) * (random.Next(2) == 0 ? -1 : 1)];
        var rows = new double[12];
        for (var i = 0; i < 12; i++)
        {
            rows[i] = i % 4 == 3 ? (random.NextDouble() - 0.5) * 1000 : rotation[(3 * (i / 4)) + (i % 4)] * scales[i % 4];
        }

        return new Grid(new Size(random.Next(1, largestAxis + 1), random.Next(1, largestAxis + 1), random.Next(1, largestAxis + 1)), new Affine(rows));
    }

    private static double Length(Random random) => 0.3 + (4.7 * random.NextDouble());

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
