using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>
/// The vessels that shine after contrast agent: dural sinuses, bridging and cortical veins, deep veins, the circle of Willis with its
/// branches, and the choroid plexus. In cross-section they look like small metastases.
/// </summary>
internal static class VesselTree
{
    /// <summary>Draws the vessels of one patient.</summary>
    /// <param name="random">Where the variation comes from.</param>
    /// <param name="surface">The smooth surface around the cerebrum.</param>
    /// <param name="toFluid">Distance to fluid in sulci and on the surface, where the small vessels run.</param>
    public static IReadOnlyList<Tube> Draw(Random random, Ellipsoid surface, Func<Vector3, float> toFluid)
    {
        var dominance = random.Between(0.6, 1.5);
        List<Tube> tubes =
        [
            SagittalSinus(surface),
            TransverseSinus(2.2f * dominance),
            TransverseSinus(2.2f / dominance).Mirrored(),
            new([new(2, -8, 17), new(0, -32, 9), new(0, -40, 7), new(0, -74, -8)], [0.9f, 1.2f, 1.8f, 2.2f]),
            new([new(0, 2, -60), new(0, 4, -32), new(0, 5, -20)], [1.6f, 1.7f, 1.6f]),
        ];
        foreach (var side in new[] { -1f, 1f })
        {
            tubes.AddRange(Arteries(random).Select(tube => side < 0 ? tube.Mirrored() : tube));
        }

        tubes.AddRange(Enumerable.Range(0, random.Next(14, 24)).Select(_ => CorticalVein(random, surface)));
        tubes.AddRange(Enumerable.Range(0, random.Next(45, 70)).Select(_ => SulcalVessel(random, surface, toFluid)));
        return [.. tubes.Select(tube => tube.Winding(random))];
    }

    private static Tube SagittalSinus(Ellipsoid surface)
    {
        const int pieces = 14;
        var angles = Enumerable.Range(0, pieces + 1).Select(i => float.DegreesToRadians(20 + (175f * i / pieces))).ToList();
        return new Tube(
            [.. angles.Select(angle => surface.Center + (1.015f * surface.Radii * new Vector3(0, MathF.Cos(angle), MathF.Sin(angle))))],
            [.. angles.Select((_, i) => 1 + (2.2f * i / pieces))]);
    }

    private static Tube TransverseSinus(float radius) => new(
        [new(0, -78, -13), new(28, -73, -18), new(50, -54, -21), new(57, -34, -25), new(50, -24, -40), new(40, -20, -60)],
        [radius, radius, radius, radius, radius, radius]);

    private static Tube[] Arteries(Random random)
    {
        var fork = new Vector3(30, 8, -15 + random.Between(-2, 2));
        return
        [
            new([new(14, 8, -50), new(12, 12, -22)], [2, 2]),
            new([new(12, 12, -22), new(20, 11, -18), fork], [1.7f, 1.5f, 1.4f]),
            new(
                [new(12, 12, -22), new(2, 22, -17), new(1.5f, 49, 2), new(1.5f, 46, 28), new(1.5f, 26, 38), new(1.5f, -8, 40)],
                [1.3f, 1.2f, 1.1f, 1, 0.9f, 0.7f]),
            new([new(0, 5, -20), new(17, -10, -15), new(22, -36, -12), new(16, -62, -6)], [1.3f, 1.2f, 1, 0.7f]),
            .. Enumerable.Range(0, 3).Select(i => InsularBranch(random, fork, (22 * i) - 26)),
        ];
    }

    /// <summary>A branch of the middle cerebral artery: back over the insula, then out to the side of the brain.</summary>
    private static Tube InsularBranch(Random random, Vector3 fork, float front)
    {
        var turn = new Vector3(35 + random.Between(-1, 1), front + random.Between(-4, 4), -12 + (0.25f * front) + random.Between(-1, 4));
        var outer = new Vector3(56, turn.Y + random.Between(-6, 2), turn.Z + random.Between(0, 6));
        return new Tube([fork, turn, outer, outer + new Vector3(3, random.Between(-14, 4), random.Between(6, 22))], [1.2f, 1.1f, 0.9f, 0.6f]);
    }

    /// <summary>From the sagittal sinus down over the side of the brain, winding.</summary>
    private static Tube CorticalVein(Random random, Ellipsoid surface)
    {
        var side = random.Next(2) == 0 ? -1f : 1f;
        var (angle, steps) = (random.Between(0.4, 2.9), random.Next(4, 10));
        var points = new Vector3[steps];
        for (var i = 0; i < steps; i++)
        {
            var (sine, cosine) = MathF.SinCos(0.12f * i);
            var direction = new Vector3(side * sine, cosine * MathF.Cos(angle), cosine * MathF.Sin(angle));
            points[i] = surface.Center + (random.Between(0.985, 1.0) * surface.Radii * direction);
            angle += random.Between(-0.09, 0.09);
        }

        return new Tube(points, [.. points.Select((_, i) => 1.4f - (0.8f * i / steps))]);
    }

    /// <summary>A small vessel that winds along a sulcus: from where fluid is near, always to the nearest fluid about 4 mm on.</summary>
    private static Tube SulcalVessel(Random random, Ellipsoid surface, Func<Vector3, float> toFluid)
    {
        var points = new List<Vector3> { Nearest(20, toFluid, () => Vector3.Lerp(surface.Project(Aside(random, surface)), surface.Center, random.Between(0, 0.22))) };
        var heading = random.Direction();
        for (var step = random.Next(2, 6); step > 0; step--)
        {
            var (from, ahead) = (points[^1], heading);
            points.Add(Nearest(10, toFluid, () => from + (4 * Vector3.Normalize(ahead + (0.9f * random.Direction())))));
            heading = Vector3.Normalize(points[^1] - from);
        }

        var radius = random.Between(0.5, 1);
        return new Tube([.. points], [.. points.Select((_, i) => radius * (1 - (0.5f * i / points.Count)))]);
    }

    private static Vector3 Aside(Random random, Ellipsoid surface)
    {
        var direction = random.Direction();
        return surface.Center + (surface.Radii * (direction with { Z = MathF.Abs(direction.Z) - 0.35f }));
    }

    private static Vector3 Nearest(int tries, Func<Vector3, float> toFluid, Func<Vector3> draw) =>
        Enumerable.Range(0, tries).Select(_ => draw()).MinBy(toFluid);
}
