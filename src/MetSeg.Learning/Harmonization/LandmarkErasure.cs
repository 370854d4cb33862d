using MathNet.Numerics.Statistics;
using MetSeg.Files;

namespace MetSeg.Learning.Harmonization;

/// <summary>
/// A tone curve for each scan that takes from its intensities what tells its hospital: its landmarks (percentiles of what is not background)
/// go through a <see cref="ConceptErasure"/>, and the intensities between two landmarks linearly with them. Mean and standard deviation become
/// the same for all, which would tell again, so that it is done a few times over; at last what is bright is stretched alike in all scans, as
/// much as the hospital with the brightest enhancement needs, so that its lesions lose no contrast.
/// </summary>
/// <param name="Rounds">One for each time.</param>
/// <param name="Bend">The intensity above which all scans are stretched.</param>
/// <param name="Gain">How much, at least 1.</param>
/// <remarks>
/// Landmarks as Nyúl, Udupa, Zhang, IEEE TMI 2000;19:143, but with the extremes, by which hospitals are told apart best, and moved no further
/// than it takes: what scans of one hospital differ in, they keep. What is stored are means and a projection, of no single scan.
/// </remarks>
public sealed record LandmarkErasure(IReadOnlyList<ConceptErasure> Rounds, double Bend, double Gain)
{
    /// <summary>Name of the file in a harmonizer's folder.</summary>
    public const string FileName = "intensity_landmarks.json";

    /// <summary>The landmarks, in percent.</summary>
    public static IReadOnlyList<double> Percentages { get; } = [0, 0.1, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9, 100];

    private const int RoundCount = 3;
    private const int BendPlace = 9;
    private const int BrightPlace = 11;
    private const int MostSamples = 100_000;
    private const double LeastSlope = 0.2;

    /// <summary>Learns what to erase.</summary>
    /// <param name="scans">Preprocessed training scans with the numbers of their domains; gone through once.</param>
    /// <exception cref="MetSegException">A scan shows no contrast.</exception>
    public static LandmarkErasure Fit(IEnumerable<(Volume Scan, int Domain)> scans)
    {
        var (samples, domains) = (new List<double[]>(), new List<int>());
        foreach (var (scan, domain) in scans)
        {
            samples.Add(Thinned(Sorted(scan)));
            domains.Add(domain);
        }

        var before = Bright(samples, domains);
        var rounds = new List<ConceptErasure>();
        for (var round = 0; round < RoundCount; round++)
        {
            rounds.Add(ConceptErasure.Fit([.. samples.Select(LandmarksOf)], domains));
            foreach (var sample in samples)
            {
                Move(sample, rounds[^1].Apply, sample);
            }
        }

        var after = Bright(samples, domains);
        var gain = before.Zip(after, (one, other) => one / other).Append(1).Max();
        return new LandmarkErasure(rounds, samples.Select(sample => LandmarksOf(sample)[BendPlace]).Average(), gain);
    }

    /// <summary>Reads what a harmonizer's folder holds.</summary>
    /// <param name="path">The file <see cref="FileName"/>.</param>
    /// <exception cref="MetSegException">The file is missing or damaged.</exception>
    public static LandmarkErasure Read(string path)
    {
        var erasure = JsonFile.Read<LandmarkErasure>(path, JsonFile.OwnStyle);
        OptionsException.ThrowIfAny($"'{path}'", erasure.Problems());
        return erasure;
    }

    /// <summary>The scan by its tone curve, on the same grid; background keeps its value.</summary>
    /// <param name="volume">A preprocessed scan.</param>
    /// <exception cref="MetSegException">It shows no contrast.</exception>
    public Volume Apply(Volume volume)
    {
        var sorted = Sorted(volume);
        var voxels = volume.Voxels.Select(value => (double)value).ToArray();
        foreach (var round in Rounds)
        {
            Move(sorted, round.Apply, voxels);
        }

        return Background.Keep(volume, new Volume(volume.Grid, [.. voxels.Select(value => (float)(value > Bend ? Bend + (Gain * (value - Bend)) : value))]));
    }

    /// <summary>What is wrong with the numbers, as one sentence each.</summary>
    public IEnumerable<string> Problems() => Rounds.Count > 0 && Gain >= 1 && double.IsFinite(Bend)
        && Rounds.All(round => round.Mean.Count == Percentages.Count && round.Projection.Count == Percentages.Count
            && round.Projection.All(row => row.Count == Percentages.Count))
        ? []
        : [$"The file must hold rounds of {Percentages.Count} landmarks, a bend, and a gain of at least 1: make it anew with 'metseg harmonize train'."];

    private static double[] Sorted(Volume volume)
    {
        var background = Background.Of(volume);
        var sorted = volume.Voxels.Where(value => value != background && float.IsFinite(value)).Select(value => (double)value).ToArray();
        Array.Sort(sorted);
        return sorted.Length > 0 && sorted[0] < sorted[^1] ? sorted : throw new MetSegException("A scan shows no contrast: it has one intensity everywhere.");
    }

    /// <summary>At most 100,000 of sorted intensities at even ranks, with the first and the last.</summary>
    private static double[] Thinned(double[] sorted) => sorted.Length <= MostSamples ? sorted
        : [.. Enumerable.Range(0, MostSamples).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / (MostSamples - 1))])];

    private static double[] LandmarksOf(double[] sorted) => [.. Percentages.Select(percentage => SortedArrayStatistics.QuantileCustom(sorted, percentage / 100, QuantileDefinition.R7))];

    /// <summary>Moves sorted intensities, and voxels with them, by a map of their landmarks; then to mean 0 and standard deviation 1.</summary>
    private static void Move(double[] sorted, Func<IReadOnlyList<double>, double[]> map, double[] voxels)
    {
        var from = LandmarksOf(sorted);
        var to = map(from);
        for (var k = 1; k < to.Length; k++)
        {
            to[k] = Math.Max(to[k], to[k - 1] + (LeastSlope * (from[k] - from[k - 1])));
        }

        Replace(sorted, value => Interpolate(value, from, to));
        var mean = sorted.Average();
        var deviation = Math.Sqrt(sorted.Average(value => (value - mean) * (value - mean)));
        Replace(sorted, value => (value - mean) / deviation);
        if (voxels != sorted)
        {
            Replace(voxels, value => (Interpolate(value, from, to) - mean) / deviation);
        }
    }

    private static void Replace(double[] values, Func<double, double> function)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = function(values[i]);
        }
    }

    private static double Interpolate(double value, double[] from, double[] to)
    {
        var k = 0;
        while (k < from.Length - 2 && (value > from[k + 1] || from[k + 1] <= from[k]))
        {
            k++;
        }

        return from[k + 1] <= from[k] ? to[k] : to[k] + ((value - from[k]) / (from[k + 1] - from[k]) * (to[k + 1] - to[k]));
    }

    /// <summary>How far what is bright rises above the bend, on average over each domain's scans.</summary>
    private static IReadOnlyList<double> Bright(List<double[]> samples, List<int> domains) => [.. domains.Distinct().Order().Select(domain =>
        samples.Where((_, i) => domains[i] == domain).Select(LandmarksOf).Average(landmarks => landmarks[BrightPlace] - landmarks[BendPlace]))];
}
