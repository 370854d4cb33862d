namespace MetSeg.Tests.Imaging;

/// <summary>Concentric ellipsoids of white matter (3), gray matter (2) and fluid (1) with noise, times a smooth field of 0.6 to 1.4.</summary>
internal sealed class BiasedPhantom
{
    private static readonly float[] brightness = [0, 300, 600, 900];

    public BiasedPhantom(Grid grid, double noise = 0.015, double amplitude = 0.4)
    {
        var size = grid.Size;
        var (random, tissues, field) = (new Random(1), new byte[size.Count], new float[size.Count]);
        for (var i = 0; i < tissues.Length; i++)
        {
            var (x, y, z) = (Along(i % size.X, size.X), Along(i / size.X % size.Y, size.Y), Along(i / size.X / size.Y, size.Z));
            var radius = Math.Sqrt((x * x) + (y * y) + (0.8 * z * z)) * (1 + (0.03 * Math.Sin(9 * x) * Math.Cos(11 * y)));
            tissues[i] = (byte)(radius > 0.9 ? 0 : radius > 0.82 ? 1 : radius > 0.66 ? 2 : radius > 0.2 ? 3 : 1);
            field[i] = (float)((0.5 * x * y) + (0.45 * x) - (0.3 * y * y) + (0.4 * Math.Sin(2 * z)));
        }

        Tissues = new LabelMap(grid, tissues);
        Mask = Tissues.Map(tissue => (byte)(tissue > 0 ? 1 : 0));
        var inside = field.Where((_, i) => tissues[i] > 0).ToArray();
        var (low, high) = (inside.Min(), inside.Max());
        Field = new Volume(grid, [.. field.Select(value => (float)(1 + (amplitude * Math.Clamp((2 * (value - low) / (high - low)) - 1, -1, 1))))]);
        Image = new Volume(grid, [.. tissues.Select((tissue, i) =>
            tissue == 0 ? 0 : Math.Max((brightness[tissue] * Field.Voxels[i]) + (float)(900 * noise * Normal(random)), 1))]);
    }

    /// <summary>The image with field and noise; 0 outside.</summary>
    public Volume Image { get; }

    /// <summary>The true field.</summary>
    public Volume Field { get; }

    public LabelMap Tissues { get; }

    public LabelMap Mask { get; }

    /// <summary>A volume from each voxel's place in the flat array.</summary>
    public static Volume Fill(Grid grid, Func<int, float> value)
    {
        var values = new float[grid.Size.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(i);
        }

        return new Volume(grid, values);
    }

    /// <summary>Standard deviation over mean where a label map has a label.</summary>
    public static double Variation(Volume volume, LabelMap labels, byte label)
    {
        double count = 0, sum = 0, squares = 0;
        for (var i = 0; i < labels.Labels.Length; i++)
        {
            if (labels.Labels[i] == label)
            {
                double value = volume.Voxels[i];
                (count, sum, squares) = (count + 1, sum + value, squares + (value * value));
            }
        }

        return Math.Sqrt((squares / count) - (sum * sum / count / count)) / (sum / count);
    }

    /// <summary>Pearson's correlation where a mask is not 0.</summary>
    public static double Correlation(Volume a, Volume b, LabelMap mask)
    {
        double count = 0, sumA = 0, sumB = 0, squaresA = 0, squaresB = 0, products = 0;
        for (var i = 0; i < mask.Labels.Length; i++)
        {
            if (mask.Labels[i] != 0)
            {
                double x = a.Voxels[i], y = b.Voxels[i];
                (count, sumA, sumB) = (count + 1, sumA + x, sumB + y);
                (squaresA, squaresB, products) = (squaresA + (x * x), squaresB + (y * y), products + (x * y));
            }
        }

        return ((count * products) - (sumA * sumB))
            / Math.Sqrt(((count * squaresA) - (sumA * sumA)) * ((count * squaresB) - (sumB * sumB)));
    }

    private static double Along(int place, int count) => ((place + 0.5) / count * 2) - 1;

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
