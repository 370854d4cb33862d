namespace MetSeg.Evaluation;

/// <summary>Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996; numpy's and R's default).</summary>
internal static class Quantile
{
    /// <summary>The quantile of values in ascending order; NaN where there is none.</summary>
    /// <param name="sorted">Finite values, ascending.</param>
    /// <param name="share">From 0 to 1.</param>
    public static double OfSorted(ReadOnlySpan<double> sorted, double share)
    {
        if (sorted.IsEmpty)
        {
            return double.NaN;
        }

        var place = share * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
