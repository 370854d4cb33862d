namespace MetSeg.Learning.Harmonization;

/// <summary>A harmonized volume, and how unlike the harmonizer's own scans it was.</summary>
/// <param name="Volume">On the same grid, with the same background.</param>
/// <param name="OutOfDistribution">Null where the harmonizer knows no scans to compare with.</param>
public sealed record HarmonizedVolume(Volume Volume, DistributionScore? OutOfDistribution);

/// <summary>Gives a preprocessed scan a look that does not depend on its hospital. The same input gives the same output; background keeps its value.</summary>
public abstract class Harmonizer : IDisposable
{
    /// <summary>Harmonizes one channel of a preprocessed scan.</summary>
    public abstract HarmonizedVolume Harmonize(Volume volume);

    /// <summary>The harmonized volume alone, on the same grid.</summary>
    public Volume Apply(Volume volume) => Harmonize(volume).Volume;

    /// <summary>The latent code of a preprocessed volume as one vector; null where the harmonizer has none.</summary>
    public virtual double[]? Latent(Volume volume) => null;

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
