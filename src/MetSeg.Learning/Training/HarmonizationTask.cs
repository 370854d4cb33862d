using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Patches;
using TorchSharp;
using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>
/// Trains the VAE-MMD harmonizer: every batch holds the same number of scans of each domain; the discriminator and the domain classifiers
/// are stepped after the autoencoder on the same batch; the best weights have the lowest total loss on held-out scans.
/// </summary>
/// <remarks>
/// Paper P1 (arXiv 2604.00397). The alignment's gradient is taken at the features and handed on from there, which gives the same gradient
/// as one pass, and lets a batch be worked off in parts: see <see cref="VaeMmdOptions.MicroBatch"/>.
/// </remarks>
public sealed class HarmonizationTask : TrainingTask
{
    private const string LossName = "loss";

    private readonly VaeMmdOptions options;
    private readonly Device device;
    private readonly HarmonizationVae vae;
    private readonly Discriminator? discriminator;
    private readonly AlignmentTerms alignment;
    private readonly HarmonizationBatches batches;
    private readonly HarmonizationHealth health;
    private readonly IReadOnlyList<HarmonizationSample> validation;
    private readonly List<Tensor> reconstructions = [];

    /// <summary>Creates the task with networks of its own.</summary>
    /// <param name="options">How to train.</param>
    /// <param name="training">Scans to learn from, of any number of domains.</param>
    /// <param name="validation">Scans that choose the best weights; the training scans where there are none.</param>
    /// <param name="start">The device and the generator of the first weights.</param>
    /// <exception cref="OptionsException">The options have problems.</exception>
    public HarmonizationTask(
        VaeMmdOptions options,
        IReadOnlyList<HarmonizationSample> training,
        IReadOnlyList<HarmonizationSample> validation,
        (Device Device, Generator Generator) start)
    {
        OptionsException.ThrowIfAny("harmonizer", options.Problems());
        (this.options, device) = (options, start.Device);
        batches = new HarmonizationBatches(options, training);
        health = new HarmonizationHealth(options);
        this.validation = validation.Count > 0 ? validation : training;
        vae = new HarmonizationVae(options.Vae, start.Generator);
        discriminator = options.AdversarialWeight > 0 ? new Discriminator(options.DiscriminatorFeatures, start.Generator) : null;
        alignment = new AlignmentTerms(options, 1 + training.Max(sample => sample.Domain), start);
        vae.to(device);
        discriminator?.to(device);
        Modules = [.. ListModules()];
    }

    /// <inheritdoc/>
    public override string Name => "train harmonizer";

    /// <inheritdoc/>
    public override IReadOnlyList<TrainedModule> Modules { get; }

    /// <inheritdoc/>
    public override double ScoreMemory => 0;

    private int FirstClassifier => discriminator is null ? 1 : 2;

    /// <inheritdoc/>
    public override Batch NextBatch(Random random) => batches.Draw(random).To(device);

    /// <inheritdoc/>
    public override StepLoss Loss(int module, Batch batch) => module == 0 ? AutoencoderLoss(batch)
        : module < FirstClassifier ? DiscriminatorLoss(batch)
        : new StepLoss(alignment.ClassifierLoss(module - FirstClassifier), []);

    /// <inheritdoc/>
    public override Validation Validate(Random random, CancellationToken cancellation)
    {
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var codes = new List<Tensor>();
        var features = new List<IReadOnlyList<Tensor>>();
        foreach (var chunk in validation.Chunk(options.MicroBatch > 0 ? options.MicroBatch : batches.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var batch = HarmonizationBatches.Of(chunk, options).To(device);
            var code = PatchCode.Encode(vae, batch.Image);
            Objective(Target(batch.Image), batch.Label, code, vae.Decode(code.Mean, code.Skips), (chunk.Length / (double)validation.Count, figures));
            codes.Add(code.Mean.flatten(1).MoveToOuterDisposeScope());
            features.Add([.. alignment.FeaturesOf(code).Select(set => set.MoveToOuterDisposeScope())]);
        }

        var pull = alignment.Measure([.. Enumerable.Range(0, features[0].Count).Select(set => cat([.. features.Select(sets => sets[set])], 0))],
            [.. validation.Select(sample => sample.Domain)]);
        foreach (var (name, value) in pull.Figures)
        {
            figures[name] = value;
        }

        figures[LossName] += pull.Total;
        return Judge(figures, cat(codes, 0));
    }

    private IEnumerable<TrainedModule> ListModules()
    {
        var adam = new AdamOptions { LearningRate = options.LearningRate };
        yield return new TrainedModule(VaeHarmonizer.Prefix, vae, adam, options.ClipNorm);
        if (discriminator is not null)
        {
            yield return new TrainedModule("discriminator", discriminator, adam, double.PositiveInfinity);
        }

        for (var i = 0; i < alignment.Classifiers.Count; i++)
        {
            yield return new TrainedModule($"classifier{i}", alignment.Classifiers[i], adam, double.PositiveInfinity);
        }
    }

    /// <summary>Counts the active latent units, judges the epoch, and begins the next.</summary>
    /// <param name="figures">The figures so far.</param>
    /// <param name="codes">μ of every held-out scan, [N, L].</param>
    private Validation Judge(SortedDictionary<string, double> figures, Tensor codes)
    {
        var units = (int)codes.shape[1];
        int? active = codes.shape[0] < 2 ? null : codes.var(0, unbiased: false).gt(HarmonizationHealth.ActiveVariance).sum().ToInt32();
        if (active is { } count)
        {
            figures["activeUnits"] = count;
        }

        var warnings = health.Warnings(active, units);
        var loss = options.Selection == WeightSelection.Training ? health.Mean(LossName) : figures[LossName];
        health.Clear();
        alignment.Forget();
        return new Validation(-loss, figures) { Warnings = warnings };
    }

    private StepLoss AutoencoderLoss(Batch batch)
    {
        FreeReconstructions();
        var parts = Parts(batch);
        var seed = parts.Count == 1 ? 0 : randint(int.MaxValue, [1], ScalarType.Int64).item<long>();
        var whole = parts.Count == 1 ? PatchCode.Encode(vae, batch.Image) : null;
        var pull = alignment.Differentiate(whole is null ? Survey(batch, parts, seed) : alignment.FeaturesOf(whole), batch.Domains);
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var last = Accumulate(parts.Count, p =>
        {
            var (start, count) = parts[p];
            var images = batch.Image.narrow(0, start, count);
            var code = whole ?? Encode(images, seed + p);
            var decoded = vae.Decode(code.Mean + ((0.5 * code.LogVariance).exp() * randn_like(code.Mean)), code.Skips);
            reconstructions.Add(decoded.detach().DetachFromDisposeScope());
            var objective = Objective(Target(images), batch.Label?.narrow(0, start, count), code, decoded, ((double)count / batch.Domains.Count, figures));
            return alignment.FeaturesOf(code).Zip(pull.Gradients, (set, gradient) => (set * gradient.narrow(0, start, count)).sum())
                .Aggregate(objective, (sum, term) => sum + term);
        });
        figures[LossName] += pull.Total;
        health.Add(figures.Concat(pull.Figures));
        return new StepLoss(
            last - last.detach() + figures[LossName],
            [.. figures.Where(figure => figure.Key != LossName).Concat(pull.Figures).Select(figure => (figure.Key, tensor((float)figure.Value)))]);
    }

    private StepLoss DiscriminatorLoss(Batch batch)
    {
        var (parts, sum) = (Parts(batch), 0.0);
        var last = Accumulate(parts.Count, p =>
        {
            var (start, count) = parts[p];
            var real = (discriminator!.forward(Target(batch.Image).narrow(0, start, count)) - 1).square().mean();
            var loss = 0.5 * count / batch.Domains.Count * (real + discriminator.forward(reconstructions[p]).square().mean());
            sum += loss.item<float>();
            return loss;
        });
        FreeReconstructions();
        return new StepLoss(last - last.detach() + sum, []);
    }

    /// <summary>The features of a batch that is too large to keep what its gradient needs; batch norm's running statistics stay as they are.</summary>
    private IReadOnlyList<Tensor> Survey(Batch batch, IReadOnlyList<(int Start, int Count)> parts, long seed)
    {
        using var noGradient = no_grad();
        var before = vae.named_buffers().Select(buffer => (buffer.buffer, Value: buffer.buffer.clone())).ToList();
        var features = new List<IReadOnlyList<Tensor>>();
        for (var p = 0; p < parts.Count; p++)
        {
            using var scope = NewDisposeScope();
            var code = Encode(batch.Image.narrow(0, parts[p].Start, parts[p].Count), seed + p);
            features.Add([.. alignment.FeaturesOf(code).Select(set => set.MoveToOuterDisposeScope())]);
        }

        foreach (var (buffer, value) in before)
        {
            buffer.copy_(value);
        }

        return [.. Enumerable.Range(0, features[0].Count).Select(set => cat([.. features.Select(sets => sets[set])], 0))];
    }

    /// <summary>Encodes with the same channels dropped whenever the seed is the same.</summary>
    private LatentCode Encode(Tensor images, long seed)
    {
        torch.random.manual_seed(seed);
        return PatchCode.Encode(vae, images);
    }

    /// <summary>What is to be reconstructed: the image itself, or the patch without the whole scan beside it.</summary>
    private static Tensor Target(Tensor images) => images.narrow(1, 0, 1);

    /// <summary>All terms but the alignment, times a share; each is added to the figures.</summary>
    private Tensor Objective(
        Tensor images, Tensor? lesions, LatentCode code, Tensor decoded, (double Share, SortedDictionary<string, double> Figures) sum)
    {
        var weighs = options.Reconstruction.LesionWeight > 0 || options.Reconstruction.EdgeWeight > 0;
        var weights = weighs ? VoxelWeights.Of(images, lesions, options.Reconstruction.LesionWeight, options.Reconstruction.EdgeWeight) : null;
        var reconstruction = Reconstruction.Compute(images, decoded, options.Reconstruction, weights);
        var divergence = Reconstruction.LatentDivergence(code.Mean, code.LogVariance);
        var total = reconstruction + (options.DivergenceWeight * divergence);
        Add("reconstruction", reconstruction);
        Add("divergence", divergence);
        if (discriminator is not null)
        {
            var adversarial = (discriminator.forward(decoded) - 1).square().mean();
            Add("adversarial", adversarial);
            total += options.AdversarialWeight * adversarial;
        }

        Add(LossName, total);
        return total * sum.Share;

        void Add(string name, Tensor value) => sum.Figures[name] = sum.Figures.GetValueOrDefault(name) + (sum.Share * value.item<float>());
    }

    private List<(int Start, int Count)> Parts(Batch batch)
    {
        var (count, size) = (batch.Domains.Count, options.MicroBatch > 0 ? options.MicroBatch : batch.Domains.Count);
        return [.. Enumerable.Range(0, (count + size - 1) / size).Select(p => (p * size, Math.Min(size, count - (p * size))))];
    }

    /// <summary>Differentiates all parts' losses but the last, which the caller differentiates: gradients add up.</summary>
    private static Tensor Accumulate(int parts, Func<int, Tensor> loss)
    {
        for (var p = 0; p < parts - 1; p++)
        {
            using var scope = NewDisposeScope();
            loss(p).backward();
        }

        return loss(parts - 1);
    }

    private void FreeReconstructions()
    {
        reconstructions.ForEach(one => one.Dispose());
        reconstructions.Clear();
    }
}
