namespace MetSeg.Evaluation;

/// <summary>
/// The domain gap as the accuracy with which a linear classifier recognizes the hospital from features of a scan: multinomial logistic
/// regression (L2, C = 1, free intercept), cross-validated. The closer to chance, the smaller the gap.
/// </summary>
/// <remarks>
/// Paper P1 (arXiv 2604.00397) on latents, its code on <see cref="ImageStatistics"/>. Unlike its code, features are standardized on the
/// training samples of each fold alone, and a patient's scans share a fold, so that nothing leaks from the samples tested.
/// </remarks>
public static class DomainGap
{
    /// <summary>Assesses how well domains can be told apart, by stratified cross-validation with seeded folds.</summary>
    /// <param name="features">One row of finite numbers per sample, equally long.</param>
    /// <param name="domains">The domain of each sample.</param>
    /// <param name="folds">Number of folds, at least 2; fewer are used where the smallest domain has fewer patients.</param>
    /// <param name="seed">Decides which patients share a fold.</param>
    /// <param name="patients">The patient of each sample: one patient's samples share a fold. Null where each sample is its own patient.</param>
    /// <exception cref="MetSegException">There are fewer than two domains, or a domain has one sample or patient only.</exception>
    /// <exception cref="ArgumentException">Rows differ in length, hold numbers that are not finite, or are not one per domain and patient.</exception>
    public static DomainGapResult Assess(double[][] features, string[] domains, int folds = 5, long seed = 1, string[]? patients = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        return Assess(DomainSamples.Of(features, domains, patients), folds, seed);
    }

    /// <inheritdoc cref="Assess(double[][], string[], int, long, string[])"/>
    internal static DomainGapResult Assess(DomainSamples samples, int folds, long seed)
    {
        var (smallest, patients) = samples.Smallest;
        return patients < 2
            ? throw new MetSegException(
                $"All scans of domain '{smallest}' are of one patient, who cannot be both learned from and tested on; a domain gap needs at least two patients of each.")
            : CrossValidate(samples.Features, samples.Domains, samples.PatientFolds(Math.Min(folds, patients), seed));
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
}
