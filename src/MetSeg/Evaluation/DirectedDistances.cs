namespace MetSeg.Evaluation;

/// <summary>The distances from the elements of one surface to the nearest element of another.</summary>
public sealed class DirectedDistances
{
    private readonly double[] distances;
    private readonly double[] areas;

    /// <summary>Takes distances and areas, which must be of equal length, and sorts copies of them by distance, then area.</summary>
    /// <param name="distances">One distance in mm per element; infinite where the other surface is empty.</param>
    /// <param name="areas">The elements' areas in mm², or 1 each for border voxels.</param>
    public DirectedDistances(double[] distances, double[] areas)
    {
        (this.distances, this.areas) = ([.. distances], [.. areas]);
        Array.Sort(this.distances, this.areas);
        for (var (start, end) = (0, 0); start < distances.Length; start = end)
        {
            for (end = start + 1; end < distances.Length && this.distances[end] == this.distances[start];)
            {
                end++;
            }

            Array.Sort(this.areas, start, end - start);
        }

        Area = this.areas.Sum();
    }

    /// <summary>Number of elements.</summary>
    public int Count => distances.Length;

    /// <summary>Area of the whole surface in mm², or the number of border voxels; 0 where it is empty.</summary>
    public double Area { get; }

    /// <summary>Mean distance in mm weighted by area; NaN where this surface is empty, infinite where only the other is.</summary>
    public double Mean
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < distances.Length; i++)
            {
                sum += distances[i] * areas[i];
            }

            return sum / Area;
        }
    }

    /// <summary>The elements of both directions together.</summary>
    internal DirectedDistances With(DirectedDistances other) => new([.. distances, .. other.distances], [.. areas, .. other.areas]);

    /// <summary>Area of the elements that lie within a distance of the other surface, the limit included.</summary>
    public double AreaWithin(double toleranceMm)
    {
        var area = 0.0;
        for (var i = 0; i < distances.Length && distances[i] <= toleranceMm; i++)
        {
            area += areas[i];
        }

        return area;
    }

    /// <summary>A percentile of the distances.</summary>
    /// <param name="percent">From 0 to 100.</param>
    /// <param name="interpolate">
    /// Whether it is interpolated linearly between elements; otherwise it is the first distance at which the cumulated area reaches the share.
    /// </param>
    /// <returns>A distance in mm; NaN where either surface is empty.</returns>
    public double Percentile(double percent, bool interpolate)
    {
        if (distances.Length == 0 || double.IsPositiveInfinity(distances[^1]))
        {
            return double.NaN;
        }

        return interpolate ? Quantile.OfSorted(distances, percent / 100) : Step(percent / 100);
    }

    private double Step(double share)
    {
        var cumulated = 0.0;
        for (var i = 0; i < distances.Length; i++)
        {
            cumulated += areas[i];
            if (cumulated / Area >= share)
            {
                return distances[i];
            }
        }

        return distances[^1];
    }
}
