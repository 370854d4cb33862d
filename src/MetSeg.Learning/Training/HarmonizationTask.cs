using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Patches;
using TorchSharp;
using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>An autoencoder input and the domain it comes from.</summary>
/// <param name="Domain">The institution's number.</param>
/// <param name="Input">Intensities in [−1, 1] on the autoencoder's grid.</param>
public sealed record HarmonizationSample(int Domain, Volume Input);

/// <summary>
/// Trains the VAE-MMD harmonizer: every batch holds the same number of scans of each domain; the discriminator is stepped after the
/// autoencoder on the same batch; the best weights have the lowest total loss on held-out scans.
/// </summary>
/// <remarks>Paper P1 (arXiv 2604.00397). Unlike the released code, batches are balanced as the text says and no test scan is seen.</remarks>
public sealed class HarmonizationTask : TrainingTask
{
    private readonly VaeMmdOptions options;
    private readonly Device device;
    private readonly HarmonizationVae vae;
    private readonly Discriminator discriminator;
    private readonly List<List<HarmonizationSample>> domains;
    private readonly IReadOnlyList<HarmonizationSample> validation;
    private Tensor? reconstruction;

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
        domains = [.. training.GroupBy(sample => sample.Domain).OrderBy(group => group.Key).Select(group => group.ToList())];
        this.validation = InTurns(validation.Count > 0 ? validation : training);
        vae = new HarmonizationVae(options.Vae, start.Generator);
        discriminator = new Discriminator(options.DiscriminatorFeatures, start.Generator);
        vae.to(device);
        discriminator.to(device);
        var adam = new AdamOptions { LearningRate = options.LearningRate };
        Modules = [new TrainedModule("vae", vae, adam, options.ClipNorm), new TrainedModule("discriminator", discriminator, adam, double.PositiveInfinity)];
    }

    /// <inheritdoc/>
    public override string Name => "train harmonizer";

    /// <inheritdoc/>
    public override IReadOnlyList<TrainedModule> Modules { get; }

    /// <inheritdoc/>
    public override double ScoreMemory => 0;

    /// <inheritdoc/>
    public override Batch NextBatch(Random random)
    {
        using var scope = NewDisposeScope();
        var images = new List<Tensor>();
        var numbers = new List<int>();
        foreach (var domain in domains)
        {
            for (var i = 0; i < options.SamplesPerDomain; i++)
            {
                var sample = domain[random.Next(domain.Count)];
                images.Add(Turn(Tensors.VolumeTensor.FromVolumes([sample.Input]), random));
                numbers.Add(sample.Domain);
            }
        }

        return new Batch(cat(images, 0), null, numbers).To(device);
    }

    /// <inheritdoc/>
    public override StepLoss Loss(int module, Batch batch) => module == 0 ? AutoencoderLoss(batch) : DiscriminatorLoss(batch);

    /// <inheritdoc/>
    public override Validation Validate(Random random, CancellationToken cancellation)
    {
        var totals = new Dictionary<string, double>();
        var count = 0;
        foreach (var chunk in validation.Chunk(domains.Count * options.SamplesPerDomain))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var images = cat([.. chunk.Select(sample => Tensors.VolumeTensor.FromVolumes([sample.Input]))], 0).to(device);
            var code = vae.Encode(images);
            var loss = Total(images, code, vae.Decode(code.Mean, code.Skips), [.. chunk.Select(sample => sample.Domain)]);
            foreach (var (name, value) in loss.Terms.Append(("loss", loss.Total)))
            {
                totals[name] = totals.GetValueOrDefault(name) + (chunk.Length * value.item<float>());
            }

            count += chunk.Length;
        }

        var figures = totals.ToDictionary(total => total.Key, total => total.Value / count);
        return new Validation(-figures["loss"], figures);
    }

    /// <summary>One scan of each domain in turn: a few scans in a row are of several domains, without which there is no discrepancy to score.</summary>
    private static List<HarmonizationSample> InTurns(IReadOnlyList<HarmonizationSample> samples) =>
        [.. samples.GroupBy(sample => sample.Domain).SelectMany(domain => domain.Select((sample, turn) => (sample, turn)))
            .OrderBy(pair => pair.turn).ThenBy(pair => pair.sample.Domain).Select(pair => pair.sample)];

    private StepLoss AutoencoderLoss(Batch batch)
    {
        var code = vae.Encode(batch.Image);
        var latent = code.Mean + ((0.5 * code.LogVariance).exp() * randn_like(code.Mean));
        var decoded = vae.Decode(latent, code.Skips);
        reconstruction?.Dispose();
        reconstruction = decoded.detach().DetachFromDisposeScope();
        return Total(batch.Image, code, decoded, batch.Domains);
    }

    private StepLoss DiscriminatorLoss(Batch batch)
    {
        var real = (discriminator.forward(batch.Image) - 1).square().mean();
        var total = 0.5 * (real + discriminator.forward(reconstruction!).square().mean());
        reconstruction!.Dispose();
        reconstruction = null;
        return new StepLoss(total, []);
    }

    private StepLoss Total(Tensor images, LatentCode code, Tensor decoded, IReadOnlyList<int> numbers)
    {
        var reconstructionLoss = Reconstruction.Compute(images, decoded);
        var divergence = Reconstruction.LatentDivergence(code.Mean, code.LogVariance);
        var discrepancy = MaximumMeanDiscrepancy.Compute(code.Mean, numbers, options.KernelWidth);
        var adversarial = (discriminator.forward(decoded) - 1).square().mean();
        var total = reconstructionLoss + (options.DivergenceWeight * divergence) + (options.DiscrepancyWeight * discrepancy)
            + (options.AdversarialWeight * adversarial);
        var kernel = tensor((float)MaximumMeanDiscrepancy.MeanOffDiagonal(code.Mean.detach(), options.KernelWidth));
        return new StepLoss(total,
        [
            ("reconstruction", reconstructionLoss.detach()), ("divergence", divergence.detach()), ("mmd", discrepancy.detach()),
            ("adversarial", adversarial.detach()), ("kernelMean", kernel),
        ]);
    }

    private Tensor Turn(Tensor image, Random random)
    {
        long[] axes = [2, 3, 4];
        var flips = axes.Where(_ => random.NextDouble() < options.FlipProbability).ToArray();
        var turned = flips.Length == 0 ? image : image.flip(flips);
        var turns = random.NextDouble() < options.TurnProbability ? 1 + random.Next(3) : 0;
        (long, long)[] planes = [.. from a in axes from b in axes where a < b && image.shape[a] == image.shape[b] select (a, b)];
        return turns == 0 || planes.Length == 0 ? turned : turned.rot90(turns, planes[random.Next(planes.Length)]);
    }
}
