namespace MetSeg.App;

/// <summary>How many cases and patients a data set has.</summary>
/// <param name="Folder">The data set's folder.</param>
/// <param name="TrainingCases">Number of training cases.</param>
/// <param name="TestCases">Number of test cases.</param>
/// <param name="Patients">Number of patients.</param>
/// <param name="Institutions">The same for each institution.</param>
internal sealed record DatasetSummary(string Folder, int TrainingCases, int TestCases, int Patients, IReadOnlyList<InstitutionSummary> Institutions)
{
    /// <summary>The summary of a data set.</summary>
    public static DatasetSummary Of(Dataset dataset) => new(
        dataset.Folder,
        dataset.TrainingCases.Count,
        dataset.TestCases.Count,
        CountPatients(dataset.TrainingCases.Concat(dataset.TestCases)),
        [.. dataset.Institutions.Select(name => new InstitutionSummary(
            name,
            dataset.TrainingCases.Count(one => one.Institution == name),
            dataset.TestCases.Count(one => one.Institution == name),
            CountPatients(dataset.TrainingCases.Concat(dataset.TestCases).Where(one => one.Institution == name))))]);

    /// <summary>Writes it as a table.</summary>
    public void Write(TextWriter output) => TextTable.Write(
        output,
        ["institution", "training", "test", "patients"],
        Institutions.Append(new InstitutionSummary("all", TrainingCases, TestCases, Patients))
            .Select(one => new[] { one.Institution, $"{one.TrainingCases}", $"{one.TestCases}", $"{one.Patients}" }));

    private static int CountPatients(IEnumerable<Case> cases) => cases.Select(one => one.Patient).Distinct(StringComparer.Ordinal).Count();
}

/// <summary>How many cases and patients come from one institution.</summary>
/// <param name="Institution">Its name.</param>
/// <param name="TrainingCases">Number of training cases.</param>
/// <param name="TestCases">Number of test cases.</param>
/// <param name="Patients">Number of patients.</param>
internal sealed record InstitutionSummary(string Institution, int TrainingCases, int TestCases, int Patients);
