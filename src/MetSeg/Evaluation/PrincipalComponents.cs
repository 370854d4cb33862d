using MathNet.Numerics.LinearAlgebra;

namespace MetSeg.Evaluation;

/// <summary>Puts feature vectors into the plane in which they vary most.</summary>
public static class PrincipalComponents
{
    /// <summary>
    /// The first two principal components of each vector, columns centered. The sign of each component is fixed by making its largest
    /// loading positive, so that the same vectors always give the same picture.
    /// </summary>
    /// <param name="features">Vectors of equal length; at least two.</param>
    /// <returns>One point per vector, in the features' unit; the second coordinate is 0 for vectors of length 1.</returns>
    /// <exception cref="ArgumentException">There are fewer than two vectors.</exception>
    public static (double X, double Y)[] FirstTwo(double[][] features)
    {
        if (features.Length < 2)
        {
            throw new ArgumentException("Principal components need at least two vectors.", nameof(features));
        }

        var matrix = Matrix<double>.Build.DenseOfRowArrays(features);
        var means = matrix.ColumnSums() / matrix.RowCount;
        for (var row = 0; row < matrix.RowCount; row++)
        {
            matrix.SetRow(row, matrix.Row(row) - means);
        }

        var directions = matrix.Svd().VT;
        var x = Scores(0);
        var y = directions.RowCount > 1 ? Scores(1) : Vector<double>.Build.Dense(matrix.RowCount);
        return [.. x.Zip(y)];

        Vector<double> Scores(int component)
        {
            var direction = directions.Row(component);
            return matrix * (direction[direction.AbsoluteMaximumIndex()] < 0 ? -direction : direction);
        }
    }
}
