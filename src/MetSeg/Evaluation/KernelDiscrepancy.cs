namespace MetSeg.Evaluation;

/// <summary>
/// Squared maximum mean discrepancy (MMD²) between domains with Gaussian kernels exp(−‖a − b‖²/2σ²), averaged over several widths, and its
/// permutation test.
/// </summary>
/// <remarks>
/// Gretton et al., A kernel two-sample test, JMLR 2012;13:723: equation 5 (biased), lemma 6 (unbiased), median heuristic. Paper P1
/// (arXiv 2604.00397) has σ = 0.5, 1, 2, biased, mean over pairs.
/// </remarks>
public static class KernelDiscrepancy
{
    /// <summary>Rounding by which a permutation may fall short of the observed value and still count as equal to it.</summary>
    private const double Tie = 1e-12;

    /// <summary>Measures the discrepancy of all pairs of domains and tests it.</summary>
    /// <param name="features">One row of finite numbers per sample, equally long.</param>
    /// <param name="domains">The domain of each sample.</param>
    /// <param name="patients">
    /// The patient of each sample: a permutation moves a patient's samples of one domain together. Null where each sample is its own patient.
    /// </param>
    /// <param name="options">Widths, permutations and seed; null for the defaults.</param>
    /// <exception cref="MetSegException">There are fewer than two domains, or a domain has one sample only.</exception>
    /// <exception cref="ArgumentException">Rows differ in length, hold numbers that are not finite, or are not one per domain and patient.</exception>
    /// <exception cref="OptionsException">The options contradict themselves.</exception>
    public static KernelDiscrepancyResult Assess(
        double[][] features, string[] domains, string[]? patients = null, KernelDiscrepancyOptions? options = null)
    {
        options ??= new KernelDiscrepancyOptions();
        OptionsException.ThrowIfAny("kernel discrepancy", options.Problems());
        var samples = DomainSamples.Of(features, domains, patients);
        var squared = SquaredDistances(features);
        double[] sigmas = [.. options.Sigmas ?? options.MedianFactors.Select(factor => factor * MedianDistance(squared, features.Length))];
        var kernel = Array.ConvertAll(squared, distance => Kernel(distance, sigmas));
        var (smallest, fewest) = samples.Smallest;
        var untested = options.Permutations == 0 ? "no permutations were asked for" : fewest < 2 ? $"domain '{smallest}' has only one patient" : null;
        var tested = untested is null ? options : options with { Permutations = 0 };
        var pairs = samples.Pairs.Select(pair => new PairDiscrepancy(pair.First, pair.Second, Test(kernel, samples, [pair.First, pair.Second], tested)));
        return new KernelDiscrepancyResult(Test(kernel, samples, samples.Names, tested), [.. pairs], sigmas, untested);
    }

    /// <summary>The median distance between any two samples; NaN for fewer than two.</summary>
    /// <param name="features">One row per sample, equally long.</param>
    public static double MedianDistance(double[][] features) => MedianDistance(SquaredDistances(features), features.Length);

    private static double MedianDistance(double[] squared, int count)
    {
        var distances = new double[count * (count - 1) / 2];
        for (int i = 1, place = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                distances[place++] = Math.Sqrt(squared[(i * count) + j]);
            }
        }

        Array.Sort(distances);
        return Quantile.OfSorted(distances, 0.5);
    }

    private static double[] SquaredDistances(double[][] features)
    {
        var count = features.Length;
        var squared = new double[count * count];
        Parallel.For(0, count, i =>
        {
            for (var j = 0; j < count; j++)
            {
                squared[(i * count) + j] = i == j ? 0 : SquaredDistance(features[i], features[j]);
            }
        });
        return squared;
    }

    private static double SquaredDistance(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++)
        {
            sum += (a[k] - b[k]) * (a[k] - b[k]);
        }

        return sum;
    }

    /// <summary>The mean over the widths; a width of 0, where most samples are alike, tells equal samples (1) from different ones (0).</summary>
    private static double Kernel(double squared, double[] sigmas) =>
        squared == 0 ? 1 : sigmas.Average(sigma => Math.Exp(-squared / (2 * sigma * sigma)));

    /// <summary>The discrepancy of some of the domains, mean over their pairs, and its p by permutation of their patients.</summary>
    private static Discrepancy Test(double[] kernel, DomainSamples samples, string[] names, KernelDiscrepancyOptions options)
    {
        int[] chosen = [.. Enumerable.Range(0, samples.Domains.Length).Where(i => names.Contains(samples.Domains[i]))];
        var labels = Array.ConvertAll(chosen, i => Array.IndexOf(names, samples.Domains[i]));
        var blocks = Array.ConvertAll(chosen, i => (samples.Patients[i], samples.Domains[i]));
        var distinct = blocks.Distinct().ToArray();
        var blockOf = Array.ConvertAll(blocks, block => Array.IndexOf(distinct, block));
        var labelOf = Array.ConvertAll(distinct, block => Array.IndexOf(names, block.Item2));
        var gram = Submatrix(kernel, samples.Domains.Length, chosen);
        var (biased, unbiased) = Statistics(gram, labels, names.Length);
        if (options.Permutations == 0)
        {
            return new Discrepancy(biased, unbiased, double.NaN);
        }

        var asGreat = 0;
        Parallel.For(0, options.Permutations, permutation =>
        {
            var shuffled = labelOf.ToArray();
            Seeds.Generator(options.Seed, "kernel discrepancy", string.Join('|', names), permutation).Shuffle(shuffled);
            if (Statistics(gram, Array.ConvertAll(blockOf, block => shuffled[block]), names.Length).Unbiased >= unbiased - Tie)
            {
                Interlocked.Increment(ref asGreat);
            }
        });
        return new Discrepancy(biased, unbiased, (1.0 + asGreat) / (1 + options.Permutations));
    }

    private static double[] Submatrix(double[] matrix, int count, int[] chosen)
    {
        var part = new double[chosen.Length * chosen.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            for (var j = 0; j < chosen.Length; j++)
            {
                part[(i * chosen.Length) + j] = matrix[(chosen[i] * count) + chosen[j]];
            }
        }

        return part;
    }

    /// <summary>Both statistics, mean over all pairs of the domains 0 to <paramref name="domains"/> − 1.</summary>
    private static (double Biased, double Unbiased) Statistics(double[] gram, int[] labels, int domains)
    {
        var sums = new double[domains * domains];
        var counts = new double[domains];
        for (var i = 0; i < labels.Length; i++)
        {
            counts[labels[i]]++;
            var row = gram.AsSpan(i * labels.Length, i);
            for (var j = 0; j < row.Length; j++)
            {
                sums[(labels[i] * domains) + labels[j]] += row[j];
            }
        }

        var (biased, unbiased) = (0.0, 0.0);
        for (var a = 0; a < domains; a++)
        {
            for (var b = 0; b < a; b++)
            {
                var across = 2 * (sums[(a * domains) + b] + sums[(b * domains) + a]) / (counts[a] * counts[b]);
                var (withinA, withinB) = (2 * sums[(a * domains) + a], 2 * sums[(b * domains) + b]);
                biased += ((withinA + counts[a]) / (counts[a] * counts[a])) + ((withinB + counts[b]) / (counts[b] * counts[b])) - across;
                unbiased += (withinA / (counts[a] * (counts[a] - 1))) + (withinB / (counts[b] * (counts[b] - 1))) - across;
            }
        }

        var pairs = domains * (domains - 1) / 2;
        return (biased / pairs, unbiased / pairs);
    }
}
