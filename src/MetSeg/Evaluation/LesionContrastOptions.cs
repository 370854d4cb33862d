namespace MetSeg.Evaluation;

/// <summary>What <see cref="LesionContrast"/> compares a lesion with.</summary>
public sealed record LesionContrastOptions
{
    /// <summary>
    /// How far the shell around a lesion reaches, in mm: the default is 3. Where voxels are so large that the gap would hold all of it, it reaches
    /// one voxel of the finest axis beyond the gap.
    /// </summary>
    public double ShellMm { get; init; } = 3;

    /// <summary>
    /// Voxels around every lesion that belong to no shell: partial volume and a contour drawn a little too tight are neither lesion nor
    /// surroundings. The default is 1.
    /// </summary>
    public int GapVoxels { get; init; } = 1;

    /// <summary>Neighbors through which voxels join to a lesion: 6, 18 or 26. The default is 26.</summary>
    public int Connectivity { get; init; } = 26;

    /// <summary>Everything that is wrong, one sentence a fault.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(ShellMm > 0 && double.IsFinite(ShellMm)))
        {
            yield return $"shellMm must be positive, not {ShellMm}.";
        }

        if (GapVoxels < 0)
        {
            yield return $"gapVoxels must be 0 or more, not {GapVoxels}.";
        }

        if (Connectivity is not (6 or 18 or 26))
        {
            yield return $"connectivity must be 6, 18 or 26, not {Connectivity}.";
        }
    }
}
