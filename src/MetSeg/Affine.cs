namespace MetSeg;

/// <summary>
/// An affine map of 3-D points, as a 4×4 matrix whose last row is (0, 0, 0, 1). As a grid's map it takes voxel indices (i, j, k)
/// to millimeters in RAS+ world space (x to the right, y to the front, z up), as NIfTI defines it.
/// </summary>
public sealed class Affine : IEquatable<Affine>
{
    private readonly double[] values;

    /// <summary>Creates a map from its upper three rows.</summary>
    /// <param name="rows">12 values, row by row.</param>
    /// <exception cref="ArgumentException">There are not 12 values, one is not finite, or the map is singular.</exception>
    public Affine(params double[] rows)
    {
        if (rows.Length != 12)
        {
            throw new ArgumentException($"An affine map has 12 values, not {rows.Length}.", nameof(rows));
        }

        values = [.. rows];
        if (!values.All(double.IsFinite) || Determinant == 0)
        {
            throw new ArgumentException("An affine map must be finite and invertible.", nameof(rows));
        }
    }

    /// <summary>The map that leaves every point where it is.</summary>
    public static Affine Identity { get; } = new(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);

    /// <summary>Determinant of the 3×3 part: the signed volume of a voxel in mm³.</summary>
    public double Determinant =>
        (values[0] * ((values[5] * values[10]) - (values[6] * values[9])))
        - (values[1] * ((values[4] * values[10]) - (values[6] * values[8])))
        + (values[2] * ((values[4] * values[9]) - (values[5] * values[8])));

    /// <summary>The element in a row (0–2) and a column (0–3; column 3 is the translation).</summary>
    public double this[int row, int column] => values[(4 * row) + column];

    /// <summary>Axis-aligned map: voxel (0, 0, 0) lies at the origin and every step along an axis is its spacing.</summary>
    public static Affine Scaling(Spacing spacing, double originX = 0, double originY = 0, double originZ = 0) =>
        new(spacing.X, 0, 0, originX, 0, spacing.Y, 0, originY, 0, 0, spacing.Z, originZ);

    /// <summary>The image of a point.</summary>
    public (double X, double Y, double Z) Apply(double x, double y, double z) => (
        (values[0] * x) + (values[1] * y) + (values[2] * z) + values[3],
        (values[4] * x) + (values[5] * y) + (values[6] * z) + values[7],
        (values[8] * x) + (values[9] * y) + (values[10] * z) + values[11]);

    /// <summary>The map that first applies <paramref name="first"/>, then this one.</summary>
    public Affine After(Affine first)
    {
        var product = new double[12];
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 4; column++)
            {
                product[(4 * row) + column] = (this[row, 0] * first[0, column]) + (this[row, 1] * first[1, column])
                    + (this[row, 2] * first[2, column]) + (column == 3 ? this[row, 3] : 0);
            }
        }

        return new Affine(product);
    }

    /// <summary>The inverse map.</summary>
    public Affine Inverse()
    {
        var v = values;
        var scale = 1 / Determinant;
        double[] linear =
        [
            scale * ((v[5] * v[10]) - (v[6] * v[9])), scale * ((v[2] * v[9]) - (v[1] * v[10])), scale * ((v[1] * v[6]) - (v[2] * v[5])),
            scale * ((v[6] * v[8]) - (v[4] * v[10])), scale * ((v[0] * v[10]) - (v[2] * v[8])), scale * ((v[2] * v[4]) - (v[0] * v[6])),
            scale * ((v[4] * v[9]) - (v[5] * v[8])), scale * ((v[1] * v[8]) - (v[0] * v[9])), scale * ((v[0] * v[5]) - (v[1] * v[4])),
        ];
        var inverse = new double[12];
        for (var row = 0; row < 3; row++)
        {
            linear.AsSpan(3 * row, 3).CopyTo(inverse.AsSpan(4 * row));
            inverse[(4 * row) + 3] = -((linear[3 * row] * v[3]) + (linear[(3 * row) + 1] * v[7]) + (linear[(3 * row) + 2] * v[11]));
        }

        return new Affine(inverse);
    }

    /// <summary>The upper three rows, 12 values row by row.</summary>
    public double[] ToArray() => [.. values];

    /// <inheritdoc/>
    public bool Equals(Affine? other) => other is not null && values.AsSpan().SequenceEqual(other.values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Affine);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(values[0], values[3], values[5], values[7], values[10], values[11]);
}
