namespace MetSeg.Simulation;

/// <summary>A simulated hospital: its patients, their metastases and its scanner.</summary>
/// <param name="Name">The name, as in groups.csv.</param>
/// <param name="MeanMetastases">Mean number of metastases per scan, 1 or more.</param>
/// <param name="MedianCm3">Median volume of a metastasis, in cm³.</param>
/// <param name="MeanCm3">Mean volume of a metastasis, in cm³; above the median.</param>
/// <param name="Scanner">Its scanner.</param>
/// <remarks>The names stand for the properties in <see cref="Institutions"/>, not for the hospitals' patients.</remarks>
public sealed record Institution(string Name, double MeanMetastases, double MedianCm3, double MeanCm3, Scanner Scanner)
{
    /// <summary>The institutions that can be simulated.</summary>
    public static IReadOnlyList<Institution> Known => Institutions.All;

    /// <summary>What its lesions are like.</summary>
    public LesionProfile Lesions { get; init; } = new();

    /// <summary>Its patients.</summary>
    public PatientGroup Patients { get; init; } = new();

    /// <summary>
    /// Median to draw from, cm³; by default <see cref="MedianCm3"/>. Another where no log-normal has the published median, mean and share of
    /// small ones at once.
    /// </summary>
    public double DrawnMedianCm3 { get; init; } = MedianCm3;

    /// <summary>
    /// Standard deviation of the logarithm of the volumes: a log-normal distribution's mean is its median times exp(σ²/2).
    /// </summary>
    public double LogVolumeDeviation => Math.Sqrt(2 * Math.Log(MeanCm3 / DrawnMedianCm3));

    /// <summary>The known institution of a name.</summary>
    /// <exception cref="OptionsException">There is none; the message lists those there are.</exception>
    public static Institution Named(string name) =>
        Known.FirstOrDefault(institution => institution.Name == name) ?? throw new OptionsException(UnknownMessage(name));

    /// <summary>What to say of a name that is not known.</summary>
    internal static string UnknownMessage(string name) =>
        $"There is no institution '{name}'. Known are {string.Join(", ", Known.Select(institution => institution.Name))}.";
}
