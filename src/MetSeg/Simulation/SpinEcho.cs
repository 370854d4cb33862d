namespace MetSeg.Simulation;

/// <summary>Spin echo of 90° and 180° pulses, slice by slice.</summary>
/// <param name="TrMs">Repetition time.</param>
/// <param name="TeMs">Echo time, below <paramref name="TrMs"/>.</param>
/// <remarks>PD · (1 − 2·exp(−(TR − TE/2)/T1) + exp(−TR/T1)) · exp(−TE/T2). Bernstein et al., Handbook of MRI Pulse Sequences 2004, 14.3.</remarks>
public sealed record SpinEcho(double TrMs, double TeMs) : PulseSequence
{
    /// <summary>The default, 0.4, is our choice: blood that leaves the slice between the pulses gives no echo.</summary>
    public override double FlowSignal => 0.4;

    /// <inheritdoc/>
    public override double Signal(Relaxation tissue) =>
        tissue.ProtonDensity * Math.Abs(1 - (2 * Decay(TrMs - (TeMs / 2), tissue.T1Ms)) + Decay(TrMs, tissue.T1Ms)) * Decay(TeMs, tissue.T2Ms);
}
