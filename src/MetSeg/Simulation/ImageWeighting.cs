namespace MetSeg.Simulation;

/// <summary>The images of an examination, in BraTS' order.</summary>
public enum ImageWeighting
{
    /// <summary>T1-weighted before contrast agent.</summary>
    T1,

    /// <summary>T1-weighted after contrast agent.</summary>
    T1CE,

    /// <summary>T2-weighted.</summary>
    T2,

    /// <summary>T2-weighted with dark fluid.</summary>
    Flair,
}
