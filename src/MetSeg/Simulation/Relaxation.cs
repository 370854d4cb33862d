namespace MetSeg.Simulation;

/// <summary>What a pulse sequence sees of a tissue.</summary>
/// <param name="T1Ms">Longitudinal relaxation time, ms.</param>
/// <param name="T2Ms">Transverse relaxation time, ms.</param>
/// <param name="T2StarMs">Transverse relaxation time without refocusing, ms; at most <paramref name="T2Ms"/>.</param>
/// <param name="ProtonDensity">Relative to water; 0 for none.</param>
public readonly record struct Relaxation(double T1Ms, double T2Ms, double T2StarMs, double ProtonDensity)
{
    /// <summary>
    /// The tissue with contrast agent in it: 1/T' = 1/T + r·C, with r1 for T1 and r2 for T2 and T2* (the agent's extra susceptibility
    /// effect on T2* is left out).
    /// </summary>
    /// <param name="agent">The agent's relaxivities.</param>
    /// <param name="concentration">Concentration in the tissue, mmol/L; not negative.</param>
    /// <remarks>Linear relaxivity: Rohrer et al., Invest Radiol 2005;40:715-724.</remarks>
    public Relaxation With(ContrastAgent agent, double concentration)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(concentration);
        return this with
        {
            T1Ms = Shorten(T1Ms, agent.R1 * concentration),
            T2Ms = Shorten(T2Ms, agent.R2 * concentration),
            T2StarMs = Shorten(T2StarMs, agent.R2 * concentration),
        };
    }

    private static double Shorten(double timeMs, double ratePerSecond) => 1 / ((1 / timeMs) + (ratePerSecond / 1000));
}
