using MetSeg.Imaging;

namespace MetSeg.Learning.Harmonization;

/// <summary>
/// Mean 0 and standard deviation 1 of what is not background: the plainest harmonizer. nnU-Net's own z-score takes the background in, so that
/// it depends on how much of it there is.
/// </summary>
public sealed class ZScoreHarmonizer : Harmonizer
{
    /// <summary>Name of the file in a harmonizer's folder that asks for it; what it holds does not matter.</summary>
    public const string FileName = "z_score.json";

    /// <inheritdoc/>
    public override HarmonizedVolume Harmonize(Volume volume) =>
        new(Background.Keep(volume, IntensityNormalization.ZScore(volume, Background.Inside(volume))), null);
}
