using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>What an institution's lesions are like, apart from number and size. All shares are our choice unless an institution says otherwise.</summary>
public sealed record LesionProfile
{
    private const double SmallestMm3 = 1;

    /// <summary>Share of small lesions that lie on the brain's surface and in its sulci. The default is 0.</summary>
    public double Leptomeningeal { get; init; }

    /// <summary>Share of lesions above 12 mm that have a core: ring-enhancing. The default is 0.75.</summary>
    public double Cored { get; init; } = 0.75;

    /// <summary>Share of cores that are fluid. The default is 0.12.</summary>
    public double Cystic { get; init; } = 0.12;

    /// <summary>Share of cores that are blood. The default is 0.1.</summary>
    public double Hemorrhagic { get; init; } = 0.1;

    /// <summary>Share of cores that are tumor without enhancement; the rest is necrosis. The default is 0.</summary>
    public double Solid { get; init; }

    /// <summary>Share of lesions above 8 mm with edema. The default is 0.7.</summary>
    public double Edematous { get; init; } = 0.7;

    /// <summary>Thickness of rims relative to the usual. The default is 1.</summary>
    public double RimScale { get; init; } = 1;

    /// <summary>Share of lesions in cerebellum, brain stem and midline where there is such a preference; 0, the default, for none.</summary>
    public double Infratentorial { get; init; }

    /// <summary>Largest volume, mm³. The default is 30,000.</summary>
    public double LargestMm3 { get; init; } = 30_000;

    /// <summary>What the core of a lesion consists of.</summary>
    /// <param name="share">A number drawn evenly from 0 to 1.</param>
    internal Tissue Core(double share) =>
        share < Cystic ? Tissue.Cyst
        : share < Cystic + Hemorrhagic ? Tissue.Hemorrhage
        : share < Cystic + Hemorrhagic + Solid ? Tissue.SolidTumor : Tissue.Necrosis;

    /// <summary>A volume brought between 1 mm³ and the largest.</summary>
    internal double Bounded(double volumeMm3) => Math.Clamp(volumeMm3, SmallestMm3, LargestMm3);

    /// <summary>Whether a place is taken in view of the preference for the lower brain.</summary>
    internal bool IsWhereWanted(Vector3 head, Random random) =>
        Infratentorial == 0 || (head.Z < -10 && head.Y < 5) || MathF.Abs(head.X) < 15 || random.NextDouble() > Infratentorial;
}
