namespace MetSeg.Evaluation;

/// <summary>The lesions of a range of volume.</summary>
/// <param name="AboveCm3">The range begins above this volume in cm³; 0 for the first.</param>
/// <param name="ToCm3">It ends with this volume; +∞ for the last.</param>
/// <param name="Lesions">Number of reference lesions in it.</param>
/// <param name="Found">Number of those that were found.</param>
/// <param name="FalsePositives">Number of false positives, by predicted volume.</param>
/// <param name="Patients">Number of patients with reference lesions in it.</param>
public sealed record VolumeBin(double AboveCm3, double ToCm3, int Lesions, int Found, int FalsePositives, int Patients)
{
    /// <summary>The edges between bins in cm³: 0.1 and 0.4.</summary>
    public static IReadOnlyList<double> UsualEdges { get; } = [0.1, 0.4];

    /// <summary>Share of the reference lesions that were found; NaN where there is none.</summary>
    public double Sensitivity => (double)Found / Lesions;

    /// <summary>95 % bootstrap interval of the sensitivity over patients; NaN for fewer than two patients.</summary>
    public (double Low, double High) SensitivityInterval { get; init; } = (double.NaN, double.NaN);

    /// <summary>Mean Dice of the found lesions; NaN where none was found.</summary>
    public double MeanDice { get; init; } = double.NaN;

    /// <summary>95 % bootstrap interval of the mean Dice over patients; NaN for fewer than two patients.</summary>
    public (double Low, double High) DiceInterval { get; init; } = (double.NaN, double.NaN);

    /// <summary>Median robust Hausdorff distance of the found lesions in mm; NaN where none was found.</summary>
    public double MedianHd95 { get; init; } = double.NaN;

    /// <summary>The range in words, in cm³: "≤ 0.1", "0.1–0.4", "> 0.4".</summary>
    public string Name => (AboveCm3, ToCm3) switch
    {
        (0, double.PositiveInfinity) => "all",
        (0, _) => $"≤ {ToCm3}",
        (_, double.PositiveInfinity) => $"> {AboveCm3}",
        _ => $"{AboveCm3}–{ToCm3}",
    };

    /// <summary>Sorts the lesions of one region into bins; a lesion on an edge belongs to the smaller bin.</summary>
    /// <param name="lesions">The lesions.</param>
    /// <param name="patientOfCase">The patient of every case that was evaluated: the bootstrap draws patients.</param>
    /// <param name="edges">Volumes in cm³ between the bins, positive and rising; null for 0.1 and 0.4.</param>
    /// <param name="resamples">Number of bootstrap resamples.</param>
    /// <param name="seed">Seed of the resamples.</param>
    /// <exception cref="OptionsException">The edges are not positive, finite and rising.</exception>
    public static IReadOnlyList<VolumeBin> Of(
        IReadOnlyList<ListedLesion> lesions,
        IReadOnlyDictionary<string, string> patientOfCase,
        IReadOnlyList<double>? edges = null,
        int resamples = 1000,
        long seed = 1)
    {
        edges ??= UsualEdges;
        if (edges.Where((edge, i) => !(edge > (i == 0 ? 0 : edges[i - 1]) && double.IsFinite(edge))).Any())
        {
            throw new OptionsException($"Volume bins: the edges must be positive and rise, not {string.Join(", ", edges)}.");
        }

        string[] patients = [.. patientOfCase.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return [.. edges.Prepend(0).Zip(edges.Append(double.PositiveInfinity)).Select((range, i) => Fill(
            new VolumeBin(range.First, range.Second, 0, 0, 0, 0),
            [.. lesions.Where(lesion => lesion.VolumeCm3 > range.First && lesion.VolumeCm3 <= range.Second)
                .Select(lesion => (Array.IndexOf(patients, patientOfCase[lesion.Case]), lesion))],
            patients.Length,
            statistic => (resamples, Seeds.Generator(seed, "volume-bin", i, statistic))))];
    }

    private static VolumeBin Fill(
        VolumeBin range, List<(int Patient, ListedLesion Lesion)> lesions, int patients, Func<string, (int Resamples, Random Random)> draws)
    {
        var references = lesions.Where(one => one.Lesion.Kind == LesionKind.Reference).ToList();
        var found = references.Where(one => one.Lesion.Detected).ToList();
        var drawn = found.Where(one => double.IsFinite(one.Lesion.Dice)).ToList();
        return range with
        {
            Lesions = references.Count,
            Found = found.Count,
            FalsePositives = lesions.Count - references.Count,
            Patients = references.Select(one => one.Patient).Distinct().Count(),
            SensitivityInterval = Interval(references, patients, lesion => lesion.Detected ? 1 : 0, draws("sensitivity")),
            MeanDice = drawn.Count == 0 ? double.NaN : drawn.Average(one => one.Lesion.Dice),
            DiceInterval = Interval(drawn, patients, lesion => lesion.Dice, draws("dice")),
            MedianHd95 = Quantile.OfSorted([.. found.Select(one => one.Lesion.Hd95).Where(double.IsFinite).Order()], 0.5),
        };
    }

    /// <summary>The interval of the mean over lesions when patients are drawn.</summary>
    private static (double Low, double High) Interval(
        List<(int Patient, ListedLesion Lesion)> lesions, int patients, Func<ListedLesion, double> value, (int Resamples, Random Random) draws)
    {
        var (counts, sums) = (new int[patients], new double[patients]);
        foreach (var (patient, lesion) in lesions)
        {
            counts[patient]++;
            sums[patient] += value(lesion);
        }

        return counts.Count(count => count > 0) < 2
            ? (double.NaN, double.NaN)
            : new PatientResampling([.. Enumerable.Range(0, patients).Select(i => $"{i}")], draws.Resamples)
                .Interval(draws.Random, drawn => drawn.Sum(i => sums[i]) / drawn.Sum(i => counts[i]));
    }
}
