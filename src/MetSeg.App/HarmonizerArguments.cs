using System.CommandLine;
using System.Numerics;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Losses;

namespace MetSeg.App;

/// <summary>How a harmonizer is trained: a preset, and the few options that differ from it most often.</summary>
internal sealed class HarmonizerArguments
{
    private readonly Option<string> preset = new Option<string>("--preset")
    {
        Description = "published: the paper's text; released: its code; ours: spatial code, living kernel, aligned skips.",
        DefaultValueFactory = _ => "published",
    }.OneOf("published", "released", "ours");

    private readonly Option<int?> size = Number<int>("--size", "Voxels of the autoencoder's input along each axis. The presets have 128.");
    private readonly Option<int?> features = Number<int>("--base-features", "Features of the first block; each of the four blocks doubles them.");
    private readonly Option<int?> latent = Number<int>("--latent", "Length of the latent code, or its channels where it is spatial.");
    private readonly Option<KernelWidth?> kernel = new Option<KernelWidth?>("--kernel")
    {
        Description = "Kernel width of the MMD: fixed (the paper's) or median (of the codes' distances).",
    }.OneOf("fixed", "median");

    private readonly Option<double?> alignment = Number<double>("--alignment-weight", "Weight of every alignment term. The presets have 10.");
    private readonly Option<int?> samples = Number<int>("--samples-per-hospital", "Scans of each hospital in every batch.");
    private readonly Option<int?> microBatch = Number<int>("--micro-batch", "Scans in memory at once; 0 for the whole batch.");
    private readonly Option<double?> rate = Number<double>("--learning-rate", "Learning rate. The presets have 1e-4.");

    private readonly Option<TransferMode?> transfer = new Option<TransferMode?>("--transfer")
    {
        Description = "What gets into the scan: volume (resized and back: the paper's), residual (the change alone; ours), patches (at the scan's own resolution).",
    }.OneOf("volume", "residual", "patches");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { preset, size, features, latent, kernel, alignment, samples, microBatch, rate, transfer })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The preset with what was given instead.</summary>
    public VaeMmdOptions Read(ParseResult parse)
    {
        var options = parse.GetRequiredValue(preset) switch
        {
            "released" => VaeMmdOptions.Released,
            "ours" => VaeMmdOptions.Ours,
            _ => VaeMmdOptions.Published,
        };
        var vae = options.Vae;
        IReadOnlyList<int> blocks = parse.GetValue(features) is { } first ? [.. vae.Features.Select((_, block) => first << block)] : vae.Features;
        var side = parse.GetValue(size) ?? vae.InputSize[0];
        var (width, weight) = (parse.GetValue(kernel), parse.GetValue(alignment));
        var mode = parse.GetValue(transfer) ?? options.Transfer;
        return options with
        {
            Vae = vae with { InputSize = [side, side, side], Features = blocks, Latent = parse.GetValue(latent) ?? vae.Latent },
            DiscriminatorFeatures = [.. blocks.Take(Math.Clamp(BitOperations.Log2((uint)Math.Max(side, 1)) - 1, 2, blocks.Count))],
            Alignment = [.. options.Alignment.Select(term => term is DiscrepancyAlignment mmd
                ? mmd with { Width = width ?? mmd.Width, Weight = weight ?? mmd.Weight }
                : term with { Weight = weight ?? term.Weight })],
            SamplesPerDomain = parse.GetValue(samples) ?? options.SamplesPerDomain,
            MicroBatch = parse.GetValue(microBatch) ?? options.MicroBatch,
            LearningRate = parse.GetValue(rate) ?? options.LearningRate,
            Transfer = mode,
            SampleInUse = options.SampleInUse && mode == TransferMode.Volume,
        };
    }

    /// <summary>The option that takes a harmonizer though small lesions lose contrast.</summary>
    public static Option<bool> AcceptContrastLoss() => new("--accept-contrast-loss")
    {
        Description = "Take a harmonizer though it lowers the contrast of lesions of at most 0.1 cm³ by more than 5 %.",
    };

    private static Option<T?> Number<T>(string name, string description)
        where T : struct => new(name) { Description = description, HelpName = "N" };
}
