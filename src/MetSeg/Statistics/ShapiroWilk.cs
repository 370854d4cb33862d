namespace MetSeg.Statistics;

/// <summary>What the Shapiro–Wilk test found.</summary>
/// <param name="W">The statistic, in (0, 1]; 1 for what looks perfectly normal. NaN where undefined.</param>
/// <param name="P">The p-value: small for values that are not normal. NaN where undefined.</param>
/// <param name="N">Number of values used.</param>
/// <param name="Dropped">Number of values left out because they were not finite.</param>
/// <param name="Undefined">Why W and P are NaN; null where they are not.</param>
public sealed record NormalityResult(double W, double P, int N, int Dropped, string? Undefined = null);

/// <summary>The Shapiro–Wilk test of normality in Royston's approximation.</summary>
/// <remarks>Shapiro and Wilk, Biometrika 1965;52:591; Royston, Applied Statistics 1995;44:547 (AS R94), for 3 to 5000 values.</remarks>
public static class ShapiroWilk
{
    private const int Fewest = 3;
    private const int Most = 5000;
    private const int SmallSample = 11;

    private static readonly double[] lastWeight = [0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056];
    private static readonly double[] secondLastWeight = [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];
    private static readonly double[] smallBound = [-2.273, 0.459];
    private static readonly double[] smallMean = [0.544, -0.39978, 0.025054, -6.714e-4];
    private static readonly double[] smallLogDeviation = [1.3822, -0.77857, 0.062767, -0.0020322];
    private static readonly double[] largeMean = [-1.5861, -0.31082, -0.083751, 0.0038915];
    private static readonly double[] largeLogDeviation = [-0.4803, -0.082676, 0.0030302];

    /// <summary>Tests whether values come from a normal distribution.</summary>
    /// <param name="values">Values; those that are not finite are left out and counted.</param>
    /// <returns>W and p; undefined for fewer than 3 or more than 5000 values, or where all are equal.</returns>
    public static NormalityResult Test(IReadOnlyList<double> values)
    {
        var sample = Sample.Of(values);
        double[] sorted = [.. sample.Values.Order()];
        var reason = sorted.Length switch
        {
            < Fewest => $"fewer than {Fewest} values",
            > Most => $"more than {Most} values",
            _ when sorted[0] == sorted[^1] => "all values are equal",
            _ => null,
        };
        if (reason is not null)
        {
            return new NormalityResult(double.NaN, double.NaN, sorted.Length, sample.Dropped, reason);
        }

        var shortfall = OneMinusW(sorted, Weights(sorted.Length));
        return new NormalityResult(1 - shortfall, P(shortfall, sorted.Length), sorted.Length, sample.Dropped);
    }

    /// <summary>Weights of the order statistics: normalized normal scores, the outermost one or two corrected.</summary>
    private static double[] Weights(int n)
    {
        if (n == Fewest)
        {
            return [-Math.Sqrt(0.5), 0, Math.Sqrt(0.5)];
        }

        var scores = Enumerable.Range(1, n).Select(i => Tails.NormalQuantile((i - 0.375) / (n + 0.25))).ToArray();
        var squares = scores.Sum(score => score * score);
        var (root, inverse) = (Math.Sqrt(squares), 1 / Math.Sqrt(n));
        double[] corrected = n > 5
            ? [(scores[^1] / root) + Polynomial(lastWeight, inverse), (scores[^2] / root) + Polynomial(secondLastWeight, inverse)]
            : [(scores[^1] / root) + Polynomial(lastWeight, inverse)];
        var left = squares - (2 * Enumerable.Range(1, corrected.Length).Sum(i => scores[^i] * scores[^i]));
        var scale = Math.Sqrt(left / (1 - (2 * corrected.Sum(weight => weight * weight))));
        var weights = scores.Select(score => score / scale).ToArray();
        for (var i = 0; i < corrected.Length; i++)
        {
            (weights[i], weights[n - 1 - i]) = (-corrected[i], corrected[i]);
        }

        return weights;
    }

    /// <summary>1 − W without the loss of digits that 1 minus W close to 1 would have; values are shifted and scaled beforehand.</summary>
    private static double OneMinusW(double[] sorted, double[] weights)
    {
        var (middle, range) = (sorted[sorted.Length / 2], sorted[^1] - sorted[0]);
        var scaled = sorted.Select(value => (value - middle) / range).ToArray();
        var mean = scaled.Average();
        var (ofWeights, ofValues, product) = (0.0, 0.0, 0.0);
        for (var i = 0; i < scaled.Length; i++)
        {
            var value = scaled[i] - mean;
            ofWeights += weights[i] * weights[i];
            ofValues += value * value;
            product += weights[i] * value;
        }

        var norm = Math.Sqrt(ofWeights * ofValues);
        return (norm - product) * (norm + product) / (ofWeights * ofValues);
    }

    private static double P(double shortfall, int n)
    {
        if (n == Fewest)
        {
            return Math.Max(0, 6 / Math.PI * (Math.Asin(Math.Sqrt(1 - shortfall)) - Math.Asin(Math.Sqrt(0.75))));
        }

        var (logShortfall, logN) = (Math.Log(shortfall), Math.Log(n));
        if (n > SmallSample)
        {
            return Tails.Normal((logShortfall - Polynomial(largeMean, logN)) / Math.Exp(Polynomial(largeLogDeviation, logN)));
        }

        var bound = Polynomial(smallBound, n);
        return logShortfall >= bound
            ? 0
            : Tails.Normal((-Math.Log(bound - logShortfall) - Polynomial(smallMean, n)) / Math.Exp(Polynomial(smallLogDeviation, n)));
    }

    private static double Polynomial(double[] coefficients, double x)
    {
        var sum = 0.0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = (sum * x) + coefficients[i];
        }

        return sum;
    }
}
