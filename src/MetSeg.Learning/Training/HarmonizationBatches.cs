using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Patches;
using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>
/// Draws the harmonizer's batches: as many scans of every domain, or as many of all alike; flipped and turned. A batch holds no scan twice
/// unless a domain has too few.
/// </summary>
/// <param name="options">How batches are composed and scans turned.</param>
/// <param name="samples">Scans of any number of domains.</param>
internal sealed class HarmonizationBatches(VaeMmdOptions options, IReadOnlyList<HarmonizationSample> samples)
{
    private readonly List<List<HarmonizationSample>> domains =
        [.. samples.GroupBy(sample => sample.Domain).OrderBy(group => group.Key).Select(group => group.ToList())];

    /// <summary>Scans in a batch.</summary>
    public int BatchSize => domains.Count * options.SamplesPerDomain;

    /// <summary>Draws a batch on the CPU.</summary>
    public Batch Draw(Random random)
    {
        using var scope = NewDisposeScope();
        List<HarmonizationSample> chosen = options.Batches == BatchComposition.Balanced
            ? InTurns(domains.Select(domain => Distinct(domain, options.SamplesPerDomain, random)))
            : Distinct(samples, BatchSize, random);
        var drawn = chosen.Select(sample => DrawnSample.Of(sample, options.Reconstruction.LesionWeight > 0, random)).ToList();
        var turns = chosen.Select(_ => Turn(random)).ToList();
        return Of([.. drawn.Zip(turns, (one, turn) => new DrawnSample(turn(one.Image), one.Lesions is null ? null : turn(one.Lesions)))], chosen);
    }

    /// <summary>Scans as they are, or the patches in their middle, neither flipped nor turned, on the CPU.</summary>
    /// <param name="samples">The scans.</param>
    /// <param name="options">Whether lesions are asked for.</param>
    public static Batch Of(IReadOnlyList<HarmonizationSample> samples, VaeMmdOptions options)
    {
        using var scope = NewDisposeScope();
        return Of([.. samples.Select(sample => DrawnSample.Of(sample, options.Reconstruction.LesionWeight > 0, null))], samples);
    }

    private static Batch Of(List<DrawnSample> drawn, IReadOnlyList<HarmonizationSample> samples) => new(
        cat([.. drawn.Select(one => one.Image)], 0),
        drawn.TrueForAll(one => one.Lesions is not null) ? cat([.. drawn.Select(one => one.Lesions!)], 0) : null,
        [.. samples.Select(sample => sample.Domain)]);

    /// <summary>One scan of each domain in turn: every part of a batch is of several domains, and so are its batch norm's statistics.</summary>
    private static List<HarmonizationSample> InTurns(IEnumerable<List<HarmonizationSample>> chosen) =>
        [.. chosen.SelectMany(domain => domain.Select((sample, turn) => (sample, turn))).OrderBy(pair => pair.turn).Select(pair => pair.sample)];

    private static List<HarmonizationSample> Distinct(IReadOnlyList<HarmonizationSample> from, int count, Random random)
    {
        var chosen = new List<HarmonizationSample>(count);
        while (chosen.Count < count)
        {
            var order = Enumerable.Range(0, from.Count).ToArray();
            random.Shuffle(order);
            chosen.AddRange(order.Take(count - chosen.Count).Select(place => from[place]));
        }

        return chosen;
    }

    /// <summary>Draws flips and a turn, to be applied to a scan and its lesions alike.</summary>
    private Func<Tensor, Tensor> Turn(Random random)
    {
        long[] axes = [2, 3, 4];
        var flips = axes.Where(_ => random.NextDouble() < options.FlipProbability).ToArray();
        var turns = random.NextDouble() < options.TurnProbability ? 1 + random.Next(3) : 0;
        var size = options.Vae.InputSize;
        (long A, long B)[] planes = [.. from a in axes from b in axes where a < b && size[(int)a - 2] == size[(int)b - 2] select (a, b)];
        var allowed = options.TurnPlanes == TurnPlanes.Any ? planes : [.. planes.Where(plane => plane is (2, 3))];
        var chosen = turns == 0 || allowed.Length == 0 ? default : allowed[random.Next(allowed.Length)];
        return image =>
        {
            var flipped = flips.Length == 0 ? image : image.flip(flips);
            return chosen == default ? flipped : flipped.rot90(turns, chosen);
        };
    }
}
