using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Losses;

namespace MetSeg.Learning.Training;

/// <summary>Watches the steps of an epoch for the two ways in which a VAE-MMD can train to the end without doing anything.</summary>
/// <remarks>papers.md, P1, weaknesses 3 (dead kernel) and 5 (posterior collapse).</remarks>
internal sealed class HarmonizationHealth(VaeMmdOptions options)
{
    private const double DeadKernel = 1e-6;
    private const double NoGradient = 1e-8;
    private const double LeastActiveShare = 0.01;

    private readonly Dictionary<string, double> sums = [];
    private int steps;

    /// <summary>Variance of μ over scans above which a latent unit counts as active.</summary>
    /// <remarks>Burda et al., ICLR 2016, section 5.2.</remarks>
    public const double ActiveVariance = 0.01;

    /// <summary>Adds the figures of a step.</summary>
    public void Add(IEnumerable<KeyValuePair<string, double>> figures)
    {
        steps++;
        foreach (var (name, value) in figures)
        {
            sums[name] = sums.GetValueOrDefault(name) + value;
        }
    }

    /// <summary>Mean of a figure over the steps; NaN where there was none.</summary>
    public double Mean(string name) => sums.TryGetValue(name, out var sum) ? sum / steps : double.NaN;

    /// <summary>Begins a new epoch.</summary>
    public void Clear()
    {
        sums.Clear();
        steps = 0;
    }

    /// <summary>What is wrong, one sentence each.</summary>
    /// <param name="activeUnits">Latent units whose μ varies over the held-out scans; null where these are too few to say.</param>
    /// <param name="units">Latent units in all.</param>
    public IReadOnlyList<string> Warnings(int? activeUnits, int units) =>
        [
            .. options.Alignment.OfType<DiscrepancyAlignment>().Where(term => term.Weight > 0).Select(Dead).OfType<string>(),
            .. Collapsed(activeUnits, units),
        ];

    private string? Dead(DiscrepancyAlignment term)
    {
        var (where, suffix) = term.Features == AlignedFeatures.Latent ? ("latent code", "") : ("skips", "Skips");
        var (kernel, gradient) = (Mean($"kernelMean{suffix}"), Mean($"alignmentGradient{suffix}"));
        var remedy = term.Width == KernelWidth.Fixed ? "Use --kernel median" : "Look whether the features have collapsed";
        return kernel < DeadKernel
            ? $"The MMD of the {where} is dead: the kernel between different scans is {Short(kernel)} on average, so that it aligns nothing. {remedy}."
            : gradient < NoGradient
            ? $"The MMD of the {where} is dead: its gradient has a norm of {Short(gradient)}, so that it aligns nothing. {remedy}."
            : null;
    }

    private static IEnumerable<string> Collapsed(int? activeUnits, int units)
    {
        if (activeUnits is { } active && active < Math.Max(1, LeastActiveShare * units))
        {
            yield return $"The latent code has collapsed: {active} of {units} units vary over the held-out scans, so that a low MMD means nothing. "
                + "Lower the weight of the divergence.";
        }
    }

    private static string Short(double value) => value.ToString("0.0e0", System.Globalization.CultureInfo.InvariantCulture);
}
