using MathNet.Numerics.LinearAlgebra;

namespace MetSeg.Learning.Harmonization;

/// <summary>
/// Removes from feature vectors what a linear classifier could tell their domains by, and changes them no more than that takes:
/// x − A·(x − μ), with A the oblique projection onto the directions in which the domains' means differ.
/// </summary>
/// <param name="Mean">μ, the mean of the domains' means.</param>
/// <param name="Projection">A, by rows.</param>
/// <remarks>
/// Belrose et al., LEACE: perfect linear concept erasure in closed form (NeurIPS 2023, arXiv 2306.03819), Theorem 4.3: A = W⁺ P W with W the
/// whitening of the features and P the orthogonal projection onto the whitened cross-covariance of features and domains. Domains count alike,
/// however many samples they have. An unseen domain's vectors go through the same map: it loses what it has in these directions, too.
/// </remarks>
public sealed record ConceptErasure(IReadOnlyList<double> Mean, IReadOnlyList<IReadOnlyList<double>> Projection)
{
    private const double Ridge = 1e-3;
    private const double Smallest = 1e-8;

    /// <summary>Learns what to remove.</summary>
    /// <param name="samples">One vector for each sample, all equally long.</param>
    /// <param name="domains">The domain of each sample.</param>
    /// <exception cref="ArgumentException">There are no samples, or not one domain for each.</exception>
    public static ConceptErasure Fit(IReadOnlyList<double[]> samples, IReadOnlyList<int> domains)
    {
        if (samples.Count == 0 || samples.Count != domains.Count)
        {
            throw new ArgumentException($"{samples.Count} samples and {domains.Count} domains.", nameof(samples));
        }

        var names = domains.Distinct().Order().ToList();
        var shares = domains.Select(domain => 1.0 / names.Count / domains.Count(other => other == domain)).ToList();
        var rows = Matrix<double>.Build.DenseOfRowArrays(samples);
        var mean = Vector<double>.Build.DenseOfEnumerable(shares) * rows;
        var weighted = Matrix<double>.Build.Dense(rows.RowCount, rows.ColumnCount, (i, j) => shares[i] * (rows[i, j] - mean[j]));
        var centered = Matrix<double>.Build.Dense(rows.RowCount, rows.ColumnCount, (i, j) => rows[i, j] - mean[j]);
        var covariance = centered.TransposeThisAndMultiply(weighted);
        var ridge = Ridge * covariance.Trace() / rows.ColumnCount;
        var (whiten, color) = Roots(((covariance + covariance.Transpose()) / 2) + Matrix<double>.Build.DenseDiagonal(rows.ColumnCount, Math.Max(ridge, double.Epsilon)));
        var members = Matrix<double>.Build.Dense(rows.RowCount, names.Count, (i, j) => domains[i] == names[j] ? 1 : 0);
        var parts = (whiten * weighted.TransposeThisAndMultiply(members)).Svd();
        var directions = Matrix<double>.Build.Dense(rows.ColumnCount, rows.ColumnCount, (i, j) => j < parts.S.Count && parts.S[j] > Smallest ? parts.U[i, j] : 0);
        return new ConceptErasure([.. mean], [.. (color * directions * directions.Transpose() * whiten).EnumerateRows().Select(row => row.ToArray())]);
    }

    /// <summary>A vector without what tells its domain.</summary>
    /// <param name="sample">As long as those of <see cref="Fit"/>.</param>
    public double[] Apply(IReadOnlyList<double> sample)
    {
        var erased = new double[Mean.Count];
        for (var i = 0; i < erased.Length; i++)
        {
            erased[i] = sample[i];
            for (var j = 0; j < erased.Length; j++)
            {
                erased[i] -= Projection[i][j] * (sample[j] - Mean[j]);
            }
        }

        return erased;
    }

    /// <summary>The symmetric inverse root and root of a covariance.</summary>
    private static (Matrix<double> Inverse, Matrix<double> Root) Roots(Matrix<double> covariance)
    {
        var parts = covariance.Evd(Symmetricity.Symmetric);
        var values = parts.EigenValues.Select(value => Math.Max(value.Real, double.Epsilon)).ToArray();
        Matrix<double> Power(double exponent) =>
            parts.EigenVectors * Matrix<double>.Build.DenseOfDiagonalArray([.. values.Select(value => Math.Pow(value, exponent))]) * parts.EigenVectors.Transpose();
        return (Power(-0.5), Power(0.5));
    }
}
