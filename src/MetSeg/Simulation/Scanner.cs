namespace MetSeg.Simulation;

/// <summary>The usual settings of an institution's scanner.</summary>
public sealed record Scanner
{
    /// <summary>The magnet. The default is 1.5 T.</summary>
    public FieldStrength Field { get; init; }

    /// <summary>The T1-weighted sequence, before and after contrast agent. The default is an MPRAGE.</summary>
    public PulseSequence T1 { get; init; } = new TurboFieldEcho(2200, 1000, 3.2, 9, 160, 7.6);

    /// <summary>The T2-weighted sequence.</summary>
    public PulseSequence T2 { get; init; } = new TurboSpinEcho(5000, 95, 150);

    /// <summary>The sequence with dark fluid: inverted so that fluid gives no signal at the scanner's field strength.</summary>
    public PulseSequence Flair => new TurboSpinEcho(
        9000, 115, 200, TurboSpinEcho.NullTiMs(TissueTable.Of(Tissue.CerebrospinalFluid, Field).T1Ms, 9000, 200));

    /// <summary>Dose of contrast agent relative to 0.1 mmol/kg. The default is 1.</summary>
    public double Dose { get; init; } = 1;

    /// <summary>Uptake of dura and vessels relative to the usual, as it varies with time after the injection. The default is 1.</summary>
    public double VascularUptake { get; init; } = 1;

    /// <summary>Whether the agent is gadobutrol (default) or the weaker gadoterate.</summary>
    public bool Gadobutrol { get; init; } = true;

    /// <summary>Value of white matter in the stored image. The default is 1000.</summary>
    public double Scale { get; init; } = 1000;

    /// <summary>Standard deviation of the noise in each real channel, relative to white matter. The default is 0.03.</summary>
    public double Noise { get; init; } = 0.03;

    /// <summary>Receiver coils whose magnitudes are combined as root of the sum of squares; 1 gives Rician noise. The default is 1.</summary>
    public int Coils { get; init; } = 1;

    /// <summary>Standard deviation of the logarithm of the random part of the bias field. The default is 0.1.</summary>
    public double Bias { get; init; } = 0.1;

    /// <summary>
    /// Logarithm of brightness 80 mm from the center relative to the center: above 0 for surface coils, below 0 for the dielectric
    /// effect at 3 T. The default is 0.
    /// </summary>
    public double EdgeBrightness { get; init; }

    /// <summary>Acquired voxel relative to the stored one within a slice, 1 or more. The default is 1.</summary>
    public double Resolution { get; init; } = 1;

    /// <summary>
    /// Window over k-space: 1 none, so that edges ring (Gibbs), 0.54 Hamming's, which blurs. The default is 0.7.
    /// </summary>
    public double KSpaceWindow { get; init; } = 0.7;

    /// <summary>Stored voxel within a slice, mm. The default is 1.</summary>
    public double InPlaneMm { get; init; } = 1;

    /// <summary>Distance and thickness of slices, mm. The default is 1.</summary>
    public double SliceMm { get; init; } = 1;

    /// <summary>Axis order in which the institution stores its images, such as "LPS". The default is "RAS".</summary>
    public string Orientation { get; init; } = "RAS";

    /// <summary>The sequence of an image.</summary>
    public PulseSequence Of(ImageWeighting weighting) => weighting switch
    {
        ImageWeighting.T2 => T2,
        ImageWeighting.Flair => Flair,
        _ => T1,
    };

    /// <summary>The contrast agent at the scanner's field strength.</summary>
    public ContrastAgent Agent => Gadobutrol ? ContrastAgent.Gadobutrol(Field) : ContrastAgent.Gadoterate(Field);
}
