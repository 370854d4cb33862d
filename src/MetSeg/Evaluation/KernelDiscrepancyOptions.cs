namespace MetSeg.Evaluation;

/// <summary>How <see cref="KernelDiscrepancy"/> compares domains.</summary>
public sealed record KernelDiscrepancyOptions
{
    /// <summary>
    /// The kernels' widths σ in the features' unit. The default is null: the median distance between any two samples times
    /// <see cref="MedianFactors"/>.
    /// </summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>Multiples of the median distance that are taken as widths. The default is ½, 1 and 2.</summary>
    public IReadOnlyList<double> MedianFactors { get; init; } = [0.5, 1, 2];

    /// <summary>Number of permutations of the test; 0 for none. The default is 1000.</summary>
    public int Permutations { get; init; } = 1000;

    /// <summary>Seed of the permutations: same seed, same p. The default is 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Everything that is wrong, one sentence a fault.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var (name, widths) in new[] { ("sigmas", Sigmas ?? MedianFactors), ("medianFactors", MedianFactors) })
        {
            if (widths.Count == 0 || widths.Any(width => !(width > 0 && double.IsFinite(width))))
            {
                yield return $"{name} must hold positive numbers, not [{string.Join(", ", widths)}].";
            }
        }

        if (Permutations < 0)
        {
            yield return $"permutations must be 0 or more, not {Permutations}.";
        }
    }
}
