namespace MetSeg.Simulation;

/// <summary>Spoiled gradient echo in its steady state (FLASH, SPGR, T1-FFE).</summary>
/// <param name="TrMs">Repetition time.</param>
/// <param name="TeMs">Echo time.</param>
/// <param name="FlipDegrees">Flip angle.</param>
/// <remarks>
/// PD · sin α · (1 − E1)/(1 − E1·cos α) · exp(−TE/T2*), E1 = exp(−TR/T1). Ernst and Anderson, Rev Sci Instrum 1966;37:93-102; Haase et al.,
/// J Magn Reson 1986;67:258-266.
/// </remarks>
public sealed record SpoiledGradientEcho(double TrMs, double TeMs, double FlipDegrees) : PulseSequence
{
    /// <summary>The flip angle at which a tissue is brightest, in degrees: cos α = exp(−TR/T1).</summary>
    public static double ErnstDegrees(double trMs, double t1Ms) => double.RadiansToDegrees(Math.Acos(Decay(trMs, t1Ms)));

    /// <inheritdoc/>
    public override double Signal(Relaxation tissue)
    {
        var (sine, cosine) = Math.SinCos(double.DegreesToRadians(FlipDegrees));
        var e1 = Decay(TrMs, tissue.T1Ms);
        return tissue.ProtonDensity * sine * (1 - e1) / (1 - (e1 * cosine)) * Decay(TeMs, tissue.T2StarMs);
    }
}
