using MetSeg.Preprocessing;

namespace MetSeg.App;

/// <summary>What plans amount to.</summary>
/// <param name="Spacing">Voxel size x, y, z in mm of the preprocessed images.</param>
/// <param name="Patch">Voxels of a patch along x, y, z.</param>
/// <param name="BatchSize">Samples a training step.</param>
/// <param name="FeaturesPerStage">Features of each stage of the network, one entry a stage.</param>
/// <param name="Normalization">Intensity normalization of each channel.</param>
internal sealed record PlansSummary(
    IReadOnlyList<double> Spacing,
    IReadOnlyList<int> Patch,
    int BatchSize,
    IReadOnlyList<int> FeaturesPerStage,
    IReadOnlyList<Normalization> Normalization)
{
    /// <summary>The summary of plans.</summary>
    public static PlansSummary Of(Plans plans) =>
        new([.. plans.Spacing.Reverse()], plans.PatchExtent.ToArray(), plans.BatchSize, plans.FeaturesPerStage, plans.NormalizationSchemes);

    /// <summary>Writes it as text.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine($"spacing   {string.Join(" × ", Spacing.Select(length => length.ToString("0.####")))} mm");
        output.WriteLine($"patch     {string.Join(" × ", Patch)} voxels");
        output.WriteLine($"batch     {BatchSize}");
        output.WriteLine($"network   {FeaturesPerStage.Count} stages with {string.Join(", ", FeaturesPerStage)} features");
    }
}
