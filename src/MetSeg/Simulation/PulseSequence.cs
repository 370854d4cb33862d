namespace MetSeg.Simulation;

/// <summary>How a scanner turns relaxation times into brightness. Times are in ms, angles in degrees.</summary>
public abstract record PulseSequence
{
    /// <summary>Magnitude of the signal of a tissue, relative to that of water right after a 90° pulse from equilibrium; not negative.</summary>
    public abstract double Signal(Relaxation tissue);

    /// <summary>What blood that moves through the slice keeps of its signal, 0 to 1: the flow void of spin echoes.</summary>
    public virtual double FlowSignal => 1;

    /// <summary>Share of the magnetization that remains to relax after a time: exp(−t/T).</summary>
    protected static double Decay(double timeMs, double relaxationMs) => Math.Exp(-timeMs / relaxationMs);
}
