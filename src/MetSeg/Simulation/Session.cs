namespace MetSeg.Simulation;

/// <summary>One patient's examination: the scanner's usual settings and how patient and day differ from the usual.</summary>
/// <param name="Scanner">The usual settings.</param>
/// <param name="Group">The patient's group.</param>
public sealed record Session(Scanner Scanner, PatientGroup Group)
{
    private static readonly double[] same = [.. Enumerable.Repeat(1.0, TissueTable.Count)];

    /// <summary>T1 of each tissue relative to the table's.</summary>
    public IReadOnlyList<double> T1Factors { get; init; } = same;

    /// <summary>Contrast agent in each tissue relative to the usual.</summary>
    public IReadOnlyList<double> UptakeFactors { get; init; } = same;

    /// <summary>Draws a session: T1 varies by 3 %, uptake by 12 %, scale by 20 %, noise and bias field by 15 %; log-normal. All our choice.</summary>
    public static Session Draw(Scanner scanner, PatientGroup group, Random random) => new(
        scanner with
        {
            Scale = scanner.Scale * random.Factor(0.2),
            Noise = scanner.Noise * random.Factor(0.15),
            Bias = scanner.Bias * random.Factor(0.15),
            EdgeBrightness = scanner.EdgeBrightness + (0.04 * random.Normal()),
        },
        group)
    {
        T1Factors = [.. same.Select(_ => random.Factor(0.03))],
        UptakeFactors = [.. same.Select(_ => random.Factor(0.12))],
    };

    /// <summary>How bright a tissue is in an image, relative to white matter.</summary>
    /// <param name="tissue">The tissue.</param>
    /// <param name="weighting">The image.</param>
    /// <param name="uptake">Contrast agent relative to what the session usually has in this tissue.</param>
    public double Brightness(Tissue tissue, ImageWeighting weighting, double uptake = 1) =>
        Signal(tissue, weighting, uptake) / Signal(Tissue.WhiteMatter, weighting, 1);

    private double Signal(Tissue tissue, ImageWeighting weighting, double uptake)
    {
        var sequence = Scanner.Of(weighting);
        var relaxation = Natural(tissue);
        var concentration = weighting == ImageWeighting.T1CE
            ? TissueTable.Uptake(tissue) * UptakeFactors[(int)tissue] * Scanner.Dose * uptake : 0;
        if (tissue is Tissue.Vessel or Tissue.Dura)
        {
            concentration *= Scanner.VascularUptake;
        }

        return sequence.Signal(relaxation.With(Scanner.Agent, concentration)) * (tissue == Tissue.Vessel ? sequence.FlowSignal : 1);
    }

    private Relaxation Natural(Tissue tissue)
    {
        var relaxation = TissueTable.Of(tissue, Scanner.Field);
        if (tissue == Tissue.WhiteMatter)
        {
            var gray = TissueTable.Of(Tissue.GrayMatter, Scanner.Field);
            relaxation = relaxation with { T1Ms = gray.T1Ms + (Group.Myelination * (relaxation.T1Ms - gray.T1Ms)) };
        }

        return relaxation with { T1Ms = relaxation.T1Ms * T1Factors[(int)tissue] };
    }
}
