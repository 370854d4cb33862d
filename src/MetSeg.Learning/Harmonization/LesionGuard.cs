using MathNet.Numerics.Statistics;
using MetSeg.Evaluation;
using MetSeg.Imaging;

namespace MetSeg.Learning.Harmonization;

/// <summary>A lesion in a scan before and after harmonization.</summary>
/// <param name="Before">Its contrast before.</param>
/// <param name="After">Its contrast after.</param>
/// <param name="SpreadBefore">Range from the 10th to the 90th percentile of what is not background, before.</param>
/// <param name="SpreadAfter">The same after.</param>
public sealed record GuardedLesion(LesionContrastValue Before, LesionContrastValue After, double SpreadBefore, double SpreadAfter);

/// <summary>How the contrast of lesions of one size changed: medians over lesions of (after − before) / before, −0.05 for a loss of 5 %.</summary>
/// <param name="Lesions">The sizes in words.</param>
/// <param name="N">Number of lesions that count: brighter than their surroundings before. The changes are NaN where it is 0.</param>
/// <param name="LeftOut">Number of other lesions of that size.</param>
/// <param name="ContrastToNoise">Change of the contrast-to-noise ratio.</param>
/// <param name="Peak">Change of the peak contrast.</param>
/// <param name="Difference">
/// Change of the plain difference to the surroundings, as a share of the scan's spread of intensities. Blur lowers it, though it may raise the
/// ratios by lowering the noise still more.
/// </param>
public sealed record GuardedSize(string Lesions, int N, int LeftOut, double ContrastToNoise, double Peak, double Difference);

/// <summary>
/// Says whether a harmonizer may be adopted: it must not lower the contrast of lesions of at most 0.1 cm³ by more than 5 %, by any of three
/// measures.
/// </summary>
/// <param name="Cases">Number of labelled scans.</param>
/// <param name="HeldOut">Whether none of them was learnt from.</param>
/// <param name="Sizes">All lesions, then those of at most 0.1, 0.1 to 0.4, and more than 0.4 cm³.</param>
public sealed record LesionGuard(int Cases, bool HeldOut, IReadOnlyList<GuardedSize> Sizes)
{
    /// <summary>Name of the file in a harmonizer's folder.</summary>
    public const string FileName = "lesion_contrast.json";

    /// <summary>The largest loss that is let pass, as a share.</summary>
    public const double LargestLoss = 0.05;

    private const double LowPercentage = 10;
    private const double HighPercentage = 90;

    private GuardedSize Small => Sizes[1];

    /// <summary>Compares the lesions of one scan.</summary>
    /// <param name="original">The preprocessed scan.</param>
    /// <param name="harmonized">The same, harmonized.</param>
    /// <param name="lesions">1 in lesions, on the same grid.</param>
    public static IReadOnlyList<GuardedLesion> Compare(Volume original, Volume harmonized, LabelMap lesions)
    {
        var brain = Background.Inside(original);
        var (before, after) = (Spread(original, brain), Spread(harmonized, brain));
        return [.. LesionContrast.Measure(original, lesions, brain).Zip(
            LesionContrast.Measure(harmonized, lesions, brain), (one, other) => new GuardedLesion(one, other, before, after))];
    }

    /// <summary>Judges by the lesions of any number of scans.</summary>
    /// <param name="lesions">The lesions.</param>
    /// <param name="cases">Number of scans.</param>
    /// <param name="heldOut">Whether none of the scans was learnt from.</param>
    public static LesionGuard Judge(IReadOnlyList<GuardedLesion> lesions, int cases, bool heldOut)
    {
        var bins = ContrastChange.Compare([.. lesions.Select(lesion => lesion.Before)], [.. lesions.Select(lesion => lesion.After)]);
        return new LesionGuard(cases, heldOut, [.. bins.Select(bin =>
        {
            var counted = lesions.Where(lesion => lesion.Before.VolumeCm3 > bin.AboveCm3 && lesion.Before.VolumeCm3 <= bin.UpToCm3
                && lesion.Before.ContrastToNoise > 0 && double.IsFinite(lesion.After.ContrastToNoise)).ToList();
            double Change(Func<LesionContrastValue, double> contrast) =>
                counted.Select(lesion => (contrast(lesion.After) / contrast(lesion.Before)) - 1).Median();
            return new GuardedSize(
                bin.Name, bin.N, bin.LeftOut, Change(contrast => contrast.ContrastToNoise), Change(contrast => contrast.PeakContrast),
                counted.Select(lesion => (lesion.After.Difference / lesion.SpreadAfter / (lesion.Before.Difference / lesion.SpreadBefore)) - 1).Median());
        })]);
    }

    /// <summary>Why the harmonizer is refused, as one line; null where it may be adopted, or no small lesion can tell.</summary>
    /// <param name="harmonizer">Its folder.</param>
    public string? Refusal(string harmonizer) => Small.N > 0 && Math.Min(Small.Difference, Math.Min(Small.ContrastToNoise, Small.Peak)) < -LargestLoss
        ? $"'{harmonizer}' lowers the contrast of small lesions by more than {LargestLoss:0 %}: {Text}. "
            + "Train it longer or with --transfer residual or patches, or accept the loss with --accept-contrast-loss."
        : null;

    /// <summary>The changes of small lesions in words.</summary>
    private string Text => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"difference {100 * Small.Difference:+0;-0;0} %, contrast-to-noise {100 * Small.ContrastToNoise:+0;-0;0} %, peak {100 * Small.Peak:+0;-0;0} % "
        + $"(median of {Small.N} lesions {Small.Lesions} in {Cases} {(HeldOut ? "held-out" : "training and held-out")} scans)");

    private static double Spread(Volume volume, LabelMap brain)
    {
        var limits = Percentiles.Compute(volume, brain, LowPercentage, HighPercentage);
        return limits[1] - limits[0];
    }
}
