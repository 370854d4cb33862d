using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>The fluid spaces inside the brain: lateral ventricles with their three horns, third and fourth ventricle, aqueduct.</summary>
internal sealed class Ventricles
{
    private const float Near = 4;
    private static readonly Ellipsoid box = new(new(0, -10, -4), new(44, 60, 34));
    private static readonly Ellipsoid adhesion = new(new(0, -7, -1), new(4, 4, 3));
    private readonly Ribbon[] lateral;
    private readonly Ellipsoid third;
    private readonly Ellipsoid fourth;
    private readonly Tube aqueduct = new([new(0, -19, -9), new(0, -22, -18), new(0, -25, -26)], [1, 0.8f, 1.2f]);

    /// <summary>Draws the ventricles of one patient: they widen with age, and one side is often larger.</summary>
    public Ventricles(Random random)
    {
        Width = random.Between(0.55, 1.45);
        lateral = [.. Side(Width * random.Between(0.85, 1.15)), .. Side(Width * random.Between(0.85, 1.15)).Select(part => part.Mirrored())];
        third = new(new(0, -4, -4), new(0.8f + (1.1f * Width), 12, 7));
        fourth = new(new(0, -27, -34), new(5 + (2 * Width), 2 + (2 * Width), 9));
    }

    /// <summary>How wide they are: about 1.</summary>
    public float Width { get; }

    /// <summary>Whether the thin wall between both sides, or the bridge between the thalami, crosses the fluid here.</summary>
    public static bool IsCrossed(Vector3 place) => (MathF.Abs(place.X) < 0.45f && place.Z > 2) || adhesion.Distance(place) < 0;

    /// <summary>Distance to the nearest in mm, negative inside; an underestimate beyond 4 mm.</summary>
    public float Distance(Vector3 place)
    {
        var nearest = box.Distance(place);
        if (nearest > 0)
        {
            return nearest;
        }

        nearest = MathF.Min(third.Distance(place), MathF.Min(fourth.Distance(place), aqueduct.Distance(place)));
        foreach (var part in lateral)
        {
            nearest = MathF.Min(nearest, part.Distance(place, Near));
        }

        return nearest;
    }

    private static Ribbon[] Side(float width)
    {
        var (w, r) = (MathF.Sqrt(width), width);
        return
        [
            new(
                [new(3, 28, 5), new(2.6f, 20, 4), new(2.6f, 8, 8), new(2.8f, -8, 12), new(4, -18, 13)],
                [new(3.5f, 28, 10), new(3, 20, 16), new(3, 8, 19), new(3, -8, 20), new(5, -18, 19)],
                [0.8f * r, 1.2f * r, 1.3f * r, 1.3f * r, 1 * r]),
            new(
                [new(5, 35, 3), new(2.4f, 24, 3), new(1.6f, 8, 8), new(1.7f, -8, 11), new(5, -23, 10), new(15, -35, 3)],
                [new(8 * w, 34, 7), new(12 * w, 24, 12), new(13 * w, 8, 16), new(14 * w, -8, 17), new(18, -23, 15), new(24, -35, 10)],
                [1 * r, 1.4f * r, 1.4f * r, 1.6f * r, 2.2f * r, 3.4f * w]),
            new(
                [new(16, -36, 2), new(19, -48, 2), new(20, -60, 4)],
                [new(24, -36, 9), new(23, -48, 8), new(21, -60, 5)],
                [2.6f * r, 1.5f * r, 0.6f]),
            new(
                [new(22, -35, 2), new(26, -29, -8), new(28, -14, -16), new(26, 2, -19)],
                [new(27, -33, 4), new(32, -26, -6), new(34, -12, -14), new(33, 4, -18)],
                [2.6f * r, 1.6f * r, 0.9f * r, 0.9f * r]),
        ];
    }
}
