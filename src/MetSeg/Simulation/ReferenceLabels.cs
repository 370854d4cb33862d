namespace MetSeg.Simulation;

/// <summary>How the reference is labeled.</summary>
public enum ReferenceLabels
{
    /// <summary>1 metastasis: enhancing part and core together.</summary>
    Merged,

    /// <summary>As in BraTS-METS: 1 NETC (core), 2 SNFH (edema), 3 ET (enhancing part).</summary>
    Parts,
}
