namespace MetSeg.Simulation;

/// <summary>What a point of the simulated head consists of; the values are the labels of a <see cref="Phantom"/>'s tissue map.</summary>
public enum Tissue : byte
{
    /// <summary>Outside the head, and in its sinuses and airways.</summary>
    Air = 0,

    /// <summary>Fat under the skin, in the orbits and between muscles.</summary>
    Fat = 1,

    /// <summary>Muscle.</summary>
    Muscle = 2,

    /// <summary>Compact bone.</summary>
    Bone = 3,

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

    /// <summary>Arteries, veins and dural sinuses: bright after contrast agent, the classic false positives.</summary>
    Vessel = 9,

    /// <summary>Swollen white matter around a metastasis (SNFH); not part of the merged label.</summary>
    Edema = 10,

    /// <summary>The part of a metastasis that takes up contrast agent (ET): all of a small one, the rim of a large one.</summary>
    MetastasisRim = 11,

    /// <summary>The necrotic core of a large metastasis (NETC).</summary>
    Necrosis = 12,

    /// <summary>The fluid of a cystic metastasis (NETC).</summary>
    Cyst = 13,

    /// <summary>Blood some days old in a metastasis, bright on T1 without contrast agent (NETC).</summary>
    Hemorrhage = 14,

    /// <summary>Tumor that takes up little contrast agent (NETC).</summary>
    SolidTumor = 15,

    /// <summary>Choroid plexus.</summary>
    ChoroidPlexus = 16,

    /// <summary>Fatty marrow between the tables of the skull, in its base and in the spine.</summary>
    Marrow = 17,

    /// <summary>Skin.</summary>
    Skin = 18,

    /// <summary>The eyeball's content.</summary>
    Vitreous = 19,

    /// <summary>Mucosa of nose and throat, and the pituitary gland: they take up contrast agent.</summary>
    Mucosa = 20,
}
