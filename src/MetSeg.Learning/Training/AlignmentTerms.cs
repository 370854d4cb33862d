using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>What the alignment terms say of a batch.</summary>
/// <param name="Total">Sum of the terms' distances by their weights.</param>
/// <param name="Gradients">Gradient of the loss at each set of features, as they are shaped; none where nothing was differentiated.</param>
/// <param name="Figures">Figures for the log, by name.</param>
internal sealed record AlignmentPull(double Total, IReadOnlyList<Tensor> Gradients, IReadOnlyDictionary<string, double> Figures);

/// <summary>
/// The alignment terms of a training with their domain classifiers and their memory. Set 0 of the features is the latent vector, the
/// others the pooled skips, highest resolution first; these only where a term asks for them.
/// </summary>
internal sealed class AlignmentTerms
{
    private readonly List<Part> parts = [];
    private readonly FeatureBank bank;
    private readonly bool usesSkips;
    private IReadOnlyList<Tensor> latest = [];
    private IReadOnlyList<int> latestDomains = [];

    /// <summary>Prepares the terms.</summary>
    /// <param name="options">The harmonizer's options.</param>
    /// <param name="domains">Number of domains.</param>
    /// <param name="start">The device and the generator of the classifiers' first weights.</param>
    public AlignmentTerms(VaeMmdOptions options, int domains, (Device Device, Generator Generator) start)
    {
        bank = new FeatureBank(options.MemoryBank);
        usesSkips = options.Alignment.Any(term => term.Features == AlignedFeatures.Skips);
        foreach (var term in options.Alignment)
        {
            var (first, count) = term.Features == AlignedFeatures.Latent ? (0, 1) : (1, options.Vae.SkipCount);
            foreach (var set in Enumerable.Range(first, count))
            {
                var length = set == 0 ? options.Vae.DescriptionLength : 2 * options.Vae.Features[set - 1];
                var classifier = term.ClassifierUnits == 0 ? null : new FeatureClassifier(length, term.ClassifierUnits, domains, start.Generator);
                classifier?.to(start.Device);
                parts.Add(new Part(term, set, count, classifier));
            }
        }
    }

    /// <summary>The domain classifiers to train, see <see cref="ClassifierLoss"/>.</summary>
    public IReadOnlyList<FeatureClassifier> Classifiers => [.. parts.Select(part => part.Classifier).OfType<FeatureClassifier>()];

    /// <summary>The sets of features of a latent code.</summary>
    public IReadOnlyList<Tensor> FeaturesOf(LatentCode code) => usesSkips ? [code.Vector(), .. code.PooledSkips()] : [code.Vector()];

    /// <summary>The distances of sets of features, without gradients and without the memory.</summary>
    public AlignmentPull Measure(IReadOnlyList<Tensor> features, IReadOnlyList<int> domains)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (_, total, figures) = Compute(features, domains, joinsBank: false);
        return new AlignmentPull(total, [], figures);
    }

    /// <summary>Distances of a batch and their gradients at its features; then the features are remembered.</summary>
    /// <remarks>
    /// Remembered scans do not move. A batch's own stand for them: of a domain of which n scans are in the batch and m remembered, gradients
    /// count (n + m)/n times, as if all had been moved by a share of n/(n + m) drawn at random. Without that the memory would weaken the terms.
    /// </remarks>
    public AlignmentPull Differentiate(IReadOnlyList<Tensor> features, IReadOnlyList<int> domains)
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<Tensor> leaves = [.. features.Select(set => set.detach().clone().requires_grad_())];
        var (loss, total, figures) = Compute(leaves, domains, joinsBank: true);
        loss?.backward();
        var gradients = leaves.Select(leaf => (leaf.grad ?? zeros_like(leaf)).detach().MoveToOuterDisposeScope()).ToList();
        figures["alignmentGradient"] = Norm(gradients.Take(1));
        if (usesSkips)
        {
            figures["alignmentGradientSkips"] = Norm(gradients.Skip(1));
        }

        bank.Add(leaves, domains);
        KeepLatest(leaves, domains);
        return new AlignmentPull(total, gradients, figures);
    }

    /// <summary>Cross-entropy of a domain classifier on the batch that was last differentiated.</summary>
    /// <param name="classifier">Its place in <see cref="Classifiers"/>.</param>
    public Tensor ClassifierLoss(int classifier)
    {
        var part = parts.Where(part => part.Classifier is not null).ElementAt(classifier);
        return AdversarialAlignment.CrossEntropy(part.Classifier!.forward(latest[part.Set]), latestDomains);
    }

    /// <summary>Forgets all features: an epoch that is resumed begins like one that was not interrupted.</summary>
    public void Forget()
    {
        bank.Clear();
        KeepLatest([], []);
    }

    /// <summary>Lets the gradient at a batch's rows stand for the remembered rows of their domains, too.</summary>
    private Tensor Scaled(Tensor features, IReadOnlyList<int> domains)
    {
        float[] scales = [.. domains.Select(domain => 1 + (bank.Count(domain) / (float)domains.Count(other => other == domain)))];
        var scale = tensor(scales, device: features.device).unsqueeze(1).to(features.dtype);
        return features.detach() + (scale * (features - features.detach()));
    }

    private (Tensor? Loss, double Total, Dictionary<string, double> Figures) Compute(
        IReadOnlyList<Tensor> features, IReadOnlyList<int> domains, bool joinsBank)
    {
        var (loss, total, figures) = ((Tensor?)null, 0.0, new Dictionary<string, double>());
        foreach (var part in parts)
        {
            var set = features[part.Set];
            var (rows, numbers) = joinsBank && part.Classifier is null ? bank.Join(Scaled(set, domains), domains, part.Set) : (set, domains);
            var found = part.Term.Compute(rows, numbers, part.Classifier);
            var weighted = found.Loss * (part.Term.Weight / part.Sets);
            loss = loss is null ? weighted : loss + weighted;
            var distance = found.Distance.ToDouble() / part.Sets;
            total += part.Term.Weight * distance;
            figures[part.Term.LogName] = figures.GetValueOrDefault(part.Term.LogName) + distance;
            if (found.Kernel is { } kernel)
            {
                var name = part.Set == 0 ? "kernelMean" : "kernelMeanSkips";
                figures[name] = figures.GetValueOrDefault(name) + (kernel / part.Sets);
            }
        }

        figures["alignment"] = total;
        return (loss, total, figures);
    }

    private void KeepLatest(IReadOnlyList<Tensor> features, IReadOnlyList<int> domains)
    {
        foreach (var set in latest)
        {
            set.Dispose();
        }

        latest = Classifiers.Count == 0 ? [] : [.. features.Select(set => set.detach().clone().DetachFromDisposeScope())];
        latestDomains = domains;
    }

    private static double Norm(IEnumerable<Tensor> gradients) => Math.Sqrt(gradients.Sum(gradient => gradient.square().sum().ToDouble()));

    /// <summary>A term on one set of features.</summary>
    /// <param name="Term">The term.</param>
    /// <param name="Set">The set.</param>
    /// <param name="Sets">Number of sets that the term looks at, over which it is averaged.</param>
    /// <param name="Classifier">Its domain classifier, where it needs one.</param>
    private sealed record Part(AlignmentOptions Term, int Set, int Sets, FeatureClassifier? Classifier);
}
