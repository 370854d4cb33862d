namespace MetSeg.Simulation;

/// <summary>
/// Trains of spoiled gradient echoes, each after a preparing pulse: with inversion MPRAGE, BRAVO or inversion-prepared TFE. The contrast is that of
/// the echo in the middle of the train, where the center of k-space is read.
/// </summary>
/// <param name="CycleMs">From one preparing pulse to the next; at least <paramref name="TiMs"/> and half a train.</param>
/// <param name="TiMs">From the preparing pulse to the middle of the train; at least half a train.</param>
/// <param name="TeMs">Echo time.</param>
/// <param name="FlipDegrees">Flip angle of the train.</param>
/// <param name="Echoes">Echoes in a train.</param>
/// <param name="SpacingMs">From one echo to the next.</param>
/// <param name="Preparation">What the preparing pulse leaves of the magnetization: −1 inversion, 0 saturation, 1 no pulse.</param>
/// <remarks>
/// Longitudinal magnetization in the steady state over cycles, solved in closed form. Sequence: Mugler and Brookeman, Magn Reson Med
/// 1990;15:152-157. Approach to the train's own steady state: Deichmann et al., NeuroImage 2000;12:112-127.
/// </remarks>
public sealed record TurboFieldEcho(
    double CycleMs, double TiMs, double TeMs, double FlipDegrees, int Echoes, double SpacingMs, double Preparation = -1) : PulseSequence
{
    /// <inheritdoc/>
    public override double Signal(Relaxation tissue) =>
        tissue.ProtonDensity * Math.Sin(double.DegreesToRadians(FlipDegrees)) * Math.Abs(Magnetization(tissue.T1Ms)) * Decay(TeMs, tissue.T2StarMs);

    /// <summary>Longitudinal magnetization in the middle of the train, relative to equilibrium; negative before the null point.</summary>
    public double Magnetization(double t1Ms)
    {
        var train = Echoes * SpacingMs;
        var (before, after) = (Decay(TiMs - (train / 2), t1Ms), Decay(CycleMs - TiMs - (train / 2), t1Ms));
        var e1 = Decay(SpacingMs, t1Ms);
        var perEcho = e1 * Math.Cos(double.DegreesToRadians(FlipDegrees));
        var limit = (1 - e1) / (1 - perEcho);
        var overTrain = Math.Pow(perEcho, Echoes);

        // M before the pulse = 1 − after·(1 − M after the train); M at the train's start = 1 − before·(1 − Preparation·M before the pulse).
        var constant = 1 - after + (after * ((limit * (1 - overTrain)) + (overTrain * (1 - before))));
        var beforePulse = constant / (1 - (after * overTrain * before * Preparation));
        var start = 1 - (before * (1 - (Preparation * beforePulse)));
        return limit + ((start - limit) * Math.Pow(perEcho, Echoes / 2.0));
    }
}
