namespace MetSeg.Imaging;

/// <summary>
/// A common scale of intensities, learned from several images: where on it certain percentiles of every image shall lie. It is kept as JSON
/// beside what was made with it.
/// </summary>
public sealed record StandardScale
{
    /// <summary>The percentages of Nyúl's landmarks: 1, the deciles, 99.</summary>
    public static IReadOnlyList<double> NyulPercentages { get; } = [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99];

    /// <summary>Which percentiles of the foreground the landmarks are, ascending. The default is <see cref="NyulPercentages"/>.</summary>
    public IReadOnlyList<double> Percentages { get; init; } = NyulPercentages;

    /// <summary>Where each lies on the scale, ascending.</summary>
    public required IReadOnlyList<double> Landmarks { get; init; }

    /// <summary>Everything that is wrong, one sentence a fault.</summary>
    public IEnumerable<string> Problems()
    {
        if (Percentages.Count < 2 || !IsAscending(Percentages, strictly: true) || Percentages[0] < 0 || Percentages[^1] > 100)
        {
            yield return $"percentages must be two or more from 0 to 100, ascending, not [{string.Join(", ", Percentages)}].";
        }

        if (Landmarks.Count != Percentages.Count || !IsAscending(Landmarks, strictly: false) || !(Landmarks[^1] > Landmarks[0]))
        {
            yield return $"landmarks must be {Percentages.Count} numbers, ascending, not [{string.Join(", ", Landmarks)}].";
        }
    }

    private static bool IsAscending(IReadOnlyList<double> values, bool strictly) =>
        values.All(double.IsFinite) && values.Zip(values.Skip(1)).All(pair => strictly ? pair.First < pair.Second : pair.First <= pair.Second);
}
