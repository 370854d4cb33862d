namespace MetSeg.Simulation;

/// <summary>A simulated hospital: its patients' metastases and its scanner.</summary>
/// <param name="Name">The name, as in groups.csv.</param>
/// <param name="MeanMetastases">Mean number of metastases per scan, 1 or more.</param>
/// <param name="MedianCm3">Median volume of a metastasis, in cm³.</param>
/// <param name="MeanCm3">Mean volume of a metastasis, in cm³; above the median.</param>
/// <param name="Scanner">Its scanner.</param>
/// <remarks>
/// From the papers: 12.2 metastases per volume at Stanford and 10.3 at UCSF, the medians and means of both (.054/.352 and .034/.327 cm³;
/// Huang et al. 2024, Table 1), that PKG's are large (arXiv 2604.00397), that UCSF's vessels and meninges enhance strongly and its slices are
/// up to 1.5 mm (Huang et al.). Our choice: all other numbers, in particular those of UCLM and PKG and every setting of the scanners, made
/// so that the four look different as real ones do: Stanford a gradient echo with inversion pulse (strong gray-white contrast, modest
/// enhancement), UCSF one without, UCLM a noisy spin echo (flat, dark vessels), PKG a blurred spin echo of thick slices (bright enhancement).
/// The names stand for these properties, not for the hospitals' patients.
/// </remarks>
public sealed record Institution(string Name, double MeanMetastases, double MedianCm3, double MeanCm3, Scanner Scanner)
{
    /// <summary>The institutions that can be simulated.</summary>
    public static IReadOnlyList<Institution> Known { get; } =
    [
        new("stanford", 12.2, 0.054, 0.352, new Scanner { Scale = 900, Noise = 0.025, Bias = 0.08, Blur = 0.5 }),
        new("ucsf", 10.3, 0.034, 0.327, new Scanner
        {
            Contrast = new Contrast
            {
                Dura = 1.6, CerebrospinalFluid = 0.4, GrayMatter = 0.8, DeepGrayMatter = 0.86, Vessel = 1.9, Edema = 0.78, MetastasisRim = 1.85,
            },
            Scale = 350, Noise = 0.035, Bias = 0.15, Blur = 0.8, SliceRatio = 1.25, Gamma = 0.85,
        }),
        new("uclm", 4, 0.25, 1.4, new Scanner
        {
            Contrast = new Contrast
            {
                Dura = 1.15, CerebrospinalFluid = 0.55, GrayMatter = 0.93, DeepGrayMatter = 0.95, Vessel = 0.75, Edema = 0.85, MetastasisRim = 1.6,
            },
            Scale = 130, Noise = 0.05, Bias = 0.12, Blur = 0.7,
        }),
        new("pkg", 2.5, 0.8, 3.5, new Scanner
        {
            Contrast = new Contrast
            {
                CerebrospinalFluid = 0.45, GrayMatter = 0.86, DeepGrayMatter = 0.9, Vessel = 1.25, Edema = 0.8,
                MetastasisRim = 2.1, MetastasisCore = 0.5,
            },
            Scale = 2200, Noise = 0.02, Bias = 0.2, Blur = 1.3, SliceRatio = 1.5, Gamma = 1.25,
        }),
    ];

    /// <summary>
    /// Standard deviation of the logarithm of the volumes: a log-normal distribution's mean is its median times exp(σ²/2).
    /// </summary>
    public double LogVolumeDeviation => Math.Sqrt(2 * Math.Log(MeanCm3 / MedianCm3));

    /// <summary>The known institution of a name.</summary>
    /// <exception cref="OptionsException">There is none; the message lists those there are.</exception>
    public static Institution Named(string name) =>
        Known.FirstOrDefault(institution => institution.Name == name) ?? throw new OptionsException(UnknownMessage(name));

    /// <summary>What to say of a name that is not known.</summary>
    internal static string UnknownMessage(string name) =>
        $"There is no institution '{name}'. Known are {string.Join(", ", Known.Select(institution => institution.Name))}.";
}
