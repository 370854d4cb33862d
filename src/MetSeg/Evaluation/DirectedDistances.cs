using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>The distances from the elements of one surface to the nearest element of another.</summary>
public sealed class DirectedDistances
{
    private readonly double[] distances;
    private readonly double[] areas;
    private readonly SurfaceKind kind;

    /// <summary>Takes distances and areas, which must be of equal length, and sorts copies of them by distance, then area.</summary>
    /// <param name="distances">One distance in mm per element; infinite where the other surface is empty.</param>
    /// <param name="areas">The elements' areas in mm², or 1 each for border voxels.</param>
    /// <param name="kind">How the surfaces were taken: it decides how a percentile is read.</param>
    public DirectedDistances(double[] distances, double[] areas, SurfaceKind kind)
    {
        (this.distances, this.areas, this.kind) = ([.. distances], [.. areas], kind);
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
    public double Mean => distances.Zip(areas, (distance, area) => distance * area).Sum() / Area;

    /// <summary>Area of the elements that lie within a distance of the other surface, the limit included.</summary>
    public double AreaWithin(double toleranceMm) => areas.Take(distances.Count(distance => distance <= toleranceMm)).Sum();

    /// <summary>
    /// A percentile of the distances. Of surfels it is the first distance at which the cumulated area reaches the share, without
    /// interpolation; of border voxels it is interpolated linearly.
    /// </summary>
    /// <param name="percent">From 0 to 100.</param>
    /// <returns>A distance in mm; NaN where either surface is empty.</returns>
    public double Percentile(double percent)
    {
        if (distances.Length == 0 || double.IsPositiveInfinity(distances[^1]))
        {
            return double.NaN;
        }

        return kind == SurfaceKind.Surfel ? Step(percent / 100) : Quantile.OfSorted(distances, percent / 100);
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
