using MathNet.Numerics.LinearAlgebra;

namespace MetSeg.Statistics;

/// <summary>
/// A Gaussian fitted to vectors of which there may be fewer than they have entries: the covariance is shrunk toward a multiple of the identity
/// as Ledoit and Wolf say, and kept as its leading principal directions; all directions across them share one variance.
/// </summary>
/// <remarks>
/// Ledoit and Wolf, J Multivar Anal 2004;88:365. One variance for the rest: Moghaddam and Pentland, IEEE TPAMI 1997;19:696 ("distance from
/// feature space").
/// </remarks>
public sealed record ShrunkGaussian
{
    private const double LeastShare = 1e-6;

    /// <summary>The mean.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>Leading principal directions, each of length 1, that of the largest variance first.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Directions { get; init; }

    /// <summary>Variance along each direction, shrunk.</summary>
    public required IReadOnlyList<double> Variances { get; init; }

    /// <summary>Variance along everything across the directions, shrunk.</summary>
    public required double RestVariance { get; init; }

    /// <summary>Share of the identity in the covariance, from 0 to 1.</summary>
    public required double Shrinkage { get; init; }

    /// <summary>Fits a Gaussian.</summary>
    /// <param name="vectors">Two or more, all of one length.</param>
    /// <param name="components">Most directions to keep; there are no more than vectors less one, or entries.</param>
    /// <returns>
    /// Where all vectors are the same, a Gaussian of next to no width. A variance below a millionth of the mean one is raised to that, so that
    /// distances stay finite.
    /// </returns>
    /// <exception cref="ArgumentException">There are fewer than two vectors.</exception>
    public static ShrunkGaussian Fit(IReadOnlyList<double[]> vectors, int components)
    {
        if (vectors.Count < 2)
        {
            throw new ArgumentException("A covariance needs at least two vectors.", nameof(vectors));
        }

        var matrix = Matrix<double>.Build.DenseOfRowArrays(vectors);
        var mean = matrix.ColumnSums() / matrix.RowCount;
        for (var row = 0; row < matrix.RowCount; row++)
        {
            matrix.SetRow(row, matrix.Row(row) - mean);
        }

        var (variances, directions) = Principal(matrix, Math.Min(components, Math.Min(vectors.Count - 1, mean.Count)));
        var (shrinkage, average, total) = Shrink(matrix);
        var (least, rest) = (Math.Max(LeastShare * average, double.Epsilon * 1e12), Math.Max(0, total - variances.Sum()));
        double Shrunk(double variance) => Math.Max(least, ((1 - shrinkage) * variance) + (shrinkage * average));
        return new ShrunkGaussian
        {
            Mean = mean.ToArray(),
            Directions = directions,
            Variances = [.. variances.Select(Shrunk)],
            RestVariance = Shrunk(mean.Count > directions.Length ? rest / (mean.Count - directions.Length) : 0),
            Shrinkage = shrinkage,
        };
    }

    /// <summary>Mahalanobis distance of a vector from the mean.</summary>
    /// <inheritdoc cref="Distance" path="/exception"/>
    public double Mahalanobis(IReadOnlyList<double> vector) => Distance(vector, Mean);

    /// <summary>Mahalanobis distance between two vectors.</summary>
    /// <exception cref="ArgumentException">A vector has another length than the mean.</exception>
    public double Distance(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != Mean.Count || second.Count != Mean.Count)
        {
            throw new ArgumentException($"The Gaussian is of vectors of length {Mean.Count}, not {first.Count} and {second.Count}.", nameof(first));
        }

        double[] difference = [.. first.Zip(second, (a, b) => a - b)];
        var (across, distance) = (difference.Sum(value => value * value), 0.0);
        for (var i = 0; i < Directions.Count; i++)
        {
            var along = Directions[i].Zip(difference, (a, b) => a * b).Sum();
            across -= along * along;
            distance += along * along / Variances[i];
        }

        return Math.Sqrt(distance + (Math.Max(0, across) / RestVariance));
    }

    /// <summary>Leading variances (divided by n) and directions; the largest entry of each direction is positive.</summary>
    private static (double[] Variances, double[][] Directions) Principal(Matrix<double> centered, int count)
    {
        var isWide = centered.ColumnCount > centered.RowCount;
        var products = (isWide ? centered.TransposeAndMultiply(centered) : centered.TransposeThisAndMultiply(centered)) / centered.RowCount;
        var parts = products.Evd(Symmetricity.Symmetric);
        var (variances, directions) = (new List<double>(), new List<double[]>());
        for (var i = products.RowCount - 1; i >= 0 && directions.Count < count; i--)
        {
            var vector = isWide ? centered.TransposeThisAndMultiply(parts.EigenVectors.Column(i)) : parts.EigenVectors.Column(i);
            var length = vector.L2Norm();
            if (parts.EigenValues[i].Real <= 0 || length == 0)
            {
                break;
            }

            variances.Add(parts.EigenValues[i].Real);
            directions.Add((vector / (vector[vector.AbsoluteMaximumIndex()] < 0 ? -length : length)).ToArray());
        }

        return ([.. variances], [.. directions]);
    }

    /// <summary>The share of the identity, the mean variance of an entry, and the sum of all.</summary>
    /// <remarks>Lemmas 3.2 to 3.4, by the vectors' inner products.</remarks>
    private static (double Shrinkage, double Average, double Total) Shrink(Matrix<double> centered)
    {
        var (count, length) = (centered.RowCount, (double)centered.ColumnCount);
        var inner = centered.TransposeAndMultiply(centered);
        var total = inner.Trace() / count;
        var squares = inner.Enumerate().Sum(value => value * value) / count / count;
        var dispersion = (squares - (total * total / length)) / length;
        var error = ((inner.Diagonal().Sum(value => value * value) / count) - squares) / count / length;
        return (dispersion <= 0 ? 1 : Math.Clamp(error / dispersion, 0, 1), total / length, total);
    }
}
