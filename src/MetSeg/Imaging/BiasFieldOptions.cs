namespace MetSeg.Imaging;

/// <summary>How a bias field is estimated. The defaults are those of N4 in the paper and in ITK.</summary>
public sealed record BiasFieldOptions
{
    private const int MostLevels = 7;

    /// <summary>Resolution levels: level n has 2ⁿ spline spans along each axis, from n = 0. The default is 4, so 1, 2, 4 and 8 spans.</summary>
    public int Levels { get; init; } = 4;

    /// <summary>Most iterations at each level. The default is 50.</summary>
    public int Iterations { get; init; } = 50;

    /// <summary>A level ends when the coefficient of variation of the new field over the old one is at most this. The default is 0.001.</summary>
    public double Convergence { get; init; } = 0.001;

    /// <summary>
    /// The field is estimated from one voxel in this many along the axis with the smallest voxels, along the others in steps of about as many
    /// mm; thin slabs and small masks are looked at more densely. 1 takes every voxel. The default is 4.
    /// </summary>
    public int ShrinkFactor { get; init; } = 4;

    /// <summary>Bins of the histogram of log intensities. The default is 200.</summary>
    public int HistogramBins { get; init; } = 200;

    /// <summary>
    /// Full width at half maximum, in natural logarithms of intensity, of the Gaussian by which the field is taken to blur the histogram. The
    /// default is 0.15.
    /// </summary>
    public double FullWidth { get; init; } = 0.15;

    /// <summary>Noise term of the Wiener filter that undoes this blur. The default is 0.01.</summary>
    public double WienerNoise { get; init; } = 0.01;

    /// <summary>
    /// A span is not halved where its halves would be shorter than this: an axis of a thin slab gets fewer spans, else the field would follow
    /// the anatomy. In mm; the default is 10, which leaves whole heads their 8 spans.
    /// </summary>
    public double ShortestSpanMm { get; init; } = 10;

    /// <summary>Everything that is wrong, one sentence a fault.</summary>
    public IEnumerable<string> Problems()
    {
        if (Levels is < 1 or > MostLevels)
        {
            yield return $"levels must be 1 to {MostLevels}, not {Levels}.";
        }

        if (Iterations < 1)
        {
            yield return $"iterations must be positive, not {Iterations}.";
        }

        if (!(Convergence >= 0 && double.IsFinite(Convergence)))
        {
            yield return $"convergence must be 0 or more, not {Convergence}.";
        }

        if (ShrinkFactor < 1)
        {
            yield return $"shrinkFactor must be at least 1, not {ShrinkFactor}.";
        }

        if (HistogramBins is < 10 or > 10_000)
        {
            yield return $"histogramBins must be 10 to 10000, not {HistogramBins}.";
        }

        if (!(FullWidth > 0 && double.IsFinite(FullWidth)))
        {
            yield return $"fullWidth must be positive, not {FullWidth}.";
        }

        if (!(WienerNoise > 0 && double.IsFinite(WienerNoise)))
        {
            yield return $"wienerNoise must be positive, not {WienerNoise}.";
        }

        if (!(ShortestSpanMm >= 0 && double.IsFinite(ShortestSpanMm)))
        {
            yield return $"shortestSpanMm must be 0 or more, not {ShortestSpanMm}.";
        }
    }
}
