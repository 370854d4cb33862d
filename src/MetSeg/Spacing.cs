namespace MetSeg;

/// <summary>Size of a voxel along x, y and z, in millimeters.</summary>
public sealed record Spacing
{
    /// <summary>Creates a spacing from three lengths in mm.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A length is not positive and finite.</exception>
    public Spacing(double x, double y, double z)
    {
        (X, Y, Z) = (Positive(x, nameof(x)), Positive(y, nameof(y)), Positive(z, nameof(z)));
    }

    /// <summary>Length along the first axis, in mm.</summary>
    public double X { get; }

    /// <summary>Length along the second axis, in mm.</summary>
    public double Y { get; }

    /// <summary>Length along the third axis, in mm.</summary>
    public double Z { get; }

    /// <summary>Volume of a voxel, in mm³.</summary>
    public double VoxelMm3 => X * Y * Z;

    /// <summary>The three lengths in mm, x first.</summary>
    public double[] ToArray() => [X, Y, Z];

    /// <inheritdoc/>
    public override string ToString() => $"{X:0.####}×{Y:0.####}×{Z:0.####} mm";

    private static double Positive(double value, string name) =>
        double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "Voxel spacing must be positive and finite (mm).");
}
