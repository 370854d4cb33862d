namespace MetSeg.Simulation;

/// <summary>Trains of refocused echoes (TSE, FSE; in 3D SPACE, CUBE or VISTA), with or without an inversion pulse (FLAIR).</summary>
/// <param name="TrMs">Repetition time; longer than the train.</param>
/// <param name="TeMs">Effective echo time.</param>
/// <param name="TrainMs">Length of the echo train, during which nothing recovers.</param>
/// <param name="TiMs">Inversion time; 0 for no inversion.</param>
/// <remarks>
/// PD · |1 − 2·exp(−TI/T1) + exp(−(TR − train)/T1)| · exp(−TE/T2), without inversion PD · (1 − exp(−(TR − train)/T1)) · exp(−TE/T2). Refocusing
/// pulses count as 180°. Bernstein et al., Handbook of MRI Pulse Sequences 2004, 14.2 and 16.4; FLAIR: Hajnal et al., J Comput Assist Tomogr
/// 1992;16:841-844.
/// </remarks>
public sealed record TurboSpinEcho(double TrMs, double TeMs, double TrainMs = 0, double TiMs = 0) : PulseSequence
{
    /// <summary>Flow voids; our choice.</summary>
    public override double FlowSignal => 0.3;

    /// <summary>The inversion time at which a tissue is dark: T1·(ln 2 − ln(1 + exp(−(TR − train)/T1))).</summary>
    public static double NullTiMs(double t1Ms, double trMs, double trainMs = 0) =>
        t1Ms * (Math.Log(2) - Math.Log(1 + Decay(trMs - trainMs, t1Ms)));

    /// <inheritdoc/>
    public override double Signal(Relaxation tissue)
    {
        var recovered = Decay(TrMs - TrainMs, tissue.T1Ms);
        var longitudinal = TiMs == 0 ? 1 - recovered : Math.Abs(1 - (2 * Decay(TiMs, tissue.T1Ms)) + recovered);
        return tissue.ProtonDensity * longitudinal * Decay(TeMs, tissue.T2Ms);
    }
}
