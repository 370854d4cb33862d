using MathNet.Numerics;

namespace MetSeg.Statistics;

/// <summary>Tail probabilities and quantiles, accurate also where a tail is tiny.</summary>
internal static class Tails
{
    /// <summary>P(Z ≥ z) of the standard normal distribution.</summary>
    public static double Normal(double z) => 0.5 * SpecialFunctions.Erfc(z / Math.Sqrt(2));

    /// <summary>The z below which lies a share of the standard normal distribution; ±∞ at 1 and 0.</summary>
    public static double NormalQuantile(double share) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, share);

    /// <summary>P(T ≥ t) of Student's distribution.</summary>
    public static double StudentT(double t, double degreesOfFreedom)
    {
        var beyond = 0.5 * SpecialFunctions.BetaRegularized(degreesOfFreedom / 2, 0.5, degreesOfFreedom / (degreesOfFreedom + (t * t)));
        return t >= 0 ? beyond : 1 - beyond;
    }

    /// <summary>The t below which lies a share of Student's distribution.</summary>
    public static double StudentTQuantile(double share, double degreesOfFreedom) =>
        MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, degreesOfFreedom, share);

    /// <summary>P(X ≥ x) of the χ² distribution.</summary>
    public static double ChiSquared(double x, double degreesOfFreedom) =>
        x <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(degreesOfFreedom / 2, x / 2);

    /// <summary>The p-value of a statistic whose distribution is symmetric about 0.</summary>
    /// <param name="statistic">The statistic.</param>
    /// <param name="alternative">The direction.</param>
    /// <param name="upperTail">P(X ≥ x).</param>
    public static double P(double statistic, Alternative alternative, Func<double, double> upperTail) => alternative switch
    {
        Alternative.Less => upperTail(-statistic),
        Alternative.Greater => upperTail(statistic),
        _ => Math.Min(1, 2 * upperTail(Math.Abs(statistic))),
    };
}
