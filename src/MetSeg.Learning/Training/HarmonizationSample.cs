namespace MetSeg.Learning.Training;

/// <summary>An autoencoder input and the domain it comes from.</summary>
/// <param name="Domain">The institution's number, counted from 0.</param>
/// <param name="Input">Intensities in [−1, 1] on the autoencoder's grid.</param>
/// <param name="Lesions">Not 0 in lesions, on the same grid, or on that of <see cref="Native"/>; null where they are not known or not asked for.</param>
public sealed record HarmonizationSample(int Domain, Volume Input, LabelMap? Lesions = null)
{
    /// <summary>The scan at its own resolution, scaled as the input is: patches of it are drawn, each beside the whole input. Null for the input alone.</summary>
    public Volume? Native { get; init; }
}
