using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>Draws from the distributions that the simulation needs.</summary>
internal static class Draws
{
    /// <summary>A standard normal number.</summary>
    /// <remarks>Box and Muller, Ann Math Stat 1958;29:610-611.</remarks>
    public static double Normal(this Random random) => random.NormalPair().First;

    /// <summary>Two independent standard normal numbers.</summary>
    public static (double First, double Second) NormalPair(this Random random)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
        return (radius * cosine, radius * sine);
    }

    /// <summary>A number drawn evenly between two others.</summary>
    public static float Between(this Random random, double low, double high) => (float)(low + ((high - low) * random.NextDouble()));

    /// <summary>exp(spread · standard normal): a factor around 1.</summary>
    public static double Factor(this Random random, double spread) => Math.Exp(spread * random.Normal());

    /// <summary>A number from 1 up with a mean: the geometric distribution, as spread out as counts of metastases are.</summary>
    public static int Geometric(this Random random, double mean) => GeometricQuantile(mean, random.NextDouble());

    /// <summary>The geometric distribution's quantile.</summary>
    /// <param name="mean">Its mean; not above 1 for always 1.</param>
    /// <param name="share">Which quantile: at least 0 and less than 1.</param>
    public static int GeometricQuantile(double mean, double share) =>
        mean <= 1 ? 1 : 1 + (int)(Math.Log(1 - share) / Math.Log(1 - (1 / mean)));

    /// <summary>A direction drawn evenly from the unit sphere.</summary>
    public static Vector3 Direction(this Random random)
    {
        var z = random.Between(-1, 1);
        var (sine, cosine) = MathF.SinCos(random.Between(0, 2 * Math.PI));
        return new Vector3(MathF.Sqrt(1 - (z * z)) * new Vector2(cosine, sine), z);
    }

    /// <summary>A rotation drawn evenly from all.</summary>
    public static Quaternion Rotation(this Random random)
    {
        var (a, b) = random.NormalPair();
        var (c, d) = random.NormalPair();
        return Quaternion.Normalize(new Quaternion((float)a, (float)b, (float)c, (float)d));
    }
}
