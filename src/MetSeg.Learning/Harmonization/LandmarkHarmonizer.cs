namespace MetSeg.Learning.Harmonization;

/// <summary>The tone curve of a <see cref="LandmarkErasure"/> alone, without an autoencoder.</summary>
/// <param name="erasure">What to erase.</param>
public sealed class LandmarkHarmonizer(LandmarkErasure erasure) : Harmonizer
{
    /// <inheritdoc/>
    /// <exception cref="MetSegException">The volume shows no contrast.</exception>
    public override HarmonizedVolume Harmonize(Volume volume) => new(erasure.Apply(volume), null);
}
