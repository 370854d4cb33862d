namespace MetSeg.Statistics;

/// <summary>Values without those that are not finite.</summary>
/// <param name="Values">Finite values in their order.</param>
/// <param name="Dropped">Number of NaN and infinite values left out.</param>
internal sealed record Sample(double[] Values, int Dropped)
{
    public int Count => Values.Length;

    public double Mean { get; } = Values.Length == 0 ? double.NaN : Values.Average();

    /// <summary>Sample variance (n − 1); NaN for fewer than two values, exactly 0 where all are equal.</summary>
    public double Variance
    {
        get
        {
            if (Values.Length > 1 && !Values.AsSpan().ContainsAnyExcept(Values[0]))
            {
                return 0;
            }

            var squares = 0.0;
            foreach (var value in Values)
            {
                squares += (value - Mean) * (value - Mean);
            }

            return Values.Length < 2 ? double.NaN : squares / (Values.Length - 1);
        }
    }

    public static Sample Of(IReadOnlyList<double> values)
    {
        var finite = values is double[] array && array.AsSpan().IndexOfAnyExceptInRange(double.MinValue, double.MaxValue) < 0
            ? array
            : [.. values.Where(double.IsFinite)];
        return new Sample(finite, values.Count - finite.Length);
    }

    /// <summary>Pairs without those of which a value is not finite.</summary>
    /// <exception cref="ArgumentException">The samples differ in length.</exception>
    public static (Sample First, Sample Second) Pairs(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
        {
            throw new ArgumentException($"Pairs need samples of one length, not {first.Count} and {second.Count}.", nameof(second));
        }

        int[] kept = [.. Enumerable.Range(0, first.Count).Where(i => double.IsFinite(first[i]) && double.IsFinite(second[i]))];
        var dropped = first.Count - kept.Length;
        return (new Sample([.. kept.Select(i => first[i])], dropped), new Sample([.. kept.Select(i => second[i])], dropped));
    }
}
