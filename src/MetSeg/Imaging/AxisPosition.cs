namespace MetSeg.Imaging;

/// <summary>A place along one axis of an image, between two of its voxels.</summary>
/// <param name="Lower">Index of the voxel at or below it.</param>
/// <param name="Weight">How far it lies toward the next voxel, in [0, 1); exactly 0 at a voxel's center.</param>
internal readonly record struct AxisPosition(int Lower, float Weight)
{
    /// <summary>Places this close, in voxels, are the same: rounding of affines must not decide between two voxels.</summary>
    public const double Tolerance = 1e-6;

    private static readonly AxisPosition outside = new(int.MinValue, 0);

    /// <summary>Whether the place lies more than half a voxel beyond the outermost centers.</summary>
    public bool IsOutside => Lower == int.MinValue;

    /// <summary>
    /// Finds a place given in voxels from the center of the first. An image covers all of its voxels: up to half a voxel beyond the outermost
    /// centers is inside, farther away is outside.
    /// </summary>
    public static AxisPosition At(double position, int length)
    {
        if (!(position >= -0.5 - Tolerance && position <= length - 0.5 + Tolerance))
        {
            return outside;
        }

        var nearest = Math.Round(position);
        if (Math.Abs(position - nearest) <= Tolerance)
        {
            return new AxisPosition((int)nearest, 0);
        }

        var lower = Math.Floor(position);
        return new AxisPosition((int)lower, (float)(position - lower));
    }

    /// <summary>The place of every index of a target axis: position = origin + index · step.</summary>
    public static AxisPosition[] Along(double origin, double step, int count, int length)
    {
        var positions = new AxisPosition[count];
        for (var i = 0; i < count; i++)
        {
            positions[i] = At(origin + (i * step), length);
        }

        return positions;
    }

    /// <summary>The same place, or the outermost center where it lies beyond.</summary>
    public AxisPosition Within(int length) =>
        IsOutside ? this : Lower < 0 ? new AxisPosition(0, 0) : Lower >= length - 1 ? new AxisPosition(length - 1, 0) : this;

    /// <summary>The center of the nearest voxel; halfway, of the higher one.</summary>
    public AxisPosition AtNearest(int length) =>
        IsOutside ? this : new AxisPosition(Math.Clamp(Weight >= (float)(0.5 - Tolerance) ? Lower + 1 : Lower, 0, length - 1), 0);
}
