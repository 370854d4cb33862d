using MetSeg.Files;
using MetSeg.Imaging;

namespace MetSeg.Learning.Harmonization;

/// <summary>
/// Nyúl's histogram matching as a harmonizer: every scan's landmarks are moved onto a standard scale, which 'metseg image learn-histogram'
/// writes. The scale is then shifted and stretched, for all scans alike, so that its 10th percentile becomes −1.28 and its 90th 1.28, as of a
/// z-score: networks want such numbers.
/// </summary>
/// <remarks>Nyúl, Udupa, Zhang, IEEE TMI 2000;19:143. Landmarks do not depend on an image's unit, so a scale of raw scans serves preprocessed ones.</remarks>
public sealed class NyulHarmonizer : Harmonizer
{
    /// <summary>Name of the file in a harmonizer's folder.</summary>
    public const string FileName = "standard_scale.json";

    private const double NormalDecile = 1.2815515655446004;

    private readonly StandardScale scale;

    private NyulHarmonizer(StandardScale scale) => this.scale = scale;

    /// <summary>Loads a harmonizer.</summary>
    /// <param name="path">The standard scale.</param>
    /// <exception cref="MetSegException">The file is missing or damaged, or the scale cannot work.</exception>
    public static NyulHarmonizer Load(string path)
    {
        var scale = JsonFile.Read<StandardScale>(path, JsonFile.OwnStyle);
        OptionsException.ThrowIfAny($"'{path}'", scale.Problems());
        return new NyulHarmonizer(Normalized(scale));
    }

    /// <inheritdoc/>
    /// <exception cref="MetSegException">The volume shows no contrast.</exception>
    public override HarmonizedVolume Harmonize(Volume volume) => new(Background.Keep(volume, HistogramMatching.Apply(volume, scale)), null);

    private static StandardScale Normalized(StandardScale scale)
    {
        double[] percentages = [.. scale.Percentages];
        var (low, high) = (At(10), At(90));
        var (middle, unit) = ((low + high) / 2, high > low ? (high - low) / 2 / NormalDecile : 1);
        return scale with { Landmarks = [.. scale.Landmarks.Select(landmark => (landmark - middle) / unit)] };

        double At(double percentage)
        {
            var above = Math.Clamp(Array.FindIndex(percentages, one => one >= percentage), 1, percentages.Length - 1);
            var share = (percentage - percentages[above - 1]) / (percentages[above] - percentages[above - 1]);
            return scale.Landmarks[above - 1] + (share * (scale.Landmarks[above] - scale.Landmarks[above - 1]));
        }
    }
}
