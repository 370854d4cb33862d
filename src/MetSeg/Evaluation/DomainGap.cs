namespace MetSeg.Evaluation;

/// <summary>
/// The domain gap as the accuracy with which a linear classifier recognizes the hospital from features of a scan: multinomial logistic
/// regression (L2, C = 1, free intercept), cross-validated. The closer to chance, the smaller the gap.
/// </summary>
/// <remarks>
/// Paper P1 (arXiv 2604.00397) on latents, its code on <see cref="ImageStatistics"/>. Unlike its code, features are standardized on the
/// training samples of each fold alone, so that nothing leaks from the samples tested.
/// </remarks>
public static class DomainGap
{
    /// <summary>Assesses how well domains can be told apart, by stratified cross-validation with seeded folds.</summary>
    /// <param name="features">One row of finite numbers per sample, equally long.</param>
    /// <param name="domains">The domain of each sample.</param>
    /// <param name="folds">Number of folds, at least 2; fewer are used where the smallest domain has fewer samples.</param>
    /// <param name="seed">Decides which samples share a fold.</param>
    /// <exception cref="MetSegException">There are fewer than two domains, or a domain has one sample only.</exception>
    /// <exception cref="ArgumentException">Rows differ in length, hold numbers that are not finite, or are not one per domain.</exception>
    public static DomainGapResult Assess(double[][] features, string[] domains, int folds = 5, long seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        if (features.Length != domains.Length)
        {
            throw new ArgumentException($"{features.Length} rows of features need as many domains, not {domains.Length}.", nameof(domains));
        }

        if (features.Any(row => row.Length != features[0].Length || row.Length == 0 || !row.All(double.IsFinite)))
        {
            throw new ArgumentException("Rows of features must be equally long and finite.", nameof(features));
        }

        var samples = domains.GroupBy(domain => domain, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (samples.Count < 2)
        {
            throw new MetSegException($"A domain gap needs at least two domains, not {samples.Count}; give cases of several institutions.");
        }

        var smallest = samples.MinBy(group => group.Count())!;
        if (smallest.Count() < 2)
        {
            throw new MetSegException($"Domain '{smallest.Key}' has only one sample; a domain gap needs at least two of each.");
        }

        return CrossValidate(features, domains, StratifiedFolds(domains, Math.Min(folds, smallest.Count()), seed));
    }

    /// <summary>Cross-validates with given folds.</summary>
    /// <param name="features">One row per sample.</param>
    /// <param name="domains">The domain of each sample.</param>
    /// <param name="foldOf">The fold in which each sample is tested, from 0.</param>
    internal static DomainGapResult CrossValidate(double[][] features, string[] domains, int[] foldOf)
    {
        string[] names = [.. domains.Distinct().Order(StringComparer.Ordinal)];
        var labels = domains.Select(domain => Array.IndexOf(names, domain)).ToArray();
        var predicted = new int[labels.Length];
        Parallel.For(0, foldOf.Max() + 1, fold =>
        {
            var training = Enumerable.Range(0, labels.Length).Where(i => foldOf[i] != fold).ToList();
            var model = LogisticRegression.Fit([.. training.Select(i => features[i])], [.. training.Select(i => labels[i])], names.Length);
            foreach (var i in Enumerable.Range(0, labels.Length).Where(i => foldOf[i] == fold))
            {
                predicted[i] = model.Predict(features[i]);
            }
        });
        var confusion = names.Select(_ => new int[names.Length]).ToArray();
        for (var i = 0; i < labels.Length; i++)
        {
            confusion[labels[i]][predicted[i]]++;
        }

        var accuracies = foldOf.Select((fold, i) => (fold, Right: labels[i] == predicted[i] ? 1.0 : 0.0))
            .GroupBy(sample => sample.fold).OrderBy(group => group.Key).Select(group => group.Average(sample => sample.Right));
        return new DomainGapResult(names, confusion, [.. accuracies]);
    }

    /// <summary>Deals the shuffled samples of each domain out to the folds in turn, each domain going on where the last one stopped.</summary>
    private static int[] StratifiedFolds(string[] domains, int folds, long seed)
    {
        var random = Seeds.Generator(seed, "domain gap", "folds");
        var foldOf = new int[domains.Length];
        var next = 0;
        foreach (var domain in domains.Distinct().Order(StringComparer.Ordinal))
        {
            var samples = Enumerable.Range(0, domains.Length).Where(i => domains[i] == domain).ToArray();
            random.Shuffle(samples);
            foreach (var sample in samples)
            {
                foldOf[sample] = next++ % folds;
            }
        }

        return foldOf;
    }
}
