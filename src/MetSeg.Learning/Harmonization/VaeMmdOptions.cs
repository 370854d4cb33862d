using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;

namespace MetSeg.Learning.Harmonization;

/// <summary>Which scans make a batch.</summary>
public enum BatchComposition
{
    /// <summary>As many of every domain: what paper P1 says.</summary>
    Balanced,

    /// <summary>As many scans in all, drawn from all scans alike: what its released code does, of whose batches 5.8 % hold all four domains.</summary>
    Shuffled,
}

/// <summary>The planes in which scans are turned by quarters.</summary>
public enum TurnPlanes
{
    /// <summary>Any whose sides are equal.</summary>
    Any,

    /// <summary>The plane of the first two axes of the array, z and y, alone: paper P1's released code.</summary>
    FirstTwo,
}

/// <summary>What chooses the best weights.</summary>
public enum WeightSelection
{
    /// <summary>The lowest total loss on held-out scans: what paper P1 says.</summary>
    Validation,

    /// <summary>The lowest mean loss of an epoch's own steps: what its released code does.</summary>
    Training,
}

/// <summary>
/// How the VAE-MMD harmonizer is trained and used: L = L_recon + 0.1·L_KL + 10·L_MMD + 5·L_adv. The defaults are paper P1's; what its
/// released code does otherwise is a value of an option of its own, named there.
/// </summary>
/// <remarks>Paper P1 (arXiv 2604.00397); its code: BigMewin/BM at b29a0fc.</remarks>
public sealed record VaeMmdOptions
{
    /// <summary>
    /// Paper P1's text; where the text is silent or contradicts itself, its code. Its error in SSIM (a range of 1 for images in [−1, 1]) is
    /// not repeated, the decoded code is μ, and log σ² is kept within ±10.
    /// </summary>
    public static VaeMmdOptions Published { get; } = new();

    /// <summary>
    /// Paper P1's released code. Its N4 correction before preprocessing ('metseg image correct-bias'), its training on test scans, and that
    /// it segments test scans without reconstructing them are not options of the harmonizer, and the last two not to be had.
    /// </summary>
    public static VaeMmdOptions Released { get; } = new()
    {
        Vae = new VaeOptions { Kernel = 3, Attention = false, LogVarianceLimit = null },
        Reconstruction = new ReconstructionOptions { Similarity = new SimilarityOptions { DataRange = 1, Form = SimilarityWindow.ZeroPadded } },
        Batches = BatchComposition.Shuffled,
        TurnPlanes = TurnPlanes.FirstTwo,
        Selection = WeightSelection.Training,
        RangeInUse = IntensityRange.Original,
        SampleInUse = true,
    };

    /// <summary>
    /// Ours: under 10 M weights by a spatial code; an encoder that normalizes each scan alone; a kernel that lives, on latent and skips, over
    /// batches and a memory of at least two scans of each domain; lesions and edges weigh more; percentiles; the change alone is transferred; no adversary, which may invent
    /// what looks real.
    /// </summary>
    public static VaeMmdOptions Ours { get; } = new()
    {
        Vae = new VaeOptions { Features = [24, 48, 96, 192], LatentForm = LatentForm.Spatial, Latent = 16, EncoderNorm = EncoderNorm.Instance },
        DiscriminatorFeatures = [24, 48, 96, 192],
        Reconstruction = new ReconstructionOptions { LesionWeight = 4, EdgeWeight = 1 },
        DivergenceWeight = 0.001,
        Alignment =
        [
            new DiscrepancyAlignment { Weight = 10, Width = KernelWidth.Median, Unbiased = true },
            new DiscrepancyAlignment { Weight = 10, Width = KernelWidth.Median, Unbiased = true, Features = AlignedFeatures.Skips },
        ],
        AdversarialWeight = 0,
        SamplesPerDomain = 2,
        MemoryBank = 16,
        MicroBatch = 4,
        Range = IntensityRange.Percentiles,
        RangeInUse = IntensityRange.Percentiles,
        ErasesLandmarks = true,
        Transfer = TransferMode.Residual,
    };

    /// <summary>The autoencoder.</summary>
    public VaeOptions Vae { get; init; } = new();

    /// <summary>Features of the discriminator's layers before the scores. The default is 32, 64, 128, 256.</summary>
    public IReadOnlyList<int> DiscriminatorFeatures { get; init; } = [32, 64, 128, 256];

    /// <summary>Weights of the reconstruction's terms. The default is 300·MSE + 150·L1 + 50·(1 − SSIM).</summary>
    public ReconstructionOptions Reconstruction { get; init; } = new();

    /// <summary>Weight of the latent divergence. The default is 0.1.</summary>
    public double DivergenceWeight { get; init; } = 0.1;

    /// <summary>What draws the domains together. The default is 10·MMD on the latent mean, with fixed widths and biased.</summary>
    public IReadOnlyList<AlignmentOptions> Alignment { get; init; } = [new DiscrepancyAlignment { Weight = 10 }];

    /// <summary>Weight of the adversarial term; 0 trains no discriminator. The default is 5.</summary>
    public double AdversarialWeight { get; init; } = 5;

    /// <summary>How batches are composed. The default is balanced.</summary>
    public BatchComposition Batches { get; init; }

    /// <summary>Samples of each domain in every batch, different scans while there are. The default is 1: four centers give the paper's batch of 4.</summary>
    public int SamplesPerDomain { get; init; } = 1;

    /// <summary>
    /// The alignment also sees the features of as many earlier scans of each domain. Only the batch's own can move, and their gradient stands
    /// for all. The memory starts anew with each epoch. The default is 0.
    /// </summary>
    public int MemoryBank { get; init; }

    /// <summary>
    /// Scans that are in memory at once; 0 for the whole batch. A larger batch is worked off in parts, to the same gradient but for batch
    /// norm's statistics, which are the parts': first the features of all, then each part again with the alignment's gradient at its features.
    /// The default is 0.
    /// </summary>
    public int MicroBatch { get; init; }

    /// <summary>Learning rate of the Adam optimizers. The default is 1e-4.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Largest norm of the autoencoder's gradient. The default is 1.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Probability to flip each axis. The default is 0.5.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Probability of a turn by 90°, 180° or 270°. The default is 0.3.</summary>
    public double TurnProbability { get; init; } = 0.3;

    /// <summary>In which planes scans are turned. The default is any whose sides are equal.</summary>
    public TurnPlanes TurnPlanes { get; init; }

    /// <summary>What chooses the best weights. The default is the loss on held-out scans.</summary>
    public WeightSelection Selection { get; init; }

    /// <summary>Which intensities become −1 and 1 in training. The default is minimum and maximum of the resized scan.</summary>
    public IntensityRange Range { get; init; }

    /// <summary>Which intensities become −1 and 1 in use. The default is as in training; the released code takes the scan before it is resized.</summary>
    public IntensityRange RangeInUse { get; init; }

    /// <summary>Whether a sample of the latent code is decoded in use, as in the released code, rather than μ. The default is false.</summary>
    public bool SampleInUse { get; init; }

    /// <summary>
    /// Whether each scan first gets a tone curve that takes from its intensities what tells its hospital: see <see cref="LandmarkErasure"/>.
    /// The autoencoder then learns from, and works on, such scans. The default is false.
    /// </summary>
    public bool ErasesLandmarks { get; init; }

    /// <summary>How what the autoencoder reconstructs gets into the volume. The default is the whole volume, as in paper P1.</summary>
    public TransferMode Transfer { get; init; }

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var problem in Vae.Problems().Concat(Reconstruction.Problems()).Concat(Alignment.SelectMany(term => term.Problems())))
        {
            yield return problem;
        }

        if (!(DivergenceWeight >= 0) || !(AdversarialWeight >= 0))
        {
            yield return "The weights of the loss terms must not be negative.";
        }

        if (Alignment.GroupBy(term => term.LogName).FirstOrDefault(terms => terms.Count() > 1) is { } twice)
        {
            yield return $"alignment has '{twice.Key}' twice; give it once, with the sum of the weights.";
        }

        if (Vae.SkipCount == 0 && Alignment.Any(term => term.Features == AlignedFeatures.Skips))
        {
            yield return "alignment asks for the skips' features, but vae.skips is none.";
        }

        if (SamplesPerDomain < 1 || !(LearningRate > 0) || !(ClipNorm > 0) || MemoryBank < 0 || MicroBatch < 0)
        {
            yield return "samplesPerDomain, learningRate and clipNorm must be positive, memoryBank and microBatch not negative.";
        }

        if (SampleInUse && Transfer != TransferMode.Volume)
        {
            yield return "sampleInUse is for the transfer of the whole volume: a change or patches are taken from the mean of the latent code.";
        }

        var layers = DiscriminatorFeatures.Count;
        if (layers < 2 || DiscriminatorFeatures.Any(count => count < 1) || Vae.InputSize.Any(side => side >> layers < 2))
        {
            yield return "discriminatorFeatures must list at least 2 layers of at least 1 feature, and fewer layers than the input can be halved.";
        }

        if (FlipProbability is not (>= 0 and <= 1) || TurnProbability is not (>= 0 and <= 1))
        {
            yield return "Probabilities must be in [0, 1].";
        }
    }
}
