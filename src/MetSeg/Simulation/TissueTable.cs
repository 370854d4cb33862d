namespace MetSeg.Simulation;

/// <summary>Relaxation times, proton density and uptake of contrast agent of every <see cref="Tissue"/>.</summary>
/// <remarks>
/// Measured (T1/T2/T2* in ms):
/// <list type="bullet">
/// <item>White and gray matter, cerebrospinal fluid at 1.5 T, and proton densities: BrainWeb (Kwan et al., IEEE Trans Med Imaging
/// 1999;18:1085-1097): 500/70/61, 833/83/69, 2569/329/58; densities 0.77, 0.86, 1.</item>
/// <item>White and gray matter at 3 T: Wansapura et al., J Magn Reson Imaging 1999;9:531-538: 832/80/45, 1331/110/48.</item>
/// <item>Fluid's T1 at 3 T: Lin et al., Magn Reson Med 2001;45:893-896: 4163.</item>
/// <item>Blood: Stanisz et al., Magn Reson Med 2005;54:507-512: 1441/290 and 1932/275.</item>
/// <item>Muscle, fat and marrow: Gold et al., AJR 2004;183:343-351: 1130/35, 288/165, 288/165 at 1.5 T; 1420/32, 371/133, 365/133 at 3 T.</item>
/// </list>
/// Our choice: all of edema, tumor, necrosis, cyst, hemorrhage, plexus, dura, skin, mucosa, deep gray matter (between white and cortex), every T2*
/// not listed, and bone as the little of it that gives signal. Uptake is our choice throughout: mmol/L some minutes after 0.1 mmol/kg. That of blood
/// is 1 mmol/L of plasma at a hematocrit of 0.45; brain has 4 % of blood in it; the rest is set so that enhancement looks as in the clinic.
/// </remarks>
public static class TissueTable
{
    private static readonly Row[] rows =
    [
        new(Tissue.Air, new(1000, 100, 50, 0), new(1000, 100, 50, 0), 0),
        new(Tissue.Fat, new(288, 165, 40, 0.9), new(371, 133, 25, 0.9), 0.01),
        new(Tissue.Muscle, new(1130, 35, 28, 0.9), new(1420, 32, 22, 0.9), 0.08),
        new(Tissue.Bone, new(400, 6, 2, 0.12), new(500, 6, 1.5, 0.12), 0),
        new(Tissue.Dura, new(900, 45, 25, 0.75), new(1100, 42, 18, 0.75), 0.22),
        new(Tissue.CerebrospinalFluid, new(2569, 329, 58, 1), new(4163, 329, 58, 1), 0),
        new(Tissue.GrayMatter, new(833, 83, 69, 0.86), new(1331, 110, 48, 0.86), 0.022),
        new(Tissue.WhiteMatter, new(500, 70, 61, 0.77), new(832, 80, 45, 0.77), 0.012),
        new(Tissue.DeepGrayMatter, new(690, 74, 55, 0.83), new(1130, 88, 38, 0.83), 0.018),
        new(Tissue.Vessel, new(1441, 290, 60, 0.9), new(1932, 275, 40, 0.9), 0.55),
        new(Tissue.Edema, new(950, 150, 110, 0.88), new(1480, 150, 90, 0.88), 0.02),
        new(Tissue.MetastasisRim, new(1000, 110, 70, 0.86), new(1500, 110, 50, 0.86), 0.42),
        new(Tissue.Necrosis, new(1700, 230, 120, 0.93), new(2500, 230, 90, 0.93), 0.04),
        new(Tissue.Cyst, new(2200, 300, 150, 0.98), new(3300, 300, 120, 0.98), 0.01),
        new(Tissue.Hemorrhage, new(480, 65, 25, 0.85), new(620, 60, 16, 0.85), 0.05),
        new(Tissue.SolidTumor, new(1050, 130, 90, 0.88), new(1600, 130, 70, 0.88), 0.05),
        new(Tissue.ChoroidPlexus, new(1200, 120, 60, 0.9), new(1700, 120, 45, 0.9), 0.5),
        new(Tissue.Marrow, new(288, 165, 20, 0.32), new(365, 133, 12, 0.32), 0.02),
        new(Tissue.Skin, new(900, 40, 25, 0.75), new(1150, 36, 18, 0.75), 0.12),
        new(Tissue.Vitreous, new(2800, 500, 200, 1), new(4200, 500, 150, 1), 0),
        new(Tissue.Mucosa, new(1100, 80, 40, 0.88), new(1500, 75, 28, 0.88), 0.12),
    ];

    /// <summary>Number of tissues; their values run from 0 to this minus 1.</summary>
    public static int Count => rows.Length;

    /// <summary>A tissue without contrast agent.</summary>
    public static Relaxation Of(Tissue tissue, FieldStrength field)
    {
        var row = rows[(int)tissue];
        return field == FieldStrength.Tesla3 ? row.At3Tesla : row.At1_5Tesla;
    }

    /// <summary>Concentration of contrast agent in a tissue some minutes after a dose of 0.1 mmol/kg, mmol/L.</summary>
    public static double Uptake(Tissue tissue) => rows[(int)tissue].Uptake;

    private sealed record Row(Tissue Tissue, Relaxation At1_5Tesla, Relaxation At3Tesla, double Uptake);
}
