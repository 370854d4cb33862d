namespace MetSeg.Simulation;

/// <summary>What a point of the simulated head consists of; the values are the labels of a <see cref="Phantom"/>'s tissue map.</summary>
public enum Tissue : byte
{
    /// <summary>Outside the head.</summary>
    Air = 0,

    /// <summary>Skin and fat over the skull.</summary>
    Scalp = 1,

    /// <summary>Muscle of the neck.</summary>
    Muscle = 2,

    /// <summary>Bone.</summary>
    Skull = 3,

    /// <summary>Dura, with the falx and the tentorium: thin sheets that take up contrast agent.</summary>
    Dura = 4,

    /// <summary>Fluid of the ventricles, sulci and cisterns.</summary>
    CerebrospinalFluid = 5,

    /// <summary>Cortex of cerebrum and cerebellum.</summary>
    GrayMatter = 6,

    /// <summary>White matter, and the brain stem.</summary>
    WhiteMatter = 7,

    /// <summary>Caudate, lentiform nucleus and thalamus.</summary>
    DeepGrayMatter = 8,

    /// <summary>Arteries, veins, dural sinuses and choroid plexus: bright after contrast agent, the classic false positives.</summary>
    Vessel = 9,

    /// <summary>Swollen white matter around a metastasis; not part of the label.</summary>
    Edema = 10,

    /// <summary>The part of a metastasis that takes up contrast agent: all of a small one, the rim of a large one.</summary>
    MetastasisRim = 11,

    /// <summary>The necrotic core of a large metastasis.</summary>
    MetastasisCore = 12,
}
