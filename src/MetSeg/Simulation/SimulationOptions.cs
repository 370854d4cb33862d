namespace MetSeg.Simulation;

/// <summary>What cohort to simulate.</summary>
public sealed record SimulationOptions
{
    /// <summary>Names of the institutions. The default is all four: stanford, ucsf, uclm, pkg.</summary>
    public IReadOnlyList<string> Institutions { get; init; } = Simulation.Institutions.OfFirstPaper;

    /// <summary>Scans per institution. About one patient in six has two. The default is 10.</summary>
    public int CasesPerInstitution { get; init; } = 10;

    /// <summary>
    /// Share of an institution's scans that are test cases, whole patients only; where it is above 0 and there are two patients, at least one of
    /// them is a test patient. The default is 0.2.
    /// </summary>
    public double TestShare { get; init; } = 0.2;

    /// <summary>Voxels from front to back, the longest side, which is 192 mm; so a voxel's side is 192 mm / size. The default is 128.</summary>
    public int Size { get; init; } = 128;

    /// <summary>Seed of everything that is drawn. The default is 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Whether to keep scalp and skull; otherwise everything outside the brain is 0. The default is false.</summary>
    public bool KeepSkull { get; init; }

    /// <summary>The images of each scan, one channel each. The default is contrast-enhanced T1 alone.</summary>
    public IReadOnlyList<ImageWeighting> Sequences { get; init; } = [ImageWeighting.T1CE];

    /// <summary>How the reference is labeled. The default is one label for all of a metastasis.</summary>
    public ReferenceLabels Labels { get; init; }

    /// <summary>On which voxels images are stored. The default is the same for all institutions, by <see cref="Size"/>.</summary>
    public ScanGrid Grid { get; init; }

    /// <summary>
    /// Samples per voxel along each axis, 1 to 4; 0, the default, for 2, but between 1 and 2 mm apart.
    /// </summary>
    public int Supersampling { get; init; }

    /// <summary>Whether scans show motion (ghosts) and gradient non-linearity (distortion). The default is false.</summary>
    public bool Artifacts { get; init; }

    /// <summary>Whether a second reader's contours are written beside the reference. The default is false.</summary>
    public bool SecondReader { get; init; }

    /// <summary>What is wrong with these options, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Institutions.Count == 0)
        {
            yield return $"institutions is empty. Known are {string.Join(", ", Institution.Known.Select(institution => institution.Name))}.";
        }

        foreach (var name in Institutions.Where(name => Institution.Known.All(institution => institution.Name != name)))
        {
            yield return Institution.UnknownMessage(name);
        }

        if (Institutions.Distinct().Count() < Institutions.Count)
        {
            yield return "institutions must not repeat a name.";
        }

        if (CasesPerInstitution is < 1 or > 9999)
        {
            yield return $"casesPerInstitution must be 1 to 9999, not {CasesPerInstitution}.";
        }

        if (TestShare is not (>= 0 and < 1))
        {
            yield return $"testShare must be at least 0 and less than 1, not {TestShare}.";
        }

        if (Sequences.Count == 0 || Sequences.Distinct().Count() < Sequences.Count)
        {
            yield return "sequences must name at least one image and none twice.";
        }

        if (Supersampling is < 0 or > 4)
        {
            yield return $"supersampling must be 1 to 4, or 0 for the usual, not {Supersampling}.";
        }

        if (Size is < 32 or > 256)
        {
            yield return $"size must be 32 to 256 voxels, not {Size}.";
        }
    }
}
