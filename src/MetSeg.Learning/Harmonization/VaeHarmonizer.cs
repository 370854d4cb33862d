using MetSeg.Files;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MetSeg.Learning.Harmonization;

/// <summary>What a harmonizer's folder says of it, in harmonizer.json: how it was made and which cases it has seen.</summary>
/// <param name="Options">How it was trained.</param>
/// <param name="Epochs">Epochs it was trained for.</param>
/// <param name="StepsPerEpoch">Steps per epoch.</param>
/// <param name="Seed">Seed of every random choice.</param>
/// <param name="Domains">The institutions, in the order of their numbers.</param>
/// <param name="TrainingCases">Cases whose scans it learnt from.</param>
/// <param name="ValidationCases">Cases whose scans chose its best weights.</param>
/// <param name="PlansDigest">Digest of the plans that its input was preprocessed with.</param>
public sealed record HarmonizerCard(
    VaeMmdOptions Options,
    int Epochs,
    int StepsPerEpoch,
    long Seed,
    IReadOnlyList<string> Domains,
    IReadOnlyList<string> TrainingCases,
    IReadOnlyList<string> ValidationCases,
    string PlansDigest)
{
    /// <summary>Name of the file in a harmonizer's folder.</summary>
    public const string FileName = "harmonizer.json";
}

/// <summary>
/// A trained VAE-MMD harmonizer: reconstructs preprocessed T1CE volumes in the look that the domains share. The same input gives the same
/// output: the latent mean is decoded, or a sample drawn from the run's seed. Background keeps its value.
/// </summary>
/// <remarks>Paper P1 (arXiv 2604.00397): reconstruct every volume, rescale to its own range of intensities.</remarks>
public sealed class VaeHarmonizer : Harmonizer
{
    /// <summary>Prefix of the autoencoder's tensors in a checkpoint.</summary>
    public const string Prefix = "vae";

    private readonly HarmonizationVae vae;
    private readonly Device device;

    private VaeHarmonizer(HarmonizerCard card, HarmonizationVae vae, Device device)
    {
        (Card, this.vae, this.device) = (card, vae, device);
    }

    /// <summary>The tone curve that comes before the autoencoder; null where there is none.</summary>
    public LandmarkErasure? Landmarks { get; private init; }

    /// <summary>What its own scans are like; null where there were too few of them to say.</summary>
    public OutOfDistribution? Distribution { get; private init; }

    /// <summary>How it was made and which cases it has seen.</summary>
    public HarmonizerCard Card { get; }

    /// <summary>Loads a harmonizer from its folder.</summary>
    /// <param name="folder">Holds harmonizer.json and the weights.</param>
    /// <param name="weights">Name of the weights' file.</param>
    /// <param name="device">Where it computes.</param>
    /// <exception cref="MetSegException">A file is missing, damaged or does not fit the other.</exception>
    public static VaeHarmonizer Load(string folder, string weights, Device device)
    {
        var card = JsonFile.Read<HarmonizerCard>(Path.Combine(folder, HarmonizerCard.FileName), JsonFile.OwnStyle);
        using var generator = new Generator(0);
        var vae = new HarmonizationVae(card.Options.Vae, generator);
        Weights.Load(Path.Combine(folder, weights), Prefix, vae);
        vae.to(device);
        vae.eval();
        var distribution = Path.Combine(folder, OutOfDistribution.FileName);
        return new VaeHarmonizer(card, vae, device)
        {
            Landmarks = card.Options.ErasesLandmarks ? LandmarkErasure.Read(Path.Combine(folder, LandmarkErasure.FileName)) : null,
            Distribution = File.Exists(distribution) ? JsonFile.Read<OutOfDistribution>(distribution, JsonFile.OwnStyle) : null,
        };
    }

    /// <inheritdoc/>
    public override HarmonizedVolume Harmonize(Volume volume)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (toned, input, frame, code) = Encode(volume);
        var output = new Lazy<Volume>(() => Reconstruct(code, frame.InputGrid));
        var harmonized = Card.Options.Transfer switch
        {
            TransferMode.Patches => frame.FromUnit(PatchTransfer.Reconstruct(vae, frame.ToUnit(toned), code.First(), Card.Options.Vae.InputSize), toned),
            TransferMode.Residual => frame.AddChange(toned, input, output.Value),
            _ => frame.Leave(output.Value),
        };
        return new HarmonizedVolume(Background.Keep(volume, harmonized), Distribution?.Score(Describe(input, code, output.Value)));
    }

    /// <summary>The latent mean μ of a preprocessed volume; of a spatial code mean and standard deviation of each channel.</summary>
    public override double[] Latent(Volume volume)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Latent(Encode(volume).Code);
    }

    /// <summary>What tells a preprocessed volume from others: its latent code, and how badly it is reconstructed.</summary>
    public ScanDescription Describe(Volume volume)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (_, input, frame, code) = Encode(volume);
        return Describe(input, code, Reconstruct(code, frame.InputGrid));
    }

    /// <summary>
    /// A preprocessed volume decoded from its latent code moved by a vector, with its own skips: of a spatial code, each channel is shifted and
    /// stretched to the moved mean and standard deviation.
    /// </summary>
    /// <param name="volume">The volume.</param>
    /// <param name="move">As long as <see cref="Latent(Volume)"/>.</param>
    /// <returns>On the autoencoder's grid, in the volume's range of intensities.</returns>
    public Volume DecodeMoved(Volume volume, IReadOnlyList<double> move)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (_, _, frame, whole) = Encode(volume);
        var code = whole.First();
        var moved = tensor(move.Select(value => (float)value).ToArray(), [1, move.Count], device: device);
        var mean = code.Mean.dim() == 2 ? code.Mean + moved : code.WithStatistics(code.Vector() + moved);
        var decoded = vae.Decode(cat(SingleSample.Double(mean), 0), whole.Skips);
        return VolumeTensor.ToVolume(((decoded[0] + 1) * ((frame.Maximum - frame.Minimum) / 2)) + frame.Minimum, frame.InputGrid);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        vae.Dispose();
        base.Dispose();
    }

    /// <summary>The volume by its tone curve, and the code of the whole of it, resized; twice where that is faster: see <see cref="SingleSample"/>.</summary>
    private (Volume Toned, Volume Input, IntensityFrame Frame, LatentCode Code) Encode(Volume original)
    {
        var volume = Landmarks?.Apply(original) ?? original;
        var (input, frame) = IntensityFrame.Enter(volume, Card.Options.Vae.InputSize, Card.Options.RangeInUse);
        return (volume, input, frame, vae.Encode(cat(SingleSample.Double(VolumeTensor.FromVolumes([input]).to(device)), 0)));
    }

    private static double[] Latent(LatentCode code) => [.. VolumeTensor.ToArray(code.Vector()[0]).Select(value => (double)value)];

    private static ScanDescription Describe(Volume input, LatentCode code, Volume output)
    {
        var background = Background.Of(input);
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < input.Voxels.Length; i++)
        {
            if (input.Voxels[i] != background)
            {
                sum += Math.Abs(input.Voxels[i] - output.Voxels[i]);
                count++;
            }
        }

        return new ScanDescription(Latent(code), count == 0 ? 0 : sum / count);
    }

    /// <summary>Decodes μ, or where the options say so μ + σ·ε with ε drawn anew from the run's seed for each volume.</summary>
    private Volume Reconstruct(LatentCode code, Grid inputGrid)
    {
        using var scope = NewDisposeScope();
        if (!Card.Options.SampleInUse)
        {
            return VolumeTensor.ToVolume(vae.Decode(code.Mean, code.Skips)[0], inputGrid);
        }

        using var generator = new Generator((ulong)Seeds.Derive(Card.Seed, "sample in use"), device);
        var noise = randn(code.Mean.shape, generator: generator, device: device);
        return VolumeTensor.ToVolume(vae.Decode(code.Mean + ((0.5 * code.LogVariance).exp() * noise), code.Skips)[0], inputGrid);
    }
}
