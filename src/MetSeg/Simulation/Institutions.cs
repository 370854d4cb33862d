namespace MetSeg.Simulation;

/// <summary>
/// The hospitals of the papers, one by one. "P1" is arXiv 2604.00397, "P2" Huang et al. 2024 and its Table 1 (number per volume, median and mean
/// size, voxel sizes), "P3" medRxiv 2025.08.22.25334255, "P5" Fu et al. 2024. What is not said to be from a paper is our choice: sequence timings,
/// noise, coils, bias, intensity scale, k-space window and stored orientation everywhere.
/// </summary>
internal static class Institutions
{
    private static readonly TurboFieldEcho magnetom = new(1900, 1100, 3, 15, 176, 7);
    private static readonly TurboFieldEcho bravo = new(1900, 450, 3.2, 12, 190, 4.6);

    /// <summary>The four of P1, which are simulated where none are named.</summary>
    public static IReadOnlyList<string> OfFirstPaper { get; } = ["stanford", "ucsf", "uclm", "pkg"];

    /// <summary>All, those of P1 first.</summary>
    public static IReadOnlyList<Institution> All { get; } =
    [
        Stanford, Ucsf, Uclm, Pkg, Uker, Usz, Nyu, Brats, Bcm, GammaKnife, AdultGlioma, PediatricGlioma,
    ];

    /// <summary>
    /// P2: number, sizes, 0.94 × 1 mm. The median is drawn as 0.049 cm³: a log-normal of .054 and .352 has 62 % up to 0.1 cm³, the paper 67.5 %.
    /// Our choice: an inversion-prepared gradient echo at 3 T.
    /// </summary>
    private static Institution Stanford => new("stanford", 12.2, 0.054, 0.352, new Scanner
    {
        Field = FieldStrength.Tesla3, T1 = bravo, Scale = 900, Noise = 0.03, Bias = 0.07, EdgeBrightness = -0.1,
        KSpaceWindow = 0.8, InPlaneMm = 0.94, SliceMm = 1, Orientation = "LPS",
    })
    { DrawnMedianCm3 = 0.049 };

    /// <summary>
    /// P2: number, sizes, up to 1 × 1.5 mm, vessels and meninges strongly enhanced. Our choice: a spoiled gradient echo without inversion at 3 T.
    /// </summary>
    private static Institution Ucsf => new("ucsf", 10.3, 0.034, 0.327, new Scanner
    {
        Field = FieldStrength.Tesla3, T1 = new SpoiledGradientEcho(8, 3, 15), Scale = 350, Noise = 0.035, Bias = 0.13, EdgeBrightness = 0.12, Coils = 2,
        VascularUptake = 1.9, KSpaceWindow = 0.62, Resolution = 1.15, InPlaneMm = 1, SliceMm = 1.5, Orientation = "LPS",
    });

    /// <summary>P1: 209 patients. Number, sizes and all else are our choice: a noisy spin echo at 1.5 T, flat contrast, dark vessels.</summary>
    private static Institution Uclm => new("uclm", 4, 0.25, 1.4, new Scanner
    {
        Field = FieldStrength.Tesla1_5, T1 = new SpinEcho(560, 12), Scale = 130, Noise = 0.055, Bias = 0.12, KSpaceWindow = 0.9,
        InPlaneMm = 0.9, SliceMm = 1.2,
    });

    /// <summary>P1: large, from lung cancer. Number, sizes and all else are our choice: a blurred turbo spin echo of thick slices at 3 T.</summary>
    private static Institution Pkg => new("pkg", 2.5, 0.8, 3.5, new Scanner
    {
        Field = FieldStrength.Tesla3, T1 = new TurboSpinEcho(800, 9, 40), Scale = 2200, Noise = 0.02, Bias = 0.18, EdgeBrightness = -0.2, Gadobutrol = true,
        KSpaceWindow = 0.54, Resolution = 1.45, InPlaneMm = 1, SliceMm = 4.5, Orientation = "LPS",
    });

    /// <summary>P2: number, sizes, Siemens at 1.5 T with MPRAGE, 1 mm.</summary>
    private static Institution Uker => new("uker", 2.2, 0.132, 1.642, new Scanner
    {
        Field = FieldStrength.Tesla1_5, T1 = magnetom, Scale = 320, Noise = 0.04, Bias = 0.08, EdgeBrightness = 0.1, Orientation = "LPS",
    });

    /// <summary>
    /// P2: number, sizes, Philips at 3 T with TFE, 0.6 mm, leptomeningeal lesions near the cortex. Our choice: that these are 45 % of the small ones.
    /// </summary>
    private static Institution Usz => new("usz", 4.2, 0.229, 1.506, new Scanner
    {
        Field = FieldStrength.Tesla3, T1 = new TurboFieldEcho(2300, 950, 3.8, 8, 150, 8.2), Scale = 600, Noise = 0.045, Bias = 0.09, EdgeBrightness = -0.12,
        Gadobutrol = true, KSpaceWindow = 0.75, InPlaneMm = 0.6, SliceMm = 0.6, Orientation = "RAS",
    })
    { Lesions = new LesionProfile { Leptomeningeal = 0.45 } };

    /// <summary>P2: number, sizes, up to 1 × 5 mm, many thick-slice 2D spin echoes.</summary>
    private static Institution Nyu => new("nyu", 6.6, 0.078, 0.828, new Scanner
    {
        Field = FieldStrength.Tesla1_5, T1 = new SpinEcho(620, 14), Scale = 500, Noise = 0.025, Bias = 0.1, Resolution = 1.1,
        InPlaneMm = 0.9, SliceMm = 5, Orientation = "LPS",
    });

    /// <summary>P2: number, sizes, up to 1 × 5 mm, many thick-slice 2D spin echoes, of many hospitals.</summary>
    private static Institution Brats => new("brats", 7.8, 0.073, 1.371, new Scanner
    {
        Field = FieldStrength.Tesla3, T1 = new SpinEcho(500, 9), Scale = 700, Noise = 0.03, Bias = 0.1, EdgeBrightness = -0.1, Gadobutrol = false,
        InPlaneMm = 1, SliceMm = 5, Orientation = "LPS",
    });

    /// <summary>Number, sizes and all else are our choice: an MPRAGE at 3 T of one voxel size.</summary>
    private static Institution Bcm => new("bcm", 5, 0.1, 0.9, new Scanner
    {
        Field = FieldStrength.Tesla3, T1 = new TurboFieldEcho(2300, 900, 3, 9, 160, 7.1), Scale = 450, Noise = 0.03, Bias = 0.11, EdgeBrightness = 0.05,
        InPlaneMm = 1, SliceMm = 1, Orientation = "LPS",
    });

    /// <summary>
    /// P3: 397 lesions in 91 patients, so 4.4 each; planning scans of radiosurgery, resampled to 1 × 1.5 mm. Our choice: sizes, a spoiled gradient echo
    /// at 1.5 T.
    /// </summary>
    private static Institution GammaKnife => new("tcia-gk", 4.4, 0.11, 0.8, new Scanner
    {
        Field = FieldStrength.Tesla1_5, T1 = new SpoiledGradientEcho(20, 4.6, 25), Scale = 250, Noise = 0.03, Bias = 0.08, Resolution = 1.1,
        InPlaneMm = 1, SliceMm = 1.5, Orientation = "LPS",
    });

    /// <summary>P5: adult glioma, one large ring-enhancing tumor with edema. All else is our choice.</summary>
    private static Institution AdultGlioma => new("glioma-adult", 1, 30, 40, new Scanner
    {
        Field = FieldStrength.Tesla3, T1 = magnetom, Scale = 800, Noise = 0.03, Bias = 0.08, Orientation = "LPS",
    })
    { Lesions = new LesionProfile { Cored = 0.95, Cystic = 0.05, Hemorrhagic = 0.05, Edematous = 1, RimScale = 1.7, LargestMm3 = 120_000 } };

    /// <summary>
    /// P5: pediatric glioma, where few enhance much. Our choice: smaller heads with less myelin, no atrophy, solid tumors with a thin rim in the
    /// lower brain and midline, little edema.
    /// </summary>
    private static Institution PediatricGlioma => new("glioma-pediatric", 1, 18, 25, new Scanner
    {
        Field = FieldStrength.Tesla3, T1 = new SpinEcho(560, 10), Scale = 500, Noise = 0.035, Bias = 0.1, Orientation = "LPS",
    })
    {
        Patients = new PatientGroup { HeadScale = 0.92, Atrophy = 0, Myelination = 0.7 },
        Lesions = new LesionProfile { Cored = 1, Cystic = 0.2, Hemorrhagic = 0, Solid = 0.75, Edematous = 0.25, RimScale = 0.6, Infratentorial = 0.85, LargestMm3 = 80_000 },
    };
}
