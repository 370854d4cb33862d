namespace MetSeg.Evaluation;

/// <summary>A contrast before and after.</summary>
/// <param name="Before">Mean over lesions before.</param>
/// <param name="After">Mean over the same lesions after.</param>
/// <param name="MeanRelativeChange">Mean over lesions of (after − before)/before: −0.05 is a loss of 5 %. Lesions of little contrast weigh much.</param>
public sealed record ContrastChangeValue(double Before, double After, double MeanRelativeChange)
{
    /// <summary>Relative change of the mean, after/before − 1: lesions of much contrast weigh more.</summary>
    public double ChangeOfMean => (After / Before) - 1;
}

/// <summary>How the contrast of lesions of one size changed.</summary>
/// <param name="AboveCm3">Their volume in cm³ before is above this.</param>
/// <param name="UpToCm3">Their volume is at most this; infinite in the last bin.</param>
/// <param name="N">Number of lesions that count: defined before and after, brighter than their surroundings before.</param>
/// <param name="LeftOut">Number of other lesions of that size.</param>
/// <param name="ContrastToNoise">Change of the contrast-to-noise ratio; NaN where no lesion counts.</param>
/// <param name="Peak">Change of the peak contrast; NaN where no lesion counts.</param>
public sealed record ContrastChangeBin(
    double AboveCm3, double UpToCm3, int N, int LeftOut, ContrastChangeValue ContrastToNoise, ContrastChangeValue Peak)
{
    /// <summary>The sizes in words, such as "≤ 0.1 cm³".</summary>
    public string Name => AboveCm3 == 0 ? (double.IsFinite(UpToCm3) ? $"≤ {UpToCm3} cm³" : "all")
        : double.IsFinite(UpToCm3) ? $"{AboveCm3}–{UpToCm3} cm³" : $"> {AboveCm3} cm³";
}

/// <summary>Compares the contrast of the same lesions before and after, such as before and after harmonization.</summary>
public static class ContrastChange
{
    /// <summary>Upper limits of the bins but the last, in cm³: small lesions are what a smooth reconstruction loses first.</summary>
    public static IReadOnlyList<double> DefaultLimitsCm3 { get; } = [0.1, 0.4];

    /// <summary>Compares by lesion volume.</summary>
    /// <param name="before">Contrasts before, of any number of scans.</param>
    /// <param name="after">Those of the same lesions after, in the same order.</param>
    /// <param name="limitsCm3">Upper limits of the bins but the last, ascending; null for 0.1 and 0.4 cm³.</param>
    /// <returns>All lesions together, then each bin from small to large.</returns>
    /// <exception cref="ArgumentException">The lesions are not the same, or the limits do not ascend.</exception>
    public static IReadOnlyList<ContrastChangeBin> Compare(
        IReadOnlyList<LesionContrastValue> before, IReadOnlyList<LesionContrastValue> after, IReadOnlyList<double>? limitsCm3 = null)
    {
        if (!before.Select(lesion => (lesion.Lesion, lesion.VolumeCm3)).SequenceEqual(after.Select(lesion => (lesion.Lesion, lesion.VolumeCm3))))
        {
            throw new ArgumentException("Contrasts before and after must be of the same lesions in the same order.", nameof(after));
        }

        double[] limits = [0, .. limitsCm3 ?? DefaultLimitsCm3, double.PositiveInfinity];
        if (limits.Zip(limits.Skip(1)).Any(pair => !(pair.First < pair.Second)))
        {
            throw new ArgumentException("Limits of lesion volumes must be positive and ascend.", nameof(limitsCm3));
        }

        (LesionContrastValue Before, LesionContrastValue After)[] lesions = [.. before.Zip(after)];
        return [Bin(lesions, 0, double.PositiveInfinity), .. limits.Zip(limits.Skip(1)).Select(pair => Bin(lesions, pair.First, pair.Second))];
    }

    private static ContrastChangeBin Bin((LesionContrastValue Before, LesionContrastValue After)[] lesions, double above, double upTo)
    {
        var own = lesions.Where(lesion => lesion.Before.VolumeCm3 > above && lesion.Before.VolumeCm3 <= upTo).ToList();
        var counted = own.Where(lesion => lesion.Before.ContrastToNoise > 0 && double.IsFinite(lesion.After.ContrastToNoise)).ToList();
        return new ContrastChangeBin(
            above, upTo, counted.Count, own.Count - counted.Count, Change(lesion => lesion.ContrastToNoise), Change(lesion => lesion.PeakContrast));

        ContrastChangeValue Change(Func<LesionContrastValue, double> contrast) => counted.Count == 0
            ? new ContrastChangeValue(double.NaN, double.NaN, double.NaN)
            : new ContrastChangeValue(
                counted.Average(lesion => contrast(lesion.Before)),
                counted.Average(lesion => contrast(lesion.After)),
                counted.Average(lesion => (contrast(lesion.After) - contrast(lesion.Before)) / contrast(lesion.Before)));
    }
}
