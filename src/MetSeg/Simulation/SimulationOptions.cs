namespace MetSeg.Simulation;

/// <summary>What cohort to simulate.</summary>
public sealed record SimulationOptions
{
    /// <summary>Names of the institutions. The default is all four: stanford, ucsf, uclm, pkg.</summary>
    public IReadOnlyList<string> Institutions { get; init; } = [.. Institution.Known.Select(institution => institution.Name)];

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

        if (Size is < 32 or > 256)
        {
            yield return $"size must be 32 to 256 voxels, not {Size}.";
        }
    }
}
