namespace MetSeg.Simulation;

/// <summary>A gadolinium contrast agent at one field strength.</summary>
/// <param name="R1">Longitudinal relaxivity in plasma at 37 °C, L/(mmol·s).</param>
/// <param name="R2">Transverse relaxivity in plasma at 37 °C, L/(mmol·s).</param>
/// <remarks>
/// R1 of gadobutrol (4.78 and 4.97 at 1.5 and 3 T) and gadoterate (3.32 and 3.00): Szomolanyi et al., Invest Radiol 2019;54:559-564. R2:
/// Rohrer et al., Invest Radiol 2005;40:715-724 (gadobutrol 6.1 and 7.1, gadoterate 4.3 and 5.5).
/// </remarks>
public sealed record ContrastAgent(double R1, double R2)
{
    /// <summary>Gadobutrol at 1.5 or 3 T.</summary>
    public static ContrastAgent Gadobutrol(FieldStrength field) =>
        field == FieldStrength.Tesla3 ? new(4.97, 7.1) : new(4.78, 6.1);

    /// <summary>Gadoterate at 1.5 or 3 T.</summary>
    public static ContrastAgent Gadoterate(FieldStrength field) =>
        field == FieldStrength.Tesla3 ? new(3.00, 5.5) : new(3.32, 4.3);
}
