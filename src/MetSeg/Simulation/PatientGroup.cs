namespace MetSeg.Simulation;

/// <summary>Which patients an institution sees.</summary>
public sealed record PatientGroup
{
    /// <summary>Size of the head relative to an adult's. The default is 1.</summary>
    public double HeadScale { get; init; } = 1;

    /// <summary>How strongly sulci widen with the ventricles; 0 in children. The default is 1.</summary>
    public double Atrophy { get; init; } = 1;

    /// <summary>How far white matter is myelinated: at 1 it has its adult T1, at 0 that of gray matter. The default is 1.</summary>
    public double Myelination { get; init; } = 1;
}
