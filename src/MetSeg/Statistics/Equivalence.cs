namespace MetSeg.Statistics;

/// <summary>
/// Equivalence by two one-sided tests (TOST): whether a difference lies within ± a margin stated beforehand. A large p of a difference test
/// shows no equivalence; a small p here does.
/// </summary>
/// <remarks>Schuirmann, J Pharmacokinet Biopharm 1987;15:657.</remarks>
public static class Equivalence
{
    /// <summary>
    /// The larger p of the two one-sided tests. Where a test is undefined because nothing varies, it is 0 on the right side of its
    /// margin and 1 on the wrong one.
    /// </summary>
    /// <param name="first">Values.</param>
    /// <param name="second">Values to compare with; for paired tests of the same cases in the same order.</param>
    /// <param name="margin">Largest difference that counts as equivalent; positive.</param>
    /// <param name="test">Tests the samples against each other in a direction.</param>
    /// <returns>A p-value; NaN where a test is undefined for another reason.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="margin"/> is not positive.</exception>
    public static double P(
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        double margin,
        Func<IReadOnlyList<double>, IReadOnlyList<double>, Alternative, TestResult> test)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        var above = Side([.. first.Select(value => value + margin)], second, Alternative.Greater, test);
        var below = Side([.. first.Select(value => value - margin)], second, Alternative.Less, test);
        return Math.Max(above, below);
    }

    private static double Side(
        double[] first,
        IReadOnlyList<double> second,
        Alternative alternative,
        Func<IReadOnlyList<double>, IReadOnlyList<double>, Alternative, TestResult> test)
    {
        var result = test(first, second, alternative);
        var sign = alternative == Alternative.Greater ? 1 : -1;
        return double.IsNaN(result.P) && result.Difference is { Value: var difference } && double.IsFinite(difference)
            ? (sign * difference > 0 ? 0 : 1)
            : result.P;
    }
}
