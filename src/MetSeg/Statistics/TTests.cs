namespace MetSeg.Statistics;

/// <summary>Student's and Welch's t-tests.</summary>
/// <remarks>
/// Student, Biometrika 1908;6:1; Welch, Biometrika 1947;34:28. Where the spread is 0, or so small beside the means that it is rounding
/// (R's rule), t is undefined. The interval is of the mean difference, one-sided for one-sided tests as R's.
/// </remarks>
public static class TTests
{
    private const double Rounding = 10 * 2.220446049250313e-16;

    /// <summary>Tests whether the mean of the differences first − second is 0. Effect size: Hedges' g with the pooled SD.</summary>
    /// <param name="first">Values, one per case.</param>
    /// <param name="second">Values of the same cases in the same order.</param>
    /// <param name="alternative">The direction.</param>
    /// <param name="confidence">Confidence of the interval.</param>
    /// <returns>The result; undefined for fewer than two pairs, or where all differences are equal.</returns>
    /// <exception cref="ArgumentException">The samples differ in length.</exception>
    public static TestResult Paired(
        IReadOnlyList<double> first, IReadOnlyList<double> second, Alternative alternative = Alternative.TwoSided, double confidence = 0.95)
    {
        var (x, y) = Sample.Pairs(first, second);
        var differences = new Sample([.. x.Values.Zip(y.Values, (a, b) => a - b)], 0);
        var frame = new Frame(StatisticalTest.PairedT, [x.Count], x.Dropped, EffectSizes.HedgesG(x.Values, y.Values));
        return x.Count < 2
            ? frame.WithoutResult(alternative, "fewer than two pairs")
            : frame.Of(
                new MeanDifference(
                    differences.Mean,
                    Math.Sqrt(differences.Variance / x.Count),
                    x.Count - 1,
                    Math.Max(Math.Abs(x.Mean), Math.Abs(y.Mean)),
                    "all differences are equal"),
                alternative, confidence);
    }

    /// <summary>Tests whether two independent samples with equal variances have one mean. Effect size: Hedges' g.</summary>
    /// <param name="first">Values; those that are not finite are left out and counted.</param>
    /// <param name="second">Values likewise.</param>
    /// <param name="alternative">The direction.</param>
    /// <param name="confidence">Confidence of the interval.</param>
    /// <returns>The result; undefined for fewer than two values in a sample, or without spread in both.</returns>
    public static TestResult Unpaired(
        IReadOnlyList<double> first, IReadOnlyList<double> second, Alternative alternative = Alternative.TwoSided, double confidence = 0.95) =>
        Independent(StatisticalTest.UnpairedT, first, second, alternative, confidence, (x, y) =>
        {
            double freedom = x.Count + y.Count - 2;
            var pooled = (((x.Count - 1) * x.Variance) + ((y.Count - 1) * y.Variance)) / freedom;
            return (Math.Sqrt(pooled * ((1.0 / x.Count) + (1.0 / y.Count))), freedom);
        });

    /// <summary>As <see cref="Unpaired"/>, without the assumption of equal variances; degrees of freedom after Welch and Satterthwaite.</summary>
    /// <inheritdoc cref="Unpaired" path="/param"/>
    /// <returns>The result; undefined for fewer than two values in a sample, or without spread in both.</returns>
    public static TestResult Welch(
        IReadOnlyList<double> first, IReadOnlyList<double> second, Alternative alternative = Alternative.TwoSided, double confidence = 0.95) =>
        Independent(StatisticalTest.Welch, first, second, alternative, confidence, (x, y) =>
        {
            var (ofX, ofY) = (x.Variance / x.Count, y.Variance / y.Count);
            return (Math.Sqrt(ofX + ofY), (ofX + ofY) * (ofX + ofY) / ((ofX * ofX / (x.Count - 1)) + (ofY * ofY / (y.Count - 1))));
        });

    private static TestResult Independent(
        StatisticalTest test,
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        Alternative alternative,
        double confidence,
        Func<Sample, Sample, (double Error, double DegreesOfFreedom)> spread)
    {
        var (x, y) = (Sample.Of(first), Sample.Of(second));
        var frame = new Frame(test, [x.Count, y.Count], x.Dropped + y.Dropped, EffectSizes.HedgesG(x.Values, y.Values));
        if (x.Count < 2 || y.Count < 2)
        {
            return frame.WithoutResult(alternative, "a sample has fewer than two values");
        }

        var (error, freedom) = spread(x, y);
        return frame.Of(
            new MeanDifference(x.Mean - y.Mean, error, freedom, Math.Max(Math.Abs(x.Mean), Math.Abs(y.Mean)), "neither sample has any spread"),
            alternative, confidence);
    }

    /// <summary>A mean difference and its standard error.</summary>
    /// <param name="Value">The difference.</param>
    /// <param name="Error">Its standard error.</param>
    /// <param name="DegreesOfFreedom">Degrees of freedom of t.</param>
    /// <param name="Magnitude">The larger of the two means without sign: an error tiny beside it is rounding.</param>
    /// <param name="WithoutSpread">What to say where there is no spread.</param>
    private sealed record MeanDifference(double Value, double Error, double DegreesOfFreedom, double Magnitude, string WithoutSpread);

    /// <summary>What is known of a result before t is computed.</summary>
    private sealed record Frame(StatisticalTest Test, IReadOnlyList<int> N, int Dropped, Estimate EffectSize)
    {
        public TestResult WithoutResult(Alternative alternative, string reason) => new()
        {
            Test = Test,
            StatisticName = "t",
            Alternative = alternative,
            N = N,
            Dropped = Dropped,
            EffectSize = EffectSize,
            Undefined = reason,
        };

        public TestResult Of(MeanDifference difference, Alternative alternative, double confidence)
        {
            if (difference.Error <= Rounding * difference.Magnitude)
            {
                return WithoutResult(alternative, difference.WithoutSpread)
                    with { Difference = new Estimate("mean-difference", difference.Value, Undefined: difference.WithoutSpread) };
            }

            var t = difference.Value / difference.Error;
            var tail = (1 - confidence) / (alternative == Alternative.TwoSided ? 2 : 1);
            var reach = Tails.StudentTQuantile(1 - tail, difference.DegreesOfFreedom) * difference.Error;
            return WithoutResult(alternative, "") with
            {
                Statistic = t,
                DegreesOfFreedom = difference.DegreesOfFreedom,
                P = Tails.P(t, alternative, value => Tails.StudentT(value, difference.DegreesOfFreedom)),
                Method = "t distribution",
                Difference = new Estimate(
                    "mean-difference",
                    difference.Value,
                    alternative == Alternative.Less ? double.NegativeInfinity : difference.Value - reach,
                    alternative == Alternative.Greater ? double.PositiveInfinity : difference.Value + reach),
                Undefined = null,
            };
        }
    }
}
