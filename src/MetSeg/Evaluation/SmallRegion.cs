namespace MetSeg.Evaluation;

/// <summary>Leaves cases out whose reference has few voxels of a region, as paper P5 does with enhancing tumor below 60 voxels.</summary>
/// <param name="Region">Name of the region, such as "ET".</param>
/// <param name="Voxels">Cases with fewer voxels of it are left out.</param>
public sealed record SmallRegion(string Region, int Voxels)
{
    /// <summary>What the name of a group says of it.</summary>
    internal string Suffix => $" ({Region} ≥ {Voxels} voxels)";

    /// <summary>Whether a case stays.</summary>
    internal bool Keeps(CaseEvaluation evaluated) =>
        evaluated.Regions.FirstOrDefault(region => region.Region.Equals(Region, StringComparison.OrdinalIgnoreCase)) is { } region
            ? region.ReferenceVoxels >= Voxels
            : throw new MetSegException(
                $"There is no region '{Region}' to leave small ones of out; there is {string.Join(", ", evaluated.Regions.Select(one => one.Region))}.");
}
