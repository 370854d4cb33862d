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
public sealed class VaeHarmonizer : IDisposable
{
    /// <summary>Prefix of the autoencoder's tensors in a checkpoint.</summary>
    public const string Prefix = "vae";

    private readonly HarmonizationVae vae;
    private readonly Device device;

    private VaeHarmonizer(HarmonizerCard card, HarmonizationVae vae, Device device)
    {
        (Card, this.vae, this.device) = (card, vae, device);
    }

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
        return new VaeHarmonizer(card, vae, device);
    }

    /// <summary>The harmonized volume, on the same grid and in the same range of intensities.</summary>
    /// <param name="volume">One channel of a preprocessed scan.</param>
    public Volume Apply(Volume volume)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (input, frame) = IntensityFrame.Enter(volume, Card.Options.Vae.InputSize, Card.Options.RangeInUse);
        var image = cat(SingleSample.Double(VolumeTensor.FromVolumes([input]).to(device)), 0);
        var code = vae.Encode(image);
        return KeepBackground(volume, Card.Options.Transfer switch
        {
            TransferMode.Patches => frame.FromUnit(PatchTransfer.Reconstruct(vae, frame.ToUnit(volume), code.First(), Card.Options.Vae.InputSize), volume),
            TransferMode.Residual => frame.AddChange(volume, input, Reconstruct(code, frame.InputGrid)),
            _ => frame.Leave(Reconstruct(code, frame.InputGrid)),
        });
    }

    /// <summary>The latent mean μ of a preprocessed volume; of a spatial code mean and standard deviation of each channel.</summary>
    public double[] Latent(Volume volume)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (input, _) = IntensityFrame.Enter(volume, Card.Options.Vae.InputSize, Card.Options.RangeInUse);
        var vector = SingleSample.Run(image => vae.Encode(image).Vector(), VolumeTensor.FromVolumes([input]).to(device));
        return [.. VolumeTensor.ToArray(vector).Select(value => (double)value)];
    }

    /// <inheritdoc/>
    public void Dispose() => vae.Dispose();

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

    /// <summary>Brings back the background.</summary>
    private static Volume KeepBackground(Volume original, Volume harmonized)
    {
        if (Background.Of(original) is not { } background)
        {
            return harmonized;
        }

        var voxels = harmonized.Voxels.ToArray();
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = original.Voxels[i] == background ? background : voxels[i];
        }

        return new Volume(original.Grid, voxels);
    }
}
