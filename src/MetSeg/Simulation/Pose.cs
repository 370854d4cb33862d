using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>How a head lies in the scanner: from head coordinates (see <see cref="Anatomy"/>) to world coordinates, both in mm.</summary>
/// <param name="Rotation">Turns the head about its origin.</param>
/// <param name="Shift">Then moves it (mm).</param>
/// <param name="Distortion">
/// Gradient non-linearity: by which share the image of a point 100 mm from the center lies too far out, growing with the square of the distance.
/// 0 for none.
/// </param>
public readonly record struct Pose(Quaternion Rotation, Vector3 Shift, float Distortion = 0)
{
    private const float Reference = 100 * 100;

    /// <summary>Whether distances stay as they are.</summary>
    public bool IsRigid => Distortion == 0;

    /// <summary>Straight and centered.</summary>
    public static Pose Straight { get; } = new(Quaternion.Identity, Vector3.Zero);

    /// <summary>Draws a position as technicians reach it: each turn normal with a standard deviation of 4°, each shift of 2 mm.</summary>
    public static Pose Draw(Random random)
    {
        const double degree = Math.PI / 180;
        var (yaw, pitch, roll) = (random.Normal() * 4 * degree, random.Normal() * 4 * degree, random.Normal() * 4 * degree);
        var rotation = Quaternion.CreateFromAxisAngle(Vector3.UnitZ, (float)yaw) * Quaternion.CreateFromAxisAngle(Vector3.UnitX, (float)pitch)
            * Quaternion.CreateFromAxisAngle(Vector3.UnitY, (float)roll);
        return new Pose(rotation, new Vector3((float)random.Normal(), (float)random.Normal(), (float)random.Normal()) * 2);
    }

    /// <summary>The head coordinates of a point of the world.</summary>
    public Vector3 ToHead(Vector3 world)
    {
        var undistorted = world;
        for (var step = 0; step < 4 && !IsRigid; step++)
        {
            undistorted = world / (1 + (Distortion * undistorted.LengthSquared() / Reference));
        }

        return Vector3.Transform(undistorted - Shift, Quaternion.Conjugate(Rotation));
    }

    /// <summary>The world coordinates of a point of the head.</summary>
    public Vector3 ToWorld(Vector3 head)
    {
        var place = Vector3.Transform(head, Rotation) + Shift;
        return place * (1 + (Distortion * place.LengthSquared() / Reference));
    }
}
