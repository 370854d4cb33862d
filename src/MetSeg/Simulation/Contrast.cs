namespace MetSeg.Simulation;

/// <summary>
/// How bright the tissues are on a contrast-enhanced T1 image of one kind, relative to white matter, which is 1. The defaults are those of
/// a 3D gradient echo with inversion pulse. All values are our choice, not measurements.
/// </summary>
public sealed record Contrast
{
    /// <summary>Skin and fat.</summary>
    public double Scalp { get; init; } = 1.5;

    /// <summary>Muscle.</summary>
    public double Muscle { get; init; } = 0.7;

    /// <summary>Bone, and air in it.</summary>
    public double Skull { get; init; } = 0.08;

    /// <summary>Dura, falx, tentorium.</summary>
    public double Dura { get; init; } = 0.85;

    /// <summary>Cerebrospinal fluid.</summary>
    public double CerebrospinalFluid { get; init; } = 0.15;

    /// <summary>Cortex.</summary>
    public double GrayMatter { get; init; } = 0.65;

    /// <summary>Deep nuclei.</summary>
    public double DeepGrayMatter { get; init; } = 0.75;

    /// <summary>Vessels.</summary>
    public double Vessel { get; init; } = 1.45;

    /// <summary>Edema.</summary>
    public double Edema { get; init; } = 0.7;

    /// <summary>The enhancing part of a metastasis.</summary>
    public double MetastasisRim { get; init; } = 1.6;

    /// <summary>The necrotic core of a metastasis.</summary>
    public double MetastasisCore { get; init; } = 0.45;

    /// <summary>The brightness of every <see cref="Tissue"/>, by its number.</summary>
    public double[] ByTissue() =>
    [
        0, Scalp, Muscle, Skull, Dura, CerebrospinalFluid, GrayMatter, 1, DeepGrayMatter, Vessel, Edema, MetastasisRim, MetastasisCore,
    ];
}
