namespace MetSeg.Imaging;

/// <summary>A place along one axis of an image, between two of its voxels.</summary>
/// <param name="Lower">Index of the voxel at or below it; negative where the place lies outside the image.</param>
/// <param name="Weight">How far it lies toward the next voxel, in [0, 1); exactly 0 at a voxel's center.</param>
internal readonly record struct AxisPosition(int Lower, float Weight)
{
    /// <summary>Places this close, in voxels, are the same: rounding of affines must not decide between two voxels.</summary>
    public const double Tolerance = 1e-6;

    public bool IsOutside => Lower < 0;

    /// <summary>Index of the nearest voxel; halfway, the higher one.</summary>
    public int Nearest => Weight >= (float)(0.5 - Tolerance) ? Lower + 1 : Lower;

    /// <summary>
    /// Finds a place given in voxels from the center of the first. Up to half a voxel beyond the outermost centers it is moved to them, so that
    /// an image covers all of its voxels; farther away it is outside.
    /// </summary>
    public static AxisPosition At(double position, int length)
    {
        if (!(position >= -0.5 - Tolerance && position <= length - 0.5 + Tolerance))
        {
            return new AxisPosition(-1, 0);
        }

        var clamped = Math.Clamp(position, 0, length - 1);
        var nearest = Math.Round(clamped);
        if (Math.Abs(clamped - nearest) <= Tolerance)
        {
            return new AxisPosition((int)nearest, 0);
        }

        var lower = Math.Floor(clamped);
        return new AxisPosition((int)lower, (float)(clamped - lower));
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
}
