namespace MetSeg.Evaluation;

/// <summary>Feature vectors with the domain and the patient that each comes from.</summary>
internal sealed class DomainSamples
{
    private DomainSamples(double[][] features, string[] domains, string[] patients)
    {
        (Features, Domains, Patients) = (features, domains, patients);
        Names = [.. domains.Distinct().Order(StringComparer.Ordinal)];
        Labels = [.. domains.Select(domain => Array.IndexOf(Names, domain))];
    }

    /// <summary>One row of finite numbers per sample, equally long.</summary>
    public double[][] Features { get; }

    /// <summary>The domain of each sample.</summary>
    public string[] Domains { get; }

    /// <summary>The patient of each sample.</summary>
    public string[] Patients { get; }

    /// <summary>The domains, sorted; at least two, each with at least two samples.</summary>
    public string[] Names { get; }

    /// <summary>For each sample the place of its domain in <see cref="Names"/>.</summary>
    public int[] Labels { get; }

    /// <summary>Every pair of domains, sorted by name.</summary>
    public IEnumerable<(string First, string Second)> Pairs =>
        Names.SelectMany((first, i) => Names.Skip(i + 1).Select(second => (first, second)));

    /// <summary>The domain with the fewest patients, and how many they are.</summary>
    public (string Domain, int Patients) Smallest => Names
        .Select(name => (name, Patients.Where((_, i) => Domains[i] == name).Distinct().Count()))
        .MinBy(domain => domain.Item2);

    /// <summary>Checks and joins what belongs together.</summary>
    /// <param name="features">One row of finite numbers per sample, equally long.</param>
    /// <param name="domains">The domain of each sample.</param>
    /// <param name="patients">The patient of each sample; null where each sample is its own patient.</param>
    /// <exception cref="MetSegException">There are fewer than two domains, or a domain has one sample only.</exception>
    /// <exception cref="ArgumentException">Rows differ in length, hold numbers that are not finite, or are not one per domain and patient.</exception>
    public static DomainSamples Of(double[][] features, string[] domains, string[]? patients)
    {
        patients ??= [.. Enumerable.Range(0, domains.Length).Select(i => $"{i}")];
        if (features.Length != domains.Length || patients.Length != domains.Length)
        {
            throw new ArgumentException(
                $"{features.Length} rows of features need as many domains and patients, not {domains.Length} and {patients.Length}.", nameof(domains));
        }

        if (features.Any(row => row.Length != features[0].Length || row.Length == 0 || !row.All(double.IsFinite)))
        {
            throw new ArgumentException("Rows of features must be equally long and finite.", nameof(features));
        }

        var samples = new DomainSamples(features, domains, patients);
        if (samples.Names.Length < 2)
        {
            throw new MetSegException($"A domain gap needs at least two domains, not {samples.Names.Length}; give cases of several institutions.");
        }

        var lone = samples.Names.FirstOrDefault(name => domains.Count(domain => domain == name) < 2);
        return lone is null ? samples
            : throw new MetSegException($"Domain '{lone}' has only one sample; a domain gap needs at least two of each.");
    }

    /// <summary>The samples of two of the domains.</summary>
    public DomainSamples Only(string first, string second)
    {
        int[] kept = [.. Enumerable.Range(0, Domains.Length).Where(i => Domains[i] == first || Domains[i] == second)];
        return new DomainSamples([.. kept.Select(i => Features[i])], [.. kept.Select(i => Domains[i])], [.. kept.Select(i => Patients[i])]);
    }

    /// <summary>
    /// The fold of each sample, from 0: all samples of a patient in one, and of each domain about as many in every fold. The shuffled patients of
    /// each domain, those with many samples first, go to the fold with the fewest of its samples, each domain going on where the last stopped.
    /// </summary>
    /// <param name="folds">Number of folds.</param>
    /// <param name="seed">Decides which patients share a fold.</param>
    public int[] PatientFolds(int folds, long seed)
    {
        var random = Seeds.Generator(seed, "domain gap", "folds");
        var foldOf = new int[Domains.Length];
        var next = 0;
        var patients = Enumerable.Range(0, Domains.Length).GroupBy(i => Patients[i])
            .Select(samples => (Samples: samples.ToArray(), Domain: samples.GroupBy(i => Labels[i]).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key))
            .ToList();
        for (var label = 0; label < Names.Length; label++)
        {
            var own = patients.Where(patient => patient.Domain == label).Select(patient => patient.Samples).ToArray();
            random.Shuffle(own);
            var counts = new int[folds];
            foreach (var samples in own.OrderByDescending(samples => samples.Length))
            {
                var fold = Enumerable.Range(next, folds).Select(place => place % folds).MinBy(place => counts[place]);
                counts[fold] += samples.Length;
                next = fold + 1;
                foreach (var sample in samples)
                {
                    foldOf[sample] = fold;
                }
            }
        }

        return foldOf;
    }
}
